namespace Hypersphere.Kernels;

/// <summary>Copies a rectangle of an NHWC image that may reach over its edges, with zeros outside.</summary>
internal static unsafe class PaddedBand
{
    /// <summary>Floats from row to row of the copy of a band.</summary>
    public static nint RowPitch(in PhaseGeometry g, int pitch) => (nint)g.Columns.Extent(g.Columns.Outputs, g.Step) * pitch;

    /// <summary>Floats of the copy of a band of <paramref name="rows"/> output rows.</summary>
    public static nint Size(in PhaseGeometry g, int rows, int pitch) => g.Rows.Extent(rows, g.Step) * RowPitch(g, pitch);

    /// <summary>Copies what a band of output rows sees, zeros outside the image, its pixels <paramref name="pitch"/> floats
    /// apart.</summary>
    public static void Fill(in PhaseGeometry g, float* source, int image, int row, int rows, int pitch, float* dst)
    {
        int top = (row * g.Step) + g.Rows.First, height = g.Rows.Extent(rows, g.Step), width = g.Columns.Extent(g.Columns.Outputs, g.Step);
        float* origin = source + ((nint)image * g.SourceHeight * g.SourceWidth * g.SourceChannels);
        Fill(origin, g.SourceHeight, g.SourceWidth, g.SourceChannels, top, height, g.Columns.First, width, pitch, dst);
    }

    /// <summary>dst[r·columns + c][0…channels) = image[row + r, column + c], pixels <paramref name="pitch"/> floats apart.</summary>
    private static void Fill(
        float* image, int height, int width, int channels, int row, int rows, int column, int columns, int pitch, float* dst)
    {
        int left = Math.Clamp(-column, 0, columns), right = Math.Clamp(column + columns - width, 0, columns - left);
        for (int r = row; r < row + rows; r++, dst += (nint)columns * pitch)
        {
            if (r < 0 || r >= height)
            {
                new Span<float>(dst, columns * pitch).Clear();
                continue;
            }

            int inside = columns - left - right;
            new Span<float>(dst, left * pitch).Clear();
            float* source = image + ((((nint)r * width) + column + left) * channels), target = dst + (left * pitch);
            if (pitch == channels)
            {
                new ReadOnlySpan<float>(source, inside * channels).CopyTo(new Span<float>(target, inside * channels));
            }
            else
            {
                Packing.Copy(source, channels, inside, channels, channels, target, pitch);
            }

            new Span<float>(target + (inside * pitch), right * pitch).Clear();
        }
    }
}
