using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <summary>The weight gradient of a convolution on few channels, such as the first one of a network: the patches of a band are written
/// out.</summary>
/// <remarks>The weights of a patch are the rows of a register tile and output channels its columns, read from dy as they lie: whole vectors
/// however few channels the input has.</remarks>
internal readonly unsafe struct PatchWeightGradient<S, V> : IParallelBody
    where S : struct, ISimd<V>
    where V : struct
{
    private readonly PhaseGeometry _g;
    private readonly PixelBands _bands;
    private readonly float* _x, _dy, _partials;
    private readonly bool _keep;
    private readonly int _parts, _size, _patch;

    private PatchWeightGradient(in PhaseGeometry geometry, float* x, float* dy, float* dw, bool accumulate)
    {
        _g = geometry;
        _x = x;
        _dy = dy;
        _patch = _g.Taps * _g.Depth;
        _bands = PixelBands.For(_g, Math.Max(_g.SourceChannels, _patch * _g.Groups / _g.Step));
        _size = _g.Channels * _patch;
        (_parts, _) = Blocking.Parts(_g.Flops, _size, _bands.Count, 1);
        _keep = _parts == 1 && accumulate;
        _partials = _parts == 1 ? dw : Scratch.Floats(Scratch.Slot.ConvolutionPartial, (nint)_parts * _size);
    }

    /// <summary>Whether neighbouring weights are fewer than a vector, and output channels whole vectors.</summary>
    public static bool Suits(in PhaseGeometry g) => g.Taps > 1 && Patches.Run(g) < S.Lanes && g.ChannelsPerGroup % S.Lanes == 0;

    public static void Run(in PhaseGeometry g, float* x, float* dy, float* dw, bool accumulate, WorkerPool pool)
    {
        PatchWeightGradient<S, V> body = new(g, x, dy, dw, accumulate);
        pool.Run(body._parts, ref body);
        if (body._parts > 1)
        {
            PartialSums.Join(body._partials, body._parts, body._size, dw, accumulate, pool);
        }
    }

    public void Run(int chunk)
    {
        int from = (int)((long)_bands.Count * chunk / _parts), to = (int)((long)_bands.Count * (chunk + 1) / _parts);
        float* target = _partials + ((nint)chunk * _size);
        bool keep = _keep;
        for (int band = from; band < to; band++, keep = true)
        {
            (int image, int images, int row, int rows) = _bands.At(band, _g);
            int pixels = images * rows * _g.Columns.Outputs;
            for (int group = 0; group < _g.Groups; group++)
            {
                float* patches = Patches.Write(_g, _x, image, images, row, rows, group);
                int channel = group * _g.ChannelsPerGroup;
                float* dy = _dy + (((((nint)image * _g.Rows.Outputs) + row) * _g.Columns.Outputs * _g.Channels) + channel);
                float* c = target + ((nint)channel * _patch);
                Multiply(patches, pixels, dy, keep ? new(c, _patch, c, _patch, isTransposed: true) : new(c, _patch, isTransposed: true));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(float* patches, int pixels, float* dy, in Output output)
    {
        int panel = Blocking.Columns<S, V>(), tile = Blocking.Rows<S, V>();
        nint zero = 0;
        for (int j = 0; j < _g.ChannelsPerGroup; j += panel)
        {
            TileJob job = new()
            {
                A = patches,
                AStep = _patch,
                B = dy + j,
                BStep = _g.Channels,
                AOffsets = &zero,
                BOffsets = &zero,
                Segments = 1,
                Length = pixels,
            };
            for (int r = 0; r < _patch; r += tile, job.A += tile)
            {
                int columns = Math.Min(panel, _g.ChannelsPerGroup - j);
                MacroKernel<S, V>.Tile(ref job, false, Math.Min(tile, _patch - r), columns, output.At(r, j));
            }
        }
    }
}
