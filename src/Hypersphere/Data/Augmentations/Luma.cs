namespace Hypersphere.Data;

/// <summary>0.299 R + 0.587 G + 0.114 B.</summary>
internal static class Luma
{
    public static int Of(ReadOnlySpan<byte> rgb) => ((299 * rgb[0]) + (587 * rgb[1]) + (114 * rgb[2]) + 500) / 1000;

    /// <summary>Mean over an image.</summary>
    public static double Mean(ReadOnlySpan<byte> pixels, int channels)
    {
        long sum = 0;
        for (int i = 0; i < pixels.Length; i += channels)
        {
            sum += channels == 1 ? pixels[i] : Of(pixels.Slice(i, 3));
        }

        return (double)sum / (pixels.Length / channels);
    }
}
