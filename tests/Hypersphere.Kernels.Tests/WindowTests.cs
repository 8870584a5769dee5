using FsCheck;
using FsCheck.Fluent;
using Hypersphere.Oracles;

namespace Hypersphere.Kernels.Tests;

/// <summary>Pooling and depthwise convolution: everything that slides a window.</summary>
[Collection(WorkerPoolTests.Name)]
public unsafe class WindowTests
{
    public static TheoryData<int, int, int, int, int, int, int> PoolShapes => new()
    {
        { 1, 1, 1, 1, 1, 1, 0 }, { 2, 4, 4, 3, 2, 2, 0 }, { 1, 5, 7, 19, 3, 2, 1 }, { 3, 6, 5, 16, 3, 1, 1 },
        { 0, 4, 4, 3, 2, 2, 0 }, { 2, 9, 8, 40, 2, 3, 1 }, { 1, 7, 7, 33, 7, 1, 0 },
    };

    [Theory]
    [MemberData(nameof(PoolShapes))]
    public void Max_pooling_takes_the_largest_and_sends_its_gradient_back(int n, int h, int w, int c, int kernel, int stride, int padding)
    {
        PoolShape shape = new(n, h, w, c, kernel, stride, padding);
        Window window = new(n, h, w, c, kernel, stride, padding);
        Floats x = Floats.Random(1, n * h * w * c), old = Floats.Random(2, x.Length);
        (double[] y, int[] input) = WindowOracle.Max(window, x.ToDouble());
        Floats dy = Floats.Random(3, y.Length);
        double[] dx = new double[x.Length];
        for (int o = 0; o < input.Length; o++)
        {
            dx[input[o]] += dy.Span[o];
        }

        Everywhere.Check([y, dx, [.. dx.Select((v, i) => v + old.Span[i])], y], () =>
        {
            Floats output = new(y.Length), d = Floats.Random(9, x.Length), sum = old.Copy(), inference = new(y.Length);
            Ints argmax = new(new int[y.Length]);
            MaxPool.Forward(shape, x, output, argmax);
            MaxPool.Forward(shape, x, inference, null);
            MaxPool.Backward(shape, dy, argmax, d, false);
            MaxPool.Backward(shape, dy, argmax, sum, true);
            return [output.Checked(), d.Checked(), sum.Checked(), inference.Checked()];
        });
    }

    [Theory]
    [MemberData(nameof(PoolShapes))]
    public void Average_pooling_counts_the_padding(int n, int h, int w, int c, int kernel, int stride, int padding)
    {
        PoolShape shape = new(n, h, w, c, kernel, stride, padding);
        Window window = new(n, h, w, c, kernel, stride, padding);
        Floats x = Floats.Random(1, n * h * w * c), old = Floats.Random(2, x.Length);
        double[] y = WindowOracle.Average(window, x.ToDouble()), dx = new double[x.Length];
        Floats dy = Floats.Random(3, y.Length);
        WindowOracle.Walk(window, (o, i, _) => dx[i] += dy.Span[o] / (double)(kernel * kernel));
        Everywhere.Check([y, dx, [.. dx.Select((v, i) => v + old.Span[i])]], () =>
        {
            Floats output = new(y.Length), d = new(x.Length), sum = old.Copy();
            AveragePool.Forward(shape, x, output);
            AveragePool.Backward(shape, dy, d, false);
            AveragePool.Backward(shape, dy, sum, true);
            return [output.Checked(), d.Checked(), sum.Checked()];
        });
    }

    [Theory]
    [InlineData(0, 4, 3)]
    [InlineData(1, 1, 1)]
    [InlineData(3, 49, 37)]
    [InlineData(2, 8, 16)]
    public void Global_pooling_is_the_mean_of_the_pixels(int batch, int pixels, int channels)
    {
        Floats x = Floats.Random(1, batch * pixels * channels), old = Floats.Random(2, x.Length), dy = Floats.Random(3, batch * channels);
        double[] y = new double[dy.Length], dx = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            int o = (i / channels / pixels * channels) + (i % channels);
            y[o] += x.Span[i] / (double)pixels;
            dx[i] = dy.Span[o] / (double)pixels;
        }

