using System.Runtime.CompilerServices;
using Hypersphere.Kernels;
using Hypersphere.Kernels.Simd;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Benchmarks.Layout;

/// <summary>The rival's weight gradient: rows of dy are read as they lie, and x is turned to NHWC band by band, as both have their
/// pixels in the lanes.</summary>
internal readonly unsafe struct NchwWeightGradient<S, V> : IParallelBody
    where S : struct, ISimd<V>
    where V : struct
{
    private const int Taps = 9;
    private readonly ConvolutionShape _s;
    private readonly PhaseGeometry _g;
    private readonly float* _x, _dy, _partials;
    private readonly int _bandRows, _bands, _parts, _size;

    private NchwWeightGradient(in ConvolutionShape s, float* x, float* dy)
    {
        (_s, _g) = (s, PhaseGeometry.Forward(s));
        _x = x;
        _dy = dy;
        PixelBands bands = PixelBands.For(_g, s.InChannels);
        (_bandRows, _bands) = (bands.Rows, bands.PerImage);
        _size = s.OutChannels * Taps * s.InChannels;
        (_parts, _) = Blocking.Parts(s.Flops, _size, s.Batch * _bands, 1);
        _parts = Math.Max(_parts, Math.Min(2, s.Batch));
        _partials = Scratch.Floats(Scratch.Slot.ConvolutionPartial, (nint)(_parts + 1) * _size);
    }

    public static void Run(in ConvolutionShape s, float* x, float* dy, float* dw, WorkerPool pool)
    {
        NchwWeightGradient<S, V> body = new(s, x, dy);
        pool.Run(body._parts, ref body);
        float* sum = body._partials + ((nint)body._parts * body._size);
        PartialSums.Join(body._partials, body._parts, body._size, sum, accumulate: false, pool);
        for (int output = 0; output < s.OutChannels; output++)
        {
            nint at = (nint)output * Taps * s.InChannels;
            Packing.Transpose(sum + at, s.InChannels, s.InChannels, Taps, Taps, dw + at, Taps);
        }
    }

    public void Run(int chunk)
    {
        int total = _s.Batch * _bands, from = total * chunk / _parts, to = total * (chunk + 1) / _parts;
        for (int band = from; band < to; band++)
        {
            int row = band % _bands * _bandRows;
            Band(band / _bands, row, Math.Min(_bandRows, _s.Height - row), _partials + ((nint)chunk * _size), keep: band > from);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Band(int image, int row, int rows, float* target, bool keep)
    {
        int width = _s.Width, run = 3 * _s.InChannels, panel = Blocking.Columns<S, V>();
        nint plane = (nint)_s.Height * width, pitch = (nint)(width + 2) * _s.InChannels, step = (nint)Taps * _s.InChannels;
        float* window = Turn(image, row, rows);
        nint* offsets = stackalloc nint[2 * rows];
        for (int r = 0; r < rows; r++)
        {
            (offsets[r], offsets[rows + r]) = ((nint)r * width, r * pitch);
        }

        float** pointers = (float**)Scratch.Floats(Scratch.Slot.ConvolutionPixels, 2 * _s.OutChannels);
        for (int output = 0; output < _s.OutChannels; output++)
        {
            pointers[output] = _dy + ((((nint)image * _s.OutChannels) + output) * plane) + (row * width);
        }

        TileJob job = new() { BStep = _s.InChannels, AOffsets = offsets, BOffsets = offsets + rows, Segments = rows, Length = width };
        for (int ky = 0; ky < 3; ky++)
        {
            for (int j = 0; j < run; j += panel)
            {
                job.B = window + (ky * pitch) + j;
                for (int c = 0; c < _s.OutChannels; c += Blocking.Rows<S, V>())
                {
                    job.Rows = pointers + c;
                    float* to = target + (c * step) + (ky * run) + j;
                    Output output = keep ? new(to, step, to, step) : new(to, step);
                    int tile = Math.Min(Blocking.Rows<S, V>(), _s.OutChannels - c);
                    MacroKernel<S, V>.Tile(ref job, true, tile, Math.Min(panel, run - j), output);
                }
            }
        }
    }

    /// <summary>A band with its neighbours as [rows + 2][W + 2][Cin], zero outside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private float* Turn(int image, int row, int rows)
    {
        int width = _s.Width, channels = _s.InChannels;
        nint pitch = (nint)(width + 2) * channels, plane = (nint)_s.Height * width;
        float* window = Scratch.Floats(Scratch.Slot.ConvolutionBand, ((rows + 2) * pitch) + Blocking.MaxColumns);
        new Span<float>(window, (int)((rows + 2) * pitch)).Clear();
        for (int r = Math.Max(0, row - 1); r < Math.Min(_s.Height, row + rows + 1); r++)
        {
            float* source = _x + ((nint)image * channels * plane) + (r * width), target = window + ((r - row + 1) * pitch) + channels;
            Packing.Transpose(source, plane, width, channels, channels, target, channels);
        }

        return window;
    }
}
