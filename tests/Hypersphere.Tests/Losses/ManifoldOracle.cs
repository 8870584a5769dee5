using Hypersphere.Losses.Pairs;
using View = Hypersphere.Oracles.Losses.BatchOracle.View;

namespace Hypersphere.Tests.Losses;

/// <summary>The manifold loss by plain elimination.</summary>
internal static class ManifoldOracle
{
    public static double Value(Manifold loss, View b)
    {
        int size = CertificateCase.Size, count = b.Parameter(0).Length / size;
        float[] meta = loss.Buffers().Single().Value.ToArray();
        int[] rows = [.. b.Known];
        double[][] x = [.. rows.Select(b.Row), .. b.Parameter(0).Chunk(size)];
        double[][] walk = Walk(x, loss.Alpha);
        double[][] proxies = walk[rows.Length..];
        return View.Mean(rows.Select((row, i) =>
        {
            int target = (int)meta[b.Labels[row]];
            double[] entries = walk[i][rows.Length..], contexts = [.. proxies.Select(p => Cosine(walk[i], p))];
            return Violation(entries, target, loss.Margin) + (loss.ContextWeight * Violation(contexts, target, loss.Margin));
        }));
    }

    private static double Violation(double[] scores, int target, double margin) => Math.Log(1 + scores
        .Where((_, k) => k != target).Select(s => s - scores[target] + margin).Where(t => t >= 0).Sum(Math.Exp));

    private static double[][] Walk(double[][] x, double alpha)
    {
        double[][] edges = [.. x.Select((a, i) => (double[])[.. x.Select((c, j) => i == j ? 0 : Math.Exp(2 * Math.Max(Cosine(a, c), 0)))])];
        double[] sums = [.. edges.Select(e => e.Sum())];
        return [.. Inverse([.. edges.Select((e, i) => (double[])[.. e.Select((v, j) => (i == j ? 1 : 0) - (alpha * v / Math.Sqrt(sums[i] * sums[j])))])])
            .Select(row => Array.ConvertAll(row, v => (1 - alpha) * v))];
    }

    /// <summary>Gauss and Jordan; the diagonal dominates enough to need no exchange of rows.</summary>
    private static double[][] Inverse(double[][] a)
    {
        int n = a.Length;
        double[][] both = [.. a.Select((row, i) => (double[])[.. row, .. Enumerable.Range(0, n).Select(j => i == j ? 1.0 : 0)])];
        for (int k = 0; k < n; k++)
        {
            double pivot = both[k][k];
            both[k] = Array.ConvertAll(both[k], v => v / pivot);
            for (int i = 0; i < n; i++)
            {
                double factor = both[i][k];
                both[i] = i == k ? both[i] : [.. both[i].Select((v, j) => v - (factor * both[k][j]))];
            }
        }

        return [.. both.Select(row => row[n..])];
    }

    private static double Cosine(double[] a, double[] b)
    {
        double dot = a.Zip(b, (u, v) => u * v).Sum(), norms = Math.Sqrt(a.Sum(u => u * u) * b.Sum(v => v * v));
        return norms <= 1e-24 ? 0 : dot / norms;
    }
}
