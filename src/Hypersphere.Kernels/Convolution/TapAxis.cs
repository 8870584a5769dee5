namespace Hypersphere.Kernels;

/// <summary>One axis of a convolution: which source pixels the outputs see, through which taps of the kernel.</summary>
/// <remarks>Output o sees source pixels o·step + First + i·Spacing, i &lt; Taps, in ascending order, through tap FirstTap + i·TapStep.
/// A gradient of stride s falls apart into s phases of outputs o·s + r, each a convolution of stride 1 with every tap in one
/// phase.</remarks>
internal readonly record struct TapAxis(int Outputs, int Taps, int First, int Spacing, int FirstTap, int TapStep)
{
    /// <summary>Source pixels from the first to the last that <paramref name="outputs"/> neighbours see.</summary>
    public int Extent(int outputs, int step) => ((outputs - 1) * step) + ((Taps - 1) * Spacing) + 1;

    public static TapAxis Forward(int outputs, int kernel, int padding, int dilation) => new(outputs, kernel, -padding, dilation, 0, 1);

    /// <summary>The outputs phase + o·stride of the gradient with respect to an input axis of <paramref name="size"/> pixels.</summary>
    public static TapAxis Backward(int size, int kernel, int stride, int padding, int dilation, int phase)
    {
        int common = Divisor(stride, dilation), period = stride / common, outputs = (size - phase + stride - 1) / stride;
        for (int tap = 0; tap < Math.Min(period, kernel); tap++)
        {
            if ((phase + padding - (tap * dilation)) % stride == 0)
            {
                int taps = (kernel - tap + period - 1) / period, last = tap + ((taps - 1) * period);
                return new(outputs, taps, (phase + padding - (last * dilation)) / stride, dilation / common, last, -period);
            }
        }

        return new(outputs, 0, 0, 1, 0, 1);
    }

    private static int Divisor(int a, int b) => b == 0 ? a : Divisor(b, a % b);
}
