using Hypersphere.Kernels.Threading;
using Hypersphere.Oracles;

namespace Hypersphere.Kernels.Tests;

[Collection(WorkerPoolTests.Name)]
public unsafe class ReductionTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1023)]
    [InlineData(200_007)]
    public void Totals_keep_the_digits_of_double(int n)
    {
        Floats x = Floats.Random(1, n, 0.5f, 1.5f);
        double[] v = x.ToDouble();
        double max = v.Append(double.NegativeInfinity).Max();
        for (int threads = 1; threads <= 3; threads++)
        {
            WorkerPool.Configure(threads);
            Assert.Equal(v.Sum(), Reduction.Sum(n, x), 1e-6 * v.Sum());
            Assert.Equal(v.Sum(p => p * p), Reduction.SumOfSquares(n, x), 1e-6 * v.Sum());
            Assert.Equal((float)max, Reduction.Max(n, x));
        }

        WorkerPool.Configure(Environment.ProcessorCount);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void The_first_value_that_is_not_finite_is_found(float bad)
    {
        Floats x = Floats.Random(1, 100_000);
        x.Span[7] = float.MaxValue;
        x.Span[8] = float.MaxValue;
        Assert.Equal(-1, Reduction.FirstNonFinite(x.Length, x));
        foreach (int at in new[] { 99_999, 70_000, 69_999, 12, 0 })
        {
            x.Span[at] = bad;
            Assert.Equal(at, Reduction.FirstNonFinite(x.Length, x));
        }

        Assert.Equal(-1, Reduction.FirstNonFinite(0, x));
    }

    [Fact]
    public void The_largest_value_is_NaN_if_there_is_one()
    {
        Floats x = Floats.Random(1, 50_000);
        x.Span[40_000] = float.NaN;
        Assert.True(float.IsNaN(Reduction.Max(x.Length, x)));
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 1)]
    [InlineData(9, 70)]
    [InlineData(5000, 19)]
    public void Columns_are_summed(int rows, int columns)
    {
        Floats x = Floats.Random(1, rows * columns);
        double[] sums = [.. Enumerable.Range(0, columns).Select(c => Enumerable.Range(0, rows).Sum(r => (double)x.Span[(r * columns) + c]))];
        Everywhere.Check([sums, [.. sums.Select(v => v + 3)]], () =>
        {
            Floats plain = new(columns), added = new(columns);
            added.Span.Fill(3);
            Reduction.ColumnSum(rows, columns, x, plain, false);
            Reduction.ColumnSum(rows, columns, x, added, true);
            return [plain.Checked(), added.Checked()];
        }, 2e-4);
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(3, 1)]
    [InlineData(5, 7)]
    [InlineData(600, 130)]
    public void Rows_are_normalised_and_their_gradient_is_tangential(int rows, int columns)
    {
        Floats x = Floats.Random(1, rows * columns), dy = Floats.Random(2, rows * columns), old = Floats.Random(3, rows * columns);
        double[] y = NormalizationOracle.Rows(x.ToDouble(), rows, columns, 1e-12), dx = new double[y.Length];
        for (int r = 0; r < rows; r++)
        {
            double norm = 0, dot = 0;
            for (int i = r * columns; i < (r + 1) * columns; i++)
            {
                norm += x.Span[i] * (double)x.Span[i];
                dot += y[i] * dy.Span[i];
            }

            for (int i = r * columns; i < (r + 1) * columns; i++)
            {
                dx[i] = (dy.Span[i] - (y[i] * dot)) / Math.Sqrt(norm);
            }
        }

        Everywhere.Check([y, [.. dx.Select((v, i) => v + old.Span[i])]], () =>
        {
            Floats output = new(x.Length), norms = new(rows), sum = old.Copy();
            RowNormalize.Forward(rows, columns, x, 1e-12f, output, norms);
            RowNormalize.Backward(rows, columns, output, norms, 1e-12f, dy, sum, true);
            norms.Checked();
            return [output.Checked(), sum.Checked()];
        });
    }

    [Fact]
    public void Normalisation_gradient_matches_finite_differences_and_a_zero_row_passes_none()
    {
        Floats x = Floats.Random(1, 15), dy = Floats.Random(2, 15);
        x.Span[5..10].Clear();
        double[] expected = FiniteDifference.Gradient(
            v => FiniteDifference.Dot(NormalizationOracle.Rows(v, 3, 5, 1e-12), dy.ToDouble()), x.ToDouble());
        expected.AsSpan(5, 5).Clear();
        Everywhere.Check(expected, () =>
        {
            Floats y = new(15), norms = new(3), dx = new(15);
            RowNormalize.Forward(3, 5, x, 1e-12f, y, norms);
            RowNormalize.Backward(3, 5, y, norms, 1e-12f, dy, dx, false);
            Assert.All(y.Checked()[5..10], v => Assert.Equal(0, v));
            return dx.Checked();
        }, 1e-4);
    }
}
