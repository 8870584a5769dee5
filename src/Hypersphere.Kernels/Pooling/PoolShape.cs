namespace Hypersphere.Kernels;

/// <summary>Shape of a pooling over images [Batch, Height, Width, Channels] with a square window.</summary>
/// <param name="Batch">Images.</param>
/// <param name="Height">Rows of an input image.</param>
/// <param name="Width">Columns of an input image.</param>
/// <param name="Channels">Channels, contiguous.</param>
/// <param name="Kernel">Side of the window.</param>
/// <param name="Stride">Step of the window in both directions.</param>
/// <param name="Padding">Pixels around the image, 0 ≤ 2·Padding ≤ Kernel.</param>
public readonly record struct PoolShape(int Batch, int Height, int Width, int Channels, int Kernel, int Stride, int Padding)
{
    /// <summary>Rows of an output image.</summary>
    public int OutHeight => ((Height + (2 * Padding) - Kernel) / Stride) + 1;

    /// <summary>Columns of an output image.</summary>
    public int OutWidth => ((Width + (2 * Padding) - Kernel) / Stride) + 1;

    /// <summary>Input pixels that output row or column <paramref name="index"/> sees: first, and one past the last.</summary>
    internal (int Start, int End) Window(int index, int extent)
    {
        int start = (index * Stride) - Padding;
        return (Math.Max(0, start), Math.Min(extent, start + Kernel));
    }
}
