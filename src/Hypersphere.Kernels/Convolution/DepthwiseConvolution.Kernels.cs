using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;

namespace Hypersphere.Kernels;

/// <content>The weighted sum over taps, of x for the result and of dy for the gradient of x. One chunk is some rows of what is computed.</content>
public static unsafe partial class DepthwiseConvolution
{
    /// <summary>Numbers of a chunk: enough to be worth handing out.</summary>
    private const int ChunkSize = 1 << 14;

    /// <summary>Rows of some axis' outputs as a sum of source pixels; at stride s the gradient has s such axes, see <see cref="TapAxis"/>.</summary>
    private readonly struct SumKernel(
        ConvolutionShape s, bool backward, float* source, float* weights, float* target, SumEnds ends) : IKernel
    {
        private int Height => backward ? s.Height : s.OutHeight;

        private int Width => backward ? s.Width : s.OutWidth;

        private int SourceHeight => backward ? s.OutHeight : s.Height;

        private int SourceWidth => backward ? s.OutWidth : s.Width;

        private int Phases => backward ? s.Stride : 1;

        private int Step => backward ? 1 : s.Stride;

        private int RowsPerChunk => Math.Max(1, ChunkSize / Math.Max(1, Width * s.InChannels));

        public void Launch() => Simd.Launch.Run(((s.Batch * Height) + RowsPerChunk - 1) / RowsPerChunk, this);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<S, V>(int chunk)
            where S : struct, ISimd<V>
            where V : struct
        {
            int last = Math.Min(s.Batch * Height, (chunk + 1) * RowsPerChunk);
            for (int phase = 0; phase < Phases; phase++)
            {
                TapAxis columns = Axis(Width, s.KernelWidth, phase);
                (int start, _) = Reachable(columns.First, Step, SourceWidth, columns.Outputs);
                (_, int end) = Reachable(columns.First + ((columns.Taps - 1) * columns.Spacing), Step, SourceWidth, columns.Outputs);
                (start, end) = (Math.Min(start, columns.Outputs), Math.Max(start, end));
                for (int row = chunk * RowsPerChunk; row < last; row++)
                {
                    (int image, int y) = Math.DivRem(row, Height);
                    float* line = target + ((((nint)row * Width) + phase) * s.InChannels);
                    Line<S, V>(image, Axis(Height, s.KernelHeight, y % Phases), y / Phases, columns, start, end, line);
                }
            }
        }

        private TapAxis Axis(int outputs, int kernel, int phase) => backward
            ? TapAxis.Backward(outputs, kernel, s.Stride, s.Padding, s.Dilation, phase)
            : TapAxis.Forward(outputs, kernel, s.Padding, s.Dilation);

        /// <summary>The outputs of one axis of columns in one row: those from start on, before end, whose taps are all inside the image, and those
        /// at its sides.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Line<S, V>(int image, in TapAxis rows, int y, in TapAxis columns, int start, int end, float* line)
            where S : struct, ISimd<V>
            where V : struct
        {
            (int from, int to) = Inside(rows, y, SourceHeight);
            nint channels = s.InChannels, next = Step * channels, outNext = Phases * channels;
            nint top = ((nint)image * SourceHeight) + (y * Step) + rows.First + (from * rows.Spacing);
            float* origin = source + (((top * SourceWidth) + columns.First) * channels);
            TapSums sums = new()
            {
                Weights = weights + ((((rows.FirstTap + (from * rows.TapStep)) * s.KernelWidth) + columns.FirstTap) * channels),
                Channels = s.InChannels,
                Rows = to - from,
                Taps = columns.Taps,
                SourceRow = rows.Spacing * SourceWidth * channels,
                WeightRow = rows.TapStep * s.KernelWidth * channels,
                SourceTap = columns.Spacing * channels,
                WeightTap = columns.TapStep * channels,
                Next = next,
                OutNext = outNext,
                Ends = ends,
            };
            for (int x = 0; x < columns.Outputs; x++)
            {
                x = x == start ? end : x;
                if (x < columns.Outputs)
                {
                    (from, to) = Inside(columns, x, SourceWidth);
                    sums.Skip(from, to - from).Run<S, V>(origin + (x * next) + (from * sums.SourceTap), line + (x * outNext), 1);
                }
            }

            int side = Blocking.SidePixels<S, V>(s.InChannels, Step, sums.Rows, sums.Taps);
            for (int x = start; x < end; x += side)
            {
                sums.Run<S, V>(origin + (x * next), line + (x * outNext), Math.Min(side, end - x));
            }
        }

        /// <summary>The taps of output o that lie inside a source axis of <paramref name="size"/> pixels: first, and one past the last.</summary>
        private (int From, int To) Inside(in TapAxis axis, int o, int size)
        {
            int at = (o * Step) + axis.First, from = at >= 0 ? 0 : (axis.Spacing - 1 - at) / axis.Spacing;
            int to = at >= size ? 0 : Math.Min(axis.Taps, ((size - 1 - at) / axis.Spacing) + 1);
            return (Math.Min(from, to), to);
        }
    }
}
