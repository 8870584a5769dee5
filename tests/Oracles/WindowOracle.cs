namespace Hypersphere.Oracles;

/// <summary>Sizes of a sliding window over NHWC images.</summary>
public readonly record struct Window(int Batch, int Height, int Width, int Channels, int Kernel, int Stride, int Padding, int Dilation = 1)
{
    public int OutHeight => ((Height + (2 * Padding) - (Dilation * (Kernel - 1)) - 1) / Stride) + 1;

    public int OutWidth => ((Width + (2 * Padding) - (Dilation * (Kernel - 1)) - 1) / Stride) + 1;
}

/// <summary>Pooling and depthwise convolution, output by output. A gradient is the transpose of the same walk.</summary>
public static class WindowOracle
{
    /// <summary>Calls visit(output index, input index, tap · C + channel) for every tap inside its image.</summary>
    public static void Walk(Window s, Action<int, int, int> visit)
    {
        for (int o = 0; o < s.Batch * s.OutHeight * s.OutWidth * s.Channels; o++)
        {
            int c = o % s.Channels, ox = o / s.Channels % s.OutWidth, oy = o / s.Channels / s.OutWidth % s.OutHeight;
            int n = o / s.Channels / s.OutWidth / s.OutHeight;
            for (int tap = 0; tap < s.Kernel * s.Kernel; tap++)
            {
                int iy = (oy * s.Stride) - s.Padding + (tap / s.Kernel * s.Dilation);
                int ix = (ox * s.Stride) - s.Padding + (tap % s.Kernel * s.Dilation);
                if (iy >= 0 && iy < s.Height && ix >= 0 && ix < s.Width)
                {
                    visit(o, (((((n * s.Height) + iy) * s.Width) + ix) * s.Channels) + c, (tap * s.Channels) + c);
                }
            }
        }
    }

    public static double[] Depthwise(Window s, double[] x, double[] weights, double[]? bias)
    {
        double[] y = [.. Enumerable.Range(0, Outputs(s)).Select(o => bias?[o % s.Channels] ?? 0)];
        Walk(s, (o, i, w) => y[o] += x[i] * weights[w]);
        return y;
    }

    public static double[] Average(Window s, double[] x)
    {
        var y = new double[Outputs(s)];
        Walk(s, (o, i, _) => y[o] += x[i] / (s.Kernel * s.Kernel));
        return y;
    }

    public static (double[] Y, int[] Input) Max(Window s, double[] x)
    {
        double[] y = [.. Enumerable.Repeat(double.NegativeInfinity, Outputs(s))];
        var input = new int[y.Length];
        Walk(s, (o, i, _) => (y[o], input[o]) = x[i] > y[o] ? (x[i], i) : (y[o], input[o]));
        return (y, input);
    }

    private static int Outputs(Window s) => s.Batch * s.OutHeight * s.OutWidth * s.Channels;
}
