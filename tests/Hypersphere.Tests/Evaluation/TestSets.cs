using Hypersphere.Evaluation;

namespace Hypersphere.Tests.Evaluation;

internal static class TestSets
{
    /// <summary>Gaussian clusters, so that classes overlap partly; class sizes differ and some classes have one sample.</summary>
    public static EmbeddingSet Clusters(int count, int size, int classes, ulong seed, double spread = 0.7)
    {
        Rng rng = new Rng(seed).Fork("clusters");
        float[] centres = Gaussians(classes * size, ref rng, 1);
        float[] values = Gaussians(count * size, ref rng, spread);
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            labels[i] = Math.Min(rng.NextInt(classes), rng.NextInt(classes));
            for (int d = 0; d < size; d++)
            {
                values[(i * size) + d] += centres[(labels[i] * size) + d];
            }
        }

        return new EmbeddingSet(values, size, labels);
    }

    public static (double[] Scores, bool[] Same) Pairs(int count, ulong seed, int levels = 0)
    {
        Rng rng = new Rng(seed).Fork("scores");
        double[] scores = new double[count];
        bool[] same = new bool[count];
        for (int i = 0; i < count; i++)
        {
            same[i] = rng.NextInt(2) == 0;
            double score = Math.Tanh((rng.NextGaussian() + (same[i] ? 0.8 : -0.8)) / 2);
            scores[i] = levels == 0 ? score : Math.Round(score * levels) / levels;
        }

        return (scores, same);
    }

    private static float[] Gaussians(int count, ref Rng rng, double spread)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = (float)(spread * rng.NextGaussian());
        }

        return values;
    }
}
