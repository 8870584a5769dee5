using Hypersphere.Formats;

namespace Hypersphere.Conformance.Tests;

/// <summary>Embeddings [N,D] with labels [N] and, for a loss that has them, weights [C,D].</summary>
internal sealed record Sample(double[] X, double[] W, int[] Labels)
{
    public const int Size = 5;

    /// <summary>Six classes, the last without a row: three ordinary rows, one near its prototype, one far from it, one left out.</summary>
    public static Sample Proxies { get; } = MakeProxies();

    /// <summary>Classes of three, two and one rows; the embeddings have length 1, so that every distance orders them alike.</summary>
    public static Sample Pairs { get; } = new(Unit(Gaussian(6, "pairs")), [], [0, 1, 0, 2, 1, 0]);

    public Arrays Arrays()
    {
        Arrays arrays = new()
        {
            ["embeddings"] = NpyArray.Of(X, Labels.Length, Size), ["labels"] = NpyArray.Of(Array.ConvertAll(Labels, l => (long)l)),
        };
        if (W.Length > 0)
        {
            arrays["weights"] = NpyArray.Of(W, W.Length / Size, Size);
        }

        return arrays;
    }

    private static Sample MakeProxies()
    {
        double[] w = Gaussian(6, "weights"), x = Gaussian(6, "embeddings");
        for (int d = 0; d < Size; d++)
        {
            x[(3 * Size) + d] = (float)(w[d] + (0.05 * (d + 1)));
            x[(4 * Size) + d] = (float)((0.1 * d) - w[Size + d]);
        }

        return new(x, w, [2, 3, 4, 0, 1, -1]);
    }

    private static double[] Gaussian(int rows, string purpose)
    {
        Rng random = new Rng(1).Fork(purpose);
        return [.. Enumerable.Range(0, rows * Size).Select(_ => (double)(float)random.NextGaussian())];
    }

    private static double[] Unit(double[] rows) =>
        [.. rows.Chunk(Size).SelectMany(row => row.Select(v => (double)(float)(v / Math.Sqrt(row.Sum(u => u * u)))))];
}
