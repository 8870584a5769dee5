using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <summary>The weight gradient as a product over pixels: dw[co, tap, ci] = Σ dy[pixel, co]·x[pixel + tap, ci].</summary>
/// <remarks>Output channels are the rows of a register tile, neighbouring weights its columns, so dw is written as it lies. Bands of
/// pixels are cut by
/// shape into parts with a gradient of their own, which join in order; large kernels are cut by output channel too, and into fewer
/// parts.</remarks>
internal unsafe struct ConvolutionWeightGradient<S, V> : IParallelBody
    where S : struct, ISimd<V>
    where V : struct
{
    private readonly PhaseGeometry _g;
    private readonly PixelBands _bands;
    private readonly float* _x, _dy, _partials, _windows;
    private readonly bool _keep, _joined, _packs;
    private readonly int _pitch, _parts, _slices, _size, _tiles;
    private readonly nint _windowSize;
    private bool _preparing;

    private ConvolutionWeightGradient(in PhaseGeometry geometry, float* x, float* dy, float* dw, bool accumulate)
    {
        _g = geometry;
        _x = x;
        _dy = dy;
        _pitch = _g.SourceChannels * _g.Step % Blocking.PixelAliasing == 0 ? _g.SourceChannels + Blocking.RowPadding : _g.SourceChannels;
        _joined = _g.Groups == 1 && _g.Columns.Spacing == 1 && _pitch == _g.SourceChannels;
        _bands = PixelBands.For(_g, _pitch);
        _size = _g.Channels * _g.Taps * _g.Depth;
        _tiles = (_g.ChannelsPerGroup + Blocking.Rows<S, V>() - 1) / Blocking.Rows<S, V>();
        _packs = Blocking.PacksGradient<S, V>(_g);
        (_parts, _slices) = Blocking.Parts(_g.Flops, _size, _bands.Count, _g.Groups * _tiles);
        _keep = _parts == 1 && accumulate;
        _partials = _parts == 1 ? dw : Scratch.Floats(Scratch.Slot.ConvolutionPartial, (nint)_parts * _size);
        _windowSize = _bands.Images * PaddedBand.Size(_g, _bands.Rows, _pitch);
        bool shared = _slices > 1 && _windowSize * _bands.Count <= Blocking.SharedFloats;
        _windows = shared ? Scratch.Floats(Scratch.Slot.Convolution, (_windowSize * _bands.Count) + Blocking.MaxColumns) : null;
    }

    public static void Run(in PhaseGeometry g, float* x, float* dy, float* dw, bool accumulate, WorkerPool pool)
    {
        ConvolutionWeightGradient<S, V> body = new(g, x, dy, dw, accumulate);
        if (body._windows is not null)
        {
            body._preparing = true;
            pool.Run(body._bands.Count, ref body);
            body._preparing = false;
        }

        pool.Run(body._parts * body._slices, ref body);
        if (body._parts > 1)
        {
            PartialSums.Join(body._partials, body._parts, body._size, dw, accumulate, pool);
        }
    }

    public readonly void Run(int chunk)
    {
        if (_preparing)
        {
            Fill(chunk, _windows + (chunk * _windowSize));
            return;
        }

        int part = chunk / _slices, slice = chunk % _slices, tiles = _g.Groups * _tiles;
        int from = (int)((long)_bands.Count * part / _parts), to = (int)((long)_bands.Count * (part + 1) / _parts);
        bool keep = _keep;
        for (int band = from; band < to; band++, keep = true)
        {
            Band(band, tiles * slice / _slices, tiles * (slice + 1) / _slices, _partials + ((nint)part * _size), keep);
        }
    }

    private readonly void Fill(int band, float* target)
    {
        (int image, int images, int row, int rows) = _bands.At(band, _g);
        for (int i = 0; i < images; i++)
        {
            PaddedBand.Fill(_g, _x, image + i, row, rows, _pitch, target + (i * PaddedBand.Size(_g, rows, _pitch)));
        }
    }

    private readonly float* Window(int band)
    {
        if (_windows is not null)
        {
            return _windows + (band * _windowSize);
        }

        float* window = Scratch.Floats(Scratch.Slot.ConvolutionBand, _windowSize + Blocking.MaxColumns);
        Fill(band, window);
        return window;
    }

    /// <summary>Adds the pixels of a band to the tiles <paramref name="from"/> to <paramref name="to"/> of output channels, counted over
    /// the groups.</summary>
    private readonly void Band(int band, int from, int to, float* target, bool keep)
    {
        (int image, int images, int row, int rows) = _bands.At(band, _g);
        float* window = Window(band);
        int segments = images * rows, width = _g.Columns.Outputs, tile = Blocking.Rows<S, V>();
        nint rowPitch = PaddedBand.RowPitch(_g, _pitch), imagePitch = PaddedBand.Size(_g, rows, _pitch);
        int aStep = _packs ? tile : _g.Channels;
        nint* offsets = stackalloc nint[2 * segments];
        for (int i = 0; i < segments; i++)
        {
            offsets[i] = (nint)i * width * aStep;
            offsets[segments + i] = (i / rows * imagePitch) + (i % rows * _g.Step * rowPitch);
        }

        TileJob job = new()
        {
            AStep = aStep,
            B = window,
            BStep = (nint)_g.Step * _pitch,
            AOffsets = offsets,
            BOffsets = offsets + segments,
            Segments = segments,
            Length = width,
        };
        for (int group = from / _tiles; group * _tiles < to; group++)
        {
            int first = Math.Max(0, from - (group * _tiles)), last = Math.Min(_tiles, to - (group * _tiles));
            int channel = first * tile, channels = Math.Min(last * tile, _g.ChannelsPerGroup) - channel;
            job.A = _dy + (((((nint)image * _g.Rows.Outputs) + row) * width * _g.Channels) + (group * _g.ChannelsPerGroup) + channel);
            if (_packs)
            {
                float* packed = Scratch.Floats(Scratch.Slot.PackA, (nint)segments * width * (last - first) * tile);
                Packing.CopyTiles(job.A, _g.Channels, segments * width, channels, tile, packed);
                job.A = packed;
            }

            nint step = (nint)_g.Taps * _g.Depth, origin = ((group * _g.ChannelsPerGroup) + channel) * step;
            Output output = keep ? new(target + origin, step, target + origin, step) : new(target + origin, step);
            Group(job, group, channels, rowPitch, output);
        }
    }

    /// <summary>Runs of neighbouring weights: a kernel row, or the channels of one tap.</summary>
    private readonly void Group(TileJob job, int group, int channels, nint rowPitch, in Output output)
    {
        int length = _joined ? _g.Columns.Taps * _g.Depth : _g.Depth, perRow = _joined ? 1 : _g.Columns.Taps;
        int panel = Blocking.Columns<S, V>();
        float* window = job.B + (group * _g.Depth);
        for (int run = 0; run < _g.Rows.Taps * perRow; run++)
        {
            nint offset = (run / perRow * _g.Rows.Spacing * rowPitch) + (run % perRow * _g.Columns.Spacing * _pitch);
            for (int j = 0; j < length; j += panel)
            {
                job.B = window + offset + j;
                Panel(job, channels, Math.Min(panel, length - j), output.At(0, (run * length) + j));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Panel(TileJob job, int channels, int columns, in Output output)
    {
        int tile = Blocking.Rows<S, V>();
        nint tileStep = _packs ? (nint)job.Segments * job.Length * tile : tile;
        for (int c = 0; c < channels; c += tile, job.A += tileStep)
        {
            MacroKernel<S, V>.Tile(ref job, false, Math.Min(tile, channels - c), columns, output.At(c, 0));
        }
    }
}
