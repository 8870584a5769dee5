using Hypersphere.Evaluation;

namespace Hypersphere.Cli.Benchmarks;

/// <summary>Measures that look at every pair of a set.</summary>
internal static class EvaluationBench
{
    /// <summary>Precision@1, R-precision and MAP@R of every sample among the others.</summary>
    /// <param name="count">N.</param>
    /// <param name="dimension">D.</param>
    /// <param name="classes">C, of as many samples each.</param>
    public static BenchCase Retrieval(int count, int dimension, int classes) =>
        Case("retrieval", count, dimension, classes, 2.0, set => Evaluation.Retrieval.Evaluate(set));

    /// <summary>ROC and angles of all pairs.</summary>
    /// <inheritdoc cref="Retrieval" path="/param"/>
    public static BenchCase AllPairs(int count, int dimension, int classes) =>
        Case("all-pairs", count, dimension, classes, 1.0, set => Evaluation.AllPairs.Measure(set));

    private static BenchCase Case(string name, int count, int dimension, int classes, double operations, Action<EmbeddingSet> measure) => new(
        name, $"{count}x{dimension}/{classes}", operations * count * count * dimension, count, () =>
        {
            EmbeddingSet set = Clusters(count, dimension, classes);
            return new BenchBody(() => measure(set), () => { });
        });

    /// <summary>As far from its class's centre as from 0, in random directions.</summary>
    private static EmbeddingSet Clusters(int count, int dimension, int classes)
    {
        Rng random = new(0);
        float[] centers = [.. Enumerable.Range(0, classes * dimension).Select(_ => random.Uniform(-1, 1))];
        int[] labels = [.. Enumerable.Range(0, count).Select(i => i % classes)];
        float[] values = new float[checked(count * dimension)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = centers[(labels[i / dimension] * dimension) + (i % dimension)] + random.Uniform(-1, 1);
        }

        return new EmbeddingSet(values, dimension, labels);
    }
}
