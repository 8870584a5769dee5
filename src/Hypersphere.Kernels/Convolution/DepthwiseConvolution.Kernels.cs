using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <content>All three walk over rows of outputs and the taps that lie inside the image. One chunk is some rows.</content>
public static unsafe partial class DepthwiseConvolution
{
    /// <summary>Numbers of a chunk: enough to be worth handing out.</summary>
    private const int ChunkSize = 1 << 14;

    /// <summary>Partial gradients of the weights, at most.</summary>
    private const int Partials = 64;

    /// <summary>The result as sums over x, or the gradient of x as sums over dy.</summary>
    private readonly struct SumKernel(TapWalk<TapSums> walk, float* weights, bool streams) : IKernel
    {
        public void Launch() => Simd.Launch.Run(Blocking.Pieces(walk.Rows, walk.RowsPerChunk), this);

        public void Run<S, V>(int chunk)
            where S : struct, ISimd<V>
            where V : struct => walk.Run<S, V>(chunk * walk.RowsPerChunk, Math.Min(walk.Rows, (chunk + 1) * walk.RowsPerChunk), weights, streams);
    }

    /// <summary>The gradient of the weights: each chunk has a partial sum of its own.</summary>
    private readonly struct WeightKernel(TapWalk<TapGradients> walk, float* partials, int size, int rowsPerChunk) : IKernel
    {
        public void Run<S, V>(int chunk)
            where S : struct, ISimd<V>
            where V : struct
        {
            float* partial = partials + ((nint)chunk * size);
            new Span<float>(partial, size).Clear();
            walk.Run<S, V>(chunk * rowsPerChunk, Math.Min(walk.Rows, (chunk + 1) * rowsPerChunk), partial);
        }
    }

    /// <summary>Rows of outputs and what they see of the source: of y and x, or <paramref name="backward"/> of dx and dy. At stride s the latter
    /// has s axes of outputs each way, see <see cref="TapAxis"/>.</summary>
    private readonly struct TapWalk<TWork>(ConvolutionShape s, bool backward, float* source, float* target, TWork work)
        where TWork : struct, ITapWork
    {
        public int Rows => s.Batch * Height;

        public int RowsPerChunk => Math.Max(1, ChunkSize / Math.Max(1, Width * s.InChannels));

        private int Height => backward ? s.Height : s.OutHeight;

        private int Width => backward ? s.Width : s.OutWidth;

        private int SourceHeight => backward ? s.OutHeight : s.Height;

        private int SourceWidth => backward ? s.OutWidth : s.Width;

        private int Phases => backward ? s.Stride : 1;

        private int Step => backward ? 1 : s.Stride;

        /// <summary>Whether results that nothing is added to are better stored past the caches. With several phases no row is written as a whole.</summary>
        public bool Streams => Phases == 1 && Streaming.Pays(target, (long)Rows * Width * s.InChannels, Width * s.InChannels);

        /// <param name="first">A row of outputs.</param>
        /// <param name="last">The one after the last.</param>
        /// <param name="weights">What belongs to the taps.</param>
        /// <param name="streams">A row is finished near, since eight pixels of it are written at a time, and then stored past the caches.</param>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<S, V>(int first, int last, float* weights, bool streams = false)
            where S : struct, ISimd<V>
            where V : struct
        {
            float* near = streams ? Scratch.Floats(Scratch.Slot.ConvolutionBand, (nint)Width * s.InChannels) : null;
            for (int phase = 0; phase < Phases; phase++)
            {
                TapAxis columns = Axis(Width, s.KernelWidth, phase);
                (int start, _) = Reachable(columns.First, Step, SourceWidth, columns.Outputs);
                (_, int end) = Reachable(columns.First + ((columns.Taps - 1) * columns.Spacing), Step, SourceWidth, columns.Outputs);
                start = Math.Min(start, columns.Outputs);
                end = Math.Max(start, end);
                for (int row = first; row < last; row++)
                {
                    (int image, int y) = Math.DivRem(row, Height);
                    float* line = target + ((((nint)row * Width) + phase) * s.InChannels);
                    Line<S, V>(image, Axis(Height, s.KernelHeight, y % Phases), y / Phases, columns, start, end, weights, streams ? near : line);
                    if (streams)
                    {
                        Streaming.Copy<S, V>(near, line, (nint)Width * s.InChannels);
                    }
                }
            }

            Streaming.Finish(streams);
        }

        private TapAxis Axis(int outputs, int kernel, int phase) => backward
            ? TapAxis.Backward(outputs, kernel, s.Stride, s.Padding, s.Dilation, phase)
            : TapAxis.Forward(outputs, kernel, s.Padding, s.Dilation);

        /// <summary>The outputs of one axis of columns in one row: those from start on, before end, whose taps are all inside the image, and those
        /// at its sides.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Line<S, V>(int image, in TapAxis rows, int y, in TapAxis columns, int start, int end, float* weights, float* line)
            where S : struct, ISimd<V>
            where V : struct
        {
            (int from, int to) = Inside(rows, y, SourceHeight);
            nint channels = s.InChannels, next = Step * channels, outNext = Phases * channels;
            nint top = ((nint)image * SourceHeight) + (y * Step) + rows.First + (from * rows.Spacing);
            float* origin = source + (((top * SourceWidth) + columns.First) * channels);
            TapWindow window = new()
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
            };
            for (int x = 0; x < columns.Outputs; x++)
            {
                x = x == start ? end : x;
                if (x < columns.Outputs)
                {
                    (from, to) = Inside(columns, x, SourceWidth);
                    work.Run<S, V>(window.Skip(from, to - from), origin + (x * next) + (from * window.SourceTap), line + (x * outNext), 1);
                }
            }

            int side = Blocking.SidePixels<S, V>(s.InChannels, Step, window.Rows, window.Taps);
            for (int x = start; x < end; x += side)
            {
                int count = Math.Min(side, end - x);
                Ahead.Ask(origin + (window.Rows * window.SourceRow) + (x * next), count * next);
                if (TWork.ReadsTarget)
                {
                    Ahead.Ask(line + (Width * channels) + (x * outNext), count * outNext);
                }

                work.Run<S, V>(window, origin + (x * next), line + (x * outNext), count);
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
