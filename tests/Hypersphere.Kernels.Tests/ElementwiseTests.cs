using System.Runtime.CompilerServices;

namespace Hypersphere.Kernels.Tests;

[Collection(WorkerPoolTests.Name)]
public unsafe class ElementwiseTests
{
    public static TheoryData<int> Sizes => [0, 1, 5, 16, 33, 70_001];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Arithmetic_is_done_element_by_element(int n)
    {
        Floats a = Floats.Random(1, n), b = Floats.Random(2, n), old = Floats.Random(3, n);
        double[] p = a.ToDouble(), q = b.ToDouble(), o = old.ToDouble();
        Check(n, i => p[i] + q[i], y => Elementwise.Add(n, a, b, y));
        Check(n, i => p[i] - q[i], y => Elementwise.Subtract(n, a, b, y));
        Check(n, i => p[i] * q[i], y => Elementwise.Multiply(n, a, b, y));
        Check(n, i => p[i] * 1.5, y => Elementwise.Scale(n, 1.5f, a, y));
        Check(n, i => (p[i] * 1.5) + 2, y => Elementwise.Affine(n, 1.5f, 2, a, y));
        Check(n, i => p[i], y => Elementwise.Copy(n, a, y));
        Check(n, _ => 7, y => Elementwise.Fill(n, 7, y));
        Check(n, i => o[i] + p[i], y => Elementwise.Accumulate(n, a, y), old);
        Check(n, i => o[i] - (0.5 * p[i]), y => Elementwise.Axpy(n, -0.5f, a, y), old);
        Check(n, i => o[i] + (p[i] * q[i]), y => Elementwise.MultiplyAccumulate(n, a, b, y), old);
        Check(n, i => Math.Max(0, p[i]), y => Relu.Forward(n, a, y));
        Check(n, i => p[i] > 0 ? q[i] : 0, y => Relu.Backward(n, a, b, y, false));
        Check(n, i => o[i] + (p[i] > 0 ? q[i] : 0), y => Relu.Backward(n, a, b, y, true), old);
    }

    [Fact]
    public void A_row_is_added_to_every_row()
    {
        Floats x = Floats.Random(1, 7 * 19), bias = Floats.Random(2, 19);
        Check(x.Length, i => x.Span[i] + (double)bias.Span[i % 19], y => Elementwise.AddRow(7, 19, x, bias, y));
    }

    [Fact]
    public void A_NaN_passes_through_relu()
    {
        Floats x = Floats.Random(1, 40), y = new(40);
        x.Span[3] = x.Span[39] = float.NaN;
        Relu.Forward(40, x, y);
        Assert.True(float.IsNaN(y.Span[3]) && float.IsNaN(y.Span[39]));
    }

    [Theory]
    [InlineData(0, 3, 1)]
    [InlineData(3, 1, 1)]
    [InlineData(5, 19, 1)]
    [InlineData(5, 19, 19)]
    [InlineData(1300, 67, 67)]
    [InlineData(1300, 67, 1)]
    public void PRelu_and_its_gradients_follow_the_sign(int rows, int channels, int slopes)
    {
        int n = rows * channels;
        Floats x = Floats.Random(1, n), dy = Floats.Random(2, n), slope = Floats.Random(3, slopes), old = Floats.Random(4, n);
        double[] dslope = new double[slopes], dx = new double[n], y = new double[n];
        for (int i = 0; i < n; i++)
        {
            int s = slopes == 1 ? 0 : i % channels;
            bool positive = x.Span[i] > 0;
            y[i] = positive ? x.Span[i] : x.Span[i] * (double)slope.Span[s];
            dx[i] = positive ? dy.Span[i] : dy.Span[i] * (double)slope.Span[s];
            dslope[s] += positive ? 0 : x.Span[i] * (double)dy.Span[i];
        }

        Everywhere.Check([y, dx, dslope, [.. dx.Select((v, i) => v + old.Span[i])], [.. dslope.Select(v => v + 1)]], () =>
        {
            Floats output = new(n), input = new(n), parameter = new(slopes), input2 = old.Copy(), parameter2 = new(slopes);
            parameter2.Span.Fill(1);
            PRelu.Forward(rows, channels, x, slope, slopes, output);
            PRelu.Backward(rows, channels, x, dy, slope, slopes, input, false, parameter, false);
            PRelu.Backward(rows, channels, x, dy, slope, slopes, input2, true, parameter2, true);
            return [output.Checked(), input.Checked(), parameter.Checked(), input2.Checked(), parameter2.Checked()];
        }, 2e-5);
    }

    [Theory]
    [InlineData(0.1f)]
    [InlineData(0.75f)]
    [InlineData(1)]
    public void Dropout_keeps_its_share_and_repeats_by_key(float keep)
    {
        const int N = 50_001;
        Floats x = Floats.Random(1, N, 1, 2), y = new(N), again = new(N), other = new(N), sum = x.Copy();
        Dropout.Apply(N, x, y, keep, 42);
        Dropout.Apply(N, x, sum, keep, 42, accumulate: true);
        Dropout.Apply(N, x, other, keep, 43);
        Everywhere.Check([.. y.ToDouble()], () =>
        {
            Dropout.Apply(N, x, again, keep, 42);
            return again.Checked();
        }, 0);
        int kept = y.Checked().Count(v => v != 0);
        Assert.InRange(kept / (double)N, keep - 0.01, keep + 0.01);
        Assert.All(Enumerable.Range(0, N), i => Assert.True(y.Span[i] == 0 || y.Span[i] == x.Span[i] * (1 / keep)));
        Assert.All(Enumerable.Range(0, N), i => Assert.Equal(x.Span[i] + y.Span[i], sum.Span[i]));
        Assert.Equal(keep < 1, !y.Span.SequenceEqual(other.Span));
        Assert.InRange(Enumerable.Range(1, N - 1).Count(i => y.Span[i] == 0 != (y.Span[i - 1] == 0)) / (double)N,
            (2 * keep * (1 - keep)) - 0.01, (2 * keep * (1 - keep)) + 0.01);
    }

    private delegate void Kernel(float* y);

    private static void Check(int n, Func<int, double> expected, Kernel kernel, Floats? old = null, [CallerMemberName] string test = "") =>
        Everywhere.Check([.. Enumerable.Range(0, n).Select(expected)], () =>
        {
            Floats y = old?.Copy() ?? new Floats(n);
            kernel(y);
            return y.Checked();
        }, 1e-5, test);
}
