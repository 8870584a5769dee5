using Hypersphere.Evaluation;

namespace Hypersphere.Cli.Benchmarks;

/// <summary>Exact search for the nearest of many embeddings.</summary>
internal static class SearchBench
{
    /// <summary>Random queries in a random gallery.</summary>
    /// <param name="queries">Q.</param>
    /// <param name="count">G.</param>
    /// <param name="dimension">D.</param>
    /// <param name="top">How many for each query.</param>
    /// <param name="precision">How the gallery is looked through.</param>
    public static BenchCase Case(int queries, int count, int dimension, int top, IndexPrecision precision) => new(
        $"search-top{top}{(precision == IndexPrecision.Int8 ? "-int8" : "")}", $"{queries}x{count}x{dimension}", 2.0 * queries * count * dimension, queries, () =>
        {
            EmbeddingIndex index = new(Random(count, dimension, 1), precision);
            EmbeddingSet asked = Random(queries, dimension, 2);
            return new BenchBody(() => index.Find(asked, top), () => { });
        });

    private static EmbeddingSet Random(int count, int dimension, ulong seed)
    {
        Rng random = new(seed);
        float[] values = new float[checked(count * dimension)];
        foreach (ref float value in values.AsSpan())
        {
            value = random.Uniform(-1, 1);
        }

        return new EmbeddingSet(values, dimension, new int[count]);
    }
}
