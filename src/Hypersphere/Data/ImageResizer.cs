using Hypersphere.Formats;

namespace Hypersphere.Data;

/// <summary>Brings images to another size: rows first, then columns, with weights in double precision and one rounding at the
/// end.</summary>
public static class ImageResizer
{
    /// <summary>Resizes.</summary>
    /// <param name="image">The image.</param>
    /// <param name="height">New number of rows, at least 1.</param>
    /// <param name="width">New number of columns, at least 1.</param>
    /// <param name="method">How.</param>
    /// <returns>The image itself when it has that size already.</returns>
    public static RasterImage Resize(RasterImage image, int height, int width, Resampling method)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (image.Height == height && image.Width == width)
        {
            return image;
        }

        Tap[] across = Taps(image.Width, width, method), down = Taps(image.Height, height, method);
        float[] narrow = Across(image, across, width);
        int row = width * image.Channels;
        byte[] pixels = new byte[height * row];
        double[] sums = new double[row];
        foreach (IGrouping<int, Tap> taps in down.GroupBy(t => t.Target))
        {
            Array.Clear(sums);
            foreach (Tap tap in taps)
            {
                ReadOnlySpan<float> source = narrow.AsSpan(tap.Source * row, row);
                for (int i = 0; i < row; i++)
                {
                    sums[i] += tap.Weight * source[i];
                }
            }

            for (int i = 0; i < row; i++)
            {
                pixels[(taps.Key * row) + i] = (byte)Math.Clamp(Math.Floor(sums[i] + 0.5), 0, 255);
            }
        }

        return new RasterImage(height, width, image.Channels, pixels);
    }

    private static float[] Across(RasterImage image, Tap[] taps, int width)
    {
        int channels = image.Channels;
        float[] result = new float[image.Height * width * channels];
        for (int y = 0; y < image.Height; y++)
        {
            ReadOnlySpan<byte> source = image.Pixels.AsSpan(y * image.Width * channels, image.Width * channels);
            Span<float> target = result.AsSpan(y * width * channels, width * channels);
            foreach (Tap tap in taps)
            {
                for (int c = 0; c < channels; c++)
                {
                    target[(tap.Target * channels) + c] += (float)(tap.Weight * source[(tap.Source * channels) + c]);
                }
            }
        }

        return result;
    }

    /// <summary>Which old pixels make a new one, in order of the new ones; the weights of each sum to 1.</summary>
    private static Tap[] Taps(int from, int to, Resampling method)
    {
        List<Tap> taps = [];
        double scale = (double)from / to;
        for (int target = 0; target < to; target++)
        {
            if (method == Resampling.Bilinear)
            {
                double at = Math.Clamp(((target + 0.5) * scale) - 0.5, 0, from - 1);
                int left = (int)at;
                taps.Add(new Tap(target, left, 1 - (at - left)));
                taps.Add(new Tap(target, Math.Min(left + 1, from - 1), at - left));
                continue;
            }

            double begin = target * scale, end = (target + 1) * scale;
            for (int source = (int)begin; source < Math.Min(end, from); source++)
            {
                taps.Add(new Tap(target, source, (Math.Min(end, source + 1) - Math.Max(begin, source)) / scale));
            }
        }

        return [.. taps];
    }

    private readonly record struct Tap(int Target, int Source, double Weight);
}
