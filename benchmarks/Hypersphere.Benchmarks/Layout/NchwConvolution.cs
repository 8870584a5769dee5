using System.Runtime.CompilerServices;
using Hypersphere.Kernels;
using Hypersphere.Kernels.Simd;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Benchmarks.Layout;

/// <summary>The rival in the decision on the layout: 3×3 convolutions of stride 1 and padding 1 on NCHW, pixels in the lanes of a
/// vector.</summary>
/// <remarks>A band of rows is copied three times, each copy shifted by one column and exactly W wide, so that a tap sees neighbouring
/// pixels side by
/// side, over the ends of rows too, and the patch matrix is read without being written. Weights are the rows of the register tile. The same
/// micro-kernel computes both layouts. x [N,Cin,H,W], w [Cout,Cin,3,3], y [N,Cout,H,W].</remarks>
internal unsafe struct NchwConvolution<S, V> : IParallelBody
    where S : struct, ISimd<V>
    where V : struct
{
    private const int Taps = 9;
    private readonly ConvolutionShape _s;
    private readonly float* _source, _packed, _target;
    private readonly int _bandRows, _bands, _inputs, _outputs;

    private NchwConvolution(in ConvolutionShape s, int inputs, int outputs, float* source, float* packed, float* target)
    {
        (_s, _inputs, _outputs) = (s, inputs, outputs);
        _source = source;
        _packed = packed;
        _target = target;
        int fitting = Math.Clamp((Blocking.BandFloats / (3 * inputs * s.Width)) - 2, 1, s.Height);
        _bands = (s.Height + fitting - 1) / fitting;
        _bandRows = (s.Height + _bands - 1) / _bands;
    }

    private static int Tile => Blocking.Rows<S, V>();

    public static void Forward(in ConvolutionShape s, float* x, float* w, float* y, WorkerPool pool)
    {
        float* packed = Pack(s.OutChannels, s.InChannels, w, Taps * s.InChannels, Taps, 0, 1);
        NchwConvolution<S, V> body = new(s, s.InChannels, s.OutChannels, x, packed, y);
        pool.Run(s.Batch * body._bands, ref body);
    }

    public static void BackwardInput(in ConvolutionShape s, float* dy, float* w, float* dx, WorkerPool pool)
    {
        float* packed = Pack(s.InChannels, s.OutChannels, w, Taps, Taps * s.InChannels, Taps - 1, -1);
        NchwConvolution<S, V> body = new(s, s.OutChannels, s.InChannels, dy, packed, dx);
        pool.Run(s.Batch * body._bands, ref body);
    }

    public readonly void Run(int chunk)
    {
        int image = chunk / _bands, row = chunk % _bands * _bandRows, rows = Math.Min(_bandRows, _s.Height - row);
        int pixels = rows * _s.Width, panel = Blocking.Columns<S, V>(), plane = (rows + 2) * _s.Width;
        float* copies = Copies(image, row, rows);
        nint* offsets = stackalloc nint[2 * Taps];
        for (int tap = 0; tap < Taps; tap++)
        {
            offsets[tap] = (nint)tap * _inputs * Tile;
            offsets[Taps + tap] = ((nint)(tap % 3) * _inputs * plane) + (tap / 3 * _s.Width);
        }

        TileJob job = new()
        {
            AStep = Tile,
            BStep = plane,
            AOffsets = offsets,
            BOffsets = offsets + Taps,
            Segments = Taps,
            Length = _inputs,
        };
        nint step = (nint)_s.Height * _s.Width;
        for (int p = 0; p < pixels; p += panel)
        {
            job.B = copies + p;
            Output output = new(_target + ((nint)image * _outputs * step) + (row * _s.Width) + p, step);
            Column(ref job, Math.Min(panel, pixels - p), output);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Column(ref TileJob job, int columns, in Output output)
    {
        for (int c = 0; c < _outputs; c += Tile)
        {
            job.A = _packed + ((nint)c * Taps * _inputs);
            MacroKernel<S, V>.Tile(ref job, false, Math.Min(Tile, _outputs - c), columns, output.At(c, 0));
        }
    }

    /// <summary>[column shift][channel][rows + 2][W]: element (r, c) of a copy is the pixel (row + r − 1, c + shift − 1), or zero
    /// outside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly float* Copies(int image, int row, int rows)
    {
        int width = _s.Width, plane = (rows + 2) * width;
        float* copies = Scratch.Floats(Scratch.Slot.ConvolutionBand, (3 * (nint)_inputs * plane) + Blocking.MaxColumns), target = copies;
        for (int shift = 0; shift < 3; shift++)
        {
            int first = shift == 0 ? 1 : 0, last = shift == 2 ? width - 1 : width;
            for (int channel = 0; channel < _inputs; channel++)
            {
                float* source = _source + ((((nint)image * _inputs) + channel) * _s.Height * width);
                for (int r = row - 1; r <= row + rows; r++, target += width)
                {
                    if (r < 0 || r >= _s.Height)
                    {
                        new Span<float>(target, width).Clear();
                        continue;
                    }

                    ReadOnlySpan<float> inside = new(source + (r * width) + first + shift - 1, last - first);
                    inside.CopyTo(new Span<float>(target + first, last - first));
                    target[0] = shift == 0 ? 0 : target[0];
                    target[width - 1] = shift == 2 ? 0 : target[width - 1];
                }
            }
        }

        return copies;
    }

    /// <summary>[tile][tap][input][row of the tile], from w[output·outStep + input·inStep + first ± tap].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float* Pack(int outputs, int inputs, float* w, int outStep, int inStep, int first, int tapStep)
    {
        int tiles = (outputs + Tile - 1) / Tile;
        float* packed = Scratch.Floats(Scratch.Slot.Convolution, (nint)tiles * Tile * Taps * inputs), target = packed;
        for (int tile = 0; tile < tiles; tile++)
        {
            for (int tap = 0; tap < Taps; tap++)
            {
                for (int input = 0; input < inputs; input++)
                {
                    for (int r = 0; r < Tile; r++)
                    {
                        int output = Math.Min((tile * Tile) + r, outputs - 1);
                        *target++ = w[((nint)output * outStep) + ((nint)input * inStep) + first + (tap * tapStep)];
                    }
                }
            }
        }

        return packed;
    }
}
