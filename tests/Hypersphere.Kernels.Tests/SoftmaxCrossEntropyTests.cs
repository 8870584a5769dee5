using Hypersphere.Oracles;

namespace Hypersphere.Kernels.Tests;

[Collection(WorkerPoolTests.Name)]
public unsafe class SoftmaxCrossEntropyTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 2, 5)]
    [InlineData(7, 10, 30)]
    [InlineData(5, 17, 500)]
    [InlineData(70, 1003, 4)]
    public void Loss_probabilities_and_gradient_match_double_precision(int rows, int classes, float range)
    {
        Floats z = Floats.Random(1, rows * classes, -range, range), weights = Floats.Random(2, rows, 0.1f, 1), old = Floats.Random(3, z.Length);
        Ints labels = new([.. Enumerable.Range(0, rows).Select(i => i == 2 ? -1 : i * 7 % classes)]);
        double[] losses = Losses(z.ToDouble(), labels.Values, classes), p = Probabilities(z.ToDouble(), classes);
        double[] dz = [.. p.Select((v, i) => Gradient(p, labels.Values, classes, i) * weights.Span[i / classes])];
        Everywhere.Check([losses, p, dz, [.. dz.Select((v, i) => v + old.Span[i])]], () =>
        {
            Floats loss = new(rows), probabilities = new(z.Length), d = new(z.Length), sum = old.Copy();
            SoftmaxCrossEntropy.Forward(rows, classes, z, labels, loss, probabilities);
            SoftmaxCrossEntropy.Backward(rows, classes, probabilities, labels, weights, d, false);
            SoftmaxCrossEntropy.Backward(rows, classes, probabilities, labels, weights, sum, true);
            return [loss.Checked(), probabilities.Checked(), d.Checked(), sum.Checked()];
        }, 1e-4);
    }

    [Fact]
    public void Gradient_matches_finite_differences()
    {
        Floats z = Floats.Random(1, 4 * 6, -2, 2), weights = new(1, 2, 3, 0.5f);
        Ints labels = new(5, 0, -1, 3);
        double[] expected = FiniteDifference.Gradient(v => FiniteDifference.Dot(Losses(v, labels.Values, 6), weights.ToDouble()), z.ToDouble());
        Everywhere.Check(expected, () =>
        {
            Floats loss = new(4), p = z.Copy();
            SoftmaxCrossEntropy.Forward(4, 6, p, labels, loss, p);
            SoftmaxCrossEntropy.Backward(4, 6, p, labels, weights, p, false);
            return p.Checked();
        });
    }

    [Fact]
    public void Digits_survive_near_convergence()
    {
        Floats z = Floats.Random(1, 5 * 40);
        for (int r = 0; r < 5; r++)
        {
            z.Span[(r * 40) + r] += 20;
        }

        Ints labels = new(0, 1, 2, 3, 4);
        double[] losses = Losses(z.ToDouble(), labels.Values, 40), p = Probabilities(z.ToDouble(), 40);
        Assert.All(losses, v => Assert.InRange(v, 1e-9, 1e-6));
        double[] dz = [.. p.Select((_, i) => Gradient(p, labels.Values, 40, i))];
        Everywhere.Check([losses, dz], () =>
        {
            Floats loss = new(5), d = new(z.Length), weights = new(1, 1, 1, 1, 1);
            SoftmaxCrossEntropy.Forward(5, 40, z, labels, loss, d);
            SoftmaxCrossEntropy.Backward(5, 40, d, labels, weights, d, false);
            return [loss.Checked(), d.Checked()];
        }, 1e-5);
    }

    [Fact]
    public void A_NaN_logit_gives_a_NaN_loss()
    {
        Floats z = Floats.Random(1, 40), p = new(40), loss = new(2);
        z.Span[33] = float.NaN;
        SoftmaxCrossEntropy.Forward(2, 20, z, new Ints(0, 0), loss, p);
        Assert.True(float.IsFinite(loss.Span[0]) && float.IsNaN(loss.Span[1]));
    }

    private static double[] Losses(double[] z, int[] labels, int classes) =>
        [.. labels.Select((label, r) =>
        {
            double[] row = z[(r * classes)..((r + 1) * classes)];
            double others = label < 0 ? 0 : row.Where((_, j) => j != label).Sum(v => Math.Exp(v - row.Max()));
            double ratio = label < 0 ? 0 : others / Math.Exp(row[label] - row.Max());
            return label < 0 ? 0 : ratio < 1e-4 ? ratio - (ratio * ratio / 2)
                : double.IsFinite(ratio) ? Math.Log(1 + ratio) : row.Max() - row[label] + Math.Log(others);
        })];

    private static double[] Probabilities(double[] z, int classes) =>
        [.. z.Select((v, i) =>
        {
            double[] row = z[(i / classes * classes)..((i / classes * classes) + classes)];
            return Math.Exp(v - row.Max()) / row.Sum(u => Math.Exp(u - row.Max()));
        })];

    private static double Gradient(double[] p, int[] labels, int classes, int i)
    {
        int label = labels[i / classes], first = i / classes * classes;
        return label < 0 ? 0 : i % classes != label ? p[i]
            : -Enumerable.Range(first, classes).Where(j => j != i).Sum(j => p[j]);
    }
}
