using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <summary>Copies a rectangle of an NHWC image that may reach over its edges, with zeros outside.</summary>
internal static unsafe class PaddedBand
{
    /// <summary>A copy of what a band of outputs sees, zeros outside the image, its pixels <paramref name="pitch"/> floats apart.</summary>
    /// <remarks>Vectors may read past its end; it lies in this thread's scratch memory.</remarks>
    public static float* Window(in PhaseGeometry g, float* source, int image, int row, int rows, int pitch, out nint rowPitch)
    {
        int top = (row * g.Step) + g.Rows.First, height = g.Rows.Extent(rows, g.Step);
        int left = g.Columns.First, width = g.Columns.Extent(g.Columns.Outputs, g.Step);
        rowPitch = (nint)width * pitch;
        float* copy = Scratch.Floats(Scratch.Slot.ConvolutionBand, (height * rowPitch) + Blocking.MaxColumns);
        float* origin = source + ((nint)image * g.SourceHeight * g.SourceWidth * g.SourceChannels);
        Fill(origin, g.SourceHeight, g.SourceWidth, g.SourceChannels, top, height, left, width, pitch, copy);
        return copy;
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
                Packing.Copy(source, channels, inside, channels, channels, null, target, pitch);
            }

            new Span<float>(target + (inside * pitch), right * pitch).Clear();
        }
    }
}
