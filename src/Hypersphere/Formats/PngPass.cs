namespace Hypersphere.Formats;

/// <summary>A sub-image of a PNG: the whole, or one of the seven of Adam7.</summary>
internal readonly record struct PngPass(int Width, int Height, int X, int Y, int StepX, int StepY)
{
    private static ReadOnlySpan<byte> FirstX => [0, 4, 0, 2, 0, 1, 0];

    private static ReadOnlySpan<byte> FirstY => [0, 0, 4, 0, 2, 0, 1];

    private static ReadOnlySpan<byte> StepsX => [8, 8, 4, 4, 2, 2, 1];

    private static ReadOnlySpan<byte> StepsY => [8, 8, 8, 4, 4, 2, 2];

    /// <summary>The passes of an image that hold at least one pixel, in file order.</summary>
    public static IEnumerable<PngPass> Of(PngHeader header)
    {
        if (!header.Interlaced)
        {
            yield return new PngPass(header.Width, header.Height, 0, 0, 1, 1);
            yield break;
        }

        for (int i = 0; i < 7; i++)
        {
            (int x, int y, int stepX, int stepY) = (FirstX[i], FirstY[i], StepsX[i], StepsY[i]);
            int width = (header.Width - x + stepX - 1) / stepX, height = (header.Height - y + stepY - 1) / stepY;
            if (width > 0 && height > 0)
            {
                yield return new PngPass(width, height, x, y, stepX, stepY);
            }
        }
    }
}