        Everywhere.Check([y, dx, [.. dx.Select((v, i) => v + old.Span[i])]], () =>
        {
            Floats output = new(y.Length), d = new(x.Length), sum = old.Copy();
            GlobalAveragePool.Forward(batch, pixels, channels, x, output);
            GlobalAveragePool.Backward(batch, pixels, channels, dy, d, false);
            GlobalAveragePool.Backward(batch, pixels, channels, dy, sum, true);
            return [output.Checked(), d.Checked(), sum.Checked()];
        });
    }

    [Theory]
    [InlineData(1, 1, 1, 1, 1, 1, 0, 1)]
    [InlineData(2, 5, 6, 3, 3, 1, 1, 1)]
    [InlineData(1, 9, 8, 19, 3, 2, 1, 1)]
    [InlineData(2, 7, 7, 40, 7, 1, 0, 1)]
    [InlineData(1, 12, 11, 16, 3, 1, 2, 2)]
    [InlineData(3, 14, 13, 33, 3, 3, 2, 1)]
    [InlineData(0, 4, 4, 8, 3, 1, 1, 1)]
    [InlineData(2, 40, 40, 17, 5, 1, 2, 1)]
    [InlineData(2, 11, 10, 35, 3, 1, 1, 1)]
    [InlineData(1, 19, 21, 20, 3, 2, 1, 1)]
    [InlineData(2, 12, 13, 5, 4, 3, 1, 2)]
    [InlineData(1, 6, 9, 21, 2, 4, 0, 1)]
    [InlineData(3, 21, 1, 8, 5, 1, 2, 1)]
    [InlineData(2, 2, 3, 9, 7, 1, 3, 1)]
    public void Depthwise_convolution_and_its_gradients_match_the_walk(
        int n, int h, int w, int c, int kernel, int stride, int padding, int dilation)
    {
        ConvolutionShape shape = new(n, h, w, c, c, kernel, kernel, stride, padding, dilation, c);
        Window window = new(n, h, w, c, kernel, stride, padding, dilation);
        Floats x = Floats.Random(1, n * h * w * c), filter = Floats.Random(2, kernel * kernel * c), bias = Floats.Random(3, c), slopes = Floats.Random(7, c);
        double[] p = x.ToDouble(), q = filter.ToDouble(), y = WindowOracle.Depthwise(window, p, q, bias.ToDouble());
        Floats dy = Floats.Random(4, y.Length), oldX = Floats.Random(5, x.Length), oldW = Floats.Random(6, filter.Length);
        double[] dx = new double[p.Length], dw = new double[q.Length];
        WindowOracle.Walk(window, (o, i, t) =>
        {
            dx[i] += dy.Span[o] * q[t];
            dw[t] += dy.Span[o] * p[i];
        });
        double[] sumX = [.. dx.Select((v, i) => v + oldX.Span[i])], sumW = [.. dw.Select((v, i) => v + oldW.Span[i])];
        double[] rectified = [.. y.Select((v, i) => v > 0 ? v : v * slopes.Span[i % c])];
        Everywhere.Check([y, rectified, dx, dw, sumX, sumW], () =>
        {
            Floats output = new(y.Length), output2 = new(y.Length), inputs = new(x.Length), weights = new(filter.Length), x2 = oldX.Copy(), w2 = oldW.Copy();
            DepthwiseConvolution.Forward(shape, x, filter, bias, output);
            DepthwiseConvolution.Forward(shape, x, filter, bias, output2, slopes);
            DepthwiseConvolution.BackwardInput(shape, dy, filter, inputs, false);
            DepthwiseConvolution.BackwardInput(shape, dy, filter, x2, true);
            DepthwiseConvolution.BackwardWeight(shape, x, dy, weights, false);
            DepthwiseConvolution.BackwardWeight(shape, x, dy, w2, true);
            return [output.Checked(), output2.Checked(), inputs.Checked(), weights.Checked(), x2.Checked(), w2.Checked()];
        }, 2e-4);
    }

    /// <summary>Images narrower than the kernel among them.</summary>
    [Fact]
    public void Depthwise_convolutions_of_random_shapes_match_the_walk()
    {
        var shapes =
            from batch in Gen.Choose(1, 2)
            from side in Gen.Two(Gen.Choose(1, 12))
            from channels in Gen.Elements(1, 4, 8, 19)
            from kernel in Gen.Choose(1, 7)
            from stride in Gen.Choose(1, 3)
            from padding in Gen.Choose(0, 4)
            from dilation in Gen.Choose(1, 2)
            let reach = ((kernel - 1) * dilation) + 1 - (2 * padding)
            where reach <= Math.Min(side.Item1, side.Item2)
            select (batch, side, channels, kernel, stride, padding, dilation);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), Prop.ForAll(shapes.ToArbitrary(), s =>
            Depthwise_convolution_and_its_gradients_match_the_walk(
                s.batch, s.side.Item1, s.side.Item2, s.channels, s.kernel, s.stride, s.padding, s.dilation)));
    }

    [Theory]
    [InlineData(3, 1, 1)]
    [InlineData(3, 2, 1)]
    [InlineData(2, 2, 0)]
    [InlineData(2, 1, 0)]
    [InlineData(1, 1, 0)]
    public void Any_number_of_depthwise_outputs_lie_side_by_side(int kernel, int stride, int padding)
    {
        for (int width = kernel; width <= 20; width++)
        {
            Depthwise_convolution_and_its_gradients_match_the_walk(1, 4, width, 17, kernel, stride, padding, 1);
        }
    }

    [Fact]
    public void A_NaN_in_the_window_is_the_maximum()
    {
        Floats x = Floats.Random(1, 4 * 4 * 20), y = new(2 * 2 * 20);
        x.Span[25] = float.NaN;
        MaxPool.Forward(new PoolShape(1, 4, 4, 20, 2, 2, 0), x, y, null);
        Assert.True(float.IsNaN(y.Span[5]));
        Assert.Single(y.Checked(), float.IsNaN);
    }
}
