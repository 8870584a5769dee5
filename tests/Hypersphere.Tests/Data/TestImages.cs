using Hypersphere;
using Hypersphere.Data;
using Hypersphere.Formats;

namespace Data;

/// <summary>Images that tests make themselves, and where real ones may lie.</summary>
internal static class TestImages
{
    /// <summary>A folder of real images beside the checkout, or null.</summary>
    public static string? Shared(string name)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "shared", "data", name);
            if (Directory.Exists(path))
            {
                return path;
            }
        }

        return null;
    }

    public static RasterImage Random(int height, int width, int channels, ulong seed = 1)
    {
        Rng rng = new(seed);
        byte[] pixels = new byte[height * width * channels];
        foreach (ref byte pixel in pixels.AsSpan())
        {
            pixel = (byte)rng.NextInt(256);
        }

        return new RasterImage(height, width, channels, pixels);
    }

    /// <summary>Image i is filled with the byte i and has label i mod classes.</summary>
    public static MemoryImages Numbered(int count, int classes, int height = 2, int width = 3, int channels = 1)
    {
        int size = height * width * channels;
        byte[] pixels = new byte[count * size];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            pixels.AsSpan(i * size, size).Fill((byte)i);
            labels[i] = i % classes;
        }

        string[] names = [.. Enumerable.Range(0, classes).Select(c => $"c{c}")];
        return new MemoryImages("numbered", new(height, width, channels), pixels, labels, names);
    }
}
