using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <summary>The weight gradient as a product over pixels: dw[co, tap, ci] = Σ dy[pixel, co]·x[pixel + tap, ci].</summary>
/// <remarks>Output channels are the rows of a register tile, neighbouring weights its columns, so dw is written as it lies. Pixels are cut by shape
/// into parts with a gradient of their own, which join in order; large kernels are cut by output channel too, and into fewer parts.
/// Where neighbouring weights are fewer than a vector, the patches of a band are written out.</remarks>
internal unsafe struct ConvolutionWeightGradient<S, V> : IParallelBody
    where S : struct, ISimd<V>
    where V : struct
{
    private readonly PhaseGeometry _g;
    private readonly float* _x, _dy, _dw, _partials;
    private readonly bool _accumulate, _patches, _joined;
    private readonly int _bandRows, _bands, _pitch, _parts, _slices, _size, _tiles;
    private bool _joining;

    public ConvolutionWeightGradient(in PhaseGeometry geometry, float* x, float* dy, float* dw, bool accumulate)
    {
        (_g, _accumulate) = (geometry, accumulate);
        _x = x;
        _dy = dy;
        _dw = dw;
        _pitch = _g.SourceChannels * _g.Step % Blocking.PixelAliasing == 0 ? _g.SourceChannels + Blocking.RowPadding : _g.SourceChannels;
        _joined = _g.Groups == 1 && _g.Columns.Spacing == 1 && _pitch == _g.SourceChannels;
        _patches = (_joined ? _g.Columns.Taps * _g.Depth : _g.Depth) < S.Lanes && _g.Taps > 1;
        (_bandRows, _) = Blocking.Bands(_g, _pitch);
        _bands = (_g.Rows.Outputs + _bandRows - 1) / _bandRows;
        _size = _g.Channels * _g.Taps * _g.Depth;
        _tiles = (_g.ChannelsPerGroup + Blocking.Rows<S, V>() - 1) / Blocking.Rows<S, V>();
        int wanted = (int)Math.Clamp(_g.Flops / Blocking.ParallelFlops, 1, Blocking.Chunks);
        _parts = Math.Clamp(Math.Min(wanted, Blocking.PartialFloats / _size), 1, Math.Max(1, _g.Batch * _bands));
        _slices = Math.Min((wanted + _parts - 1) / _parts, _g.Groups * _tiles);
        _partials = _parts == 1 ? dw : Scratch.Floats(Scratch.Slot.ConvolutionPartial, (nint)_parts * _size);
    }

    private readonly int JoinChunk => Math.Max(4096, (_size + Blocking.Chunks - 1) / Blocking.Chunks);

    public void Run(WorkerPool pool)
    {
        if ((long)_g.Batch * _g.Rows.Outputs * _g.Columns.Outputs == 0)
        {
            new Span<float>(_dw, _accumulate ? 0 : _size).Clear();
            return;
        }

        pool.Run(_parts * _slices, ref this);
        if (_parts > 1)
        {
            _joining = true;
            pool.Run((_size + JoinChunk - 1) / JoinChunk, ref this);
        }
    }

    public readonly void Run(int chunk)
    {
        if (_joining)
        {
            Join(chunk * JoinChunk, Math.Min(JoinChunk, _size - (chunk * JoinChunk)));
            return;
        }

        int part = chunk / _slices, slice = chunk % _slices, total = _g.Batch * _bands, rows = _g.Groups * _tiles;
        int from = (int)((long)total * part / _parts), to = (int)((long)total * (part + 1) / _parts);
        bool keep = _parts == 1 && _accumulate;
        for (int band = from; band < to; band++, keep = true)
        {
            float* target = _partials + ((nint)part * _size);
            Band(band / _bands, band % _bands * _bandRows, rows * slice / _slices, rows * (slice + 1) / _slices, target, keep);
        }
    }

    private readonly void Join(int from, int count)
    {
        Span<float> sum = new(_dw + from, count);
        for (int part = 0; part < _parts; part++)
        {
            ReadOnlySpan<float> partial = new(_partials + ((nint)part * _size) + from, count);
            if (part == 0 && !_accumulate)
            {
                partial.CopyTo(sum);
            }
            else
            {
                TensorPrimitives.Add(sum, partial, sum);
            }
        }
    }

    /// <summary>Adds the pixels of a band to the tiles of rows <paramref name="from"/> to <paramref name="to"/>, counted over the groups.</summary>
    private readonly void Band(int image, int row, int from, int to, float* target, bool keep)
    {
        int rows = Math.Min(_bandRows, _g.Rows.Outputs - row);
        float* band = PaddedBand.Window(_g, _x, image, row, rows, _pitch, out nint rowPitch);
        nint* offsets = stackalloc nint[2 * rows];
        TileJob job = new()
        {
            A = _dy + ((((nint)image * _g.Rows.Outputs) + row) * _g.Columns.Outputs * _g.Channels), AStep = _g.Channels,
            B = band, BStep = (nint)_g.Step * _pitch, AOffsets = offsets, BOffsets = offsets + rows, Segments = rows, Length = _g.Columns.Outputs,
        };
        nint outRow = _g.Step * rowPitch;
        for (int group = from / _tiles; group * _tiles < to; group++)
        {
            if (_patches)
            {
                job.B = Patches(band + (group * _g.Depth), rows, rowPitch, out nint pitch);
                (job.BStep, outRow) = (pitch, pitch * _g.Columns.Outputs);
            }

            for (int y = 0; y < rows; y++)
            {
                job.AOffsets[y] = (nint)y * _g.Columns.Outputs * _g.Channels;
                job.BOffsets[y] = y * outRow;
            }

            Group(ref job, group, Math.Max(0, from - (group * _tiles)), Math.Min(_tiles, to - (group * _tiles)), rowPitch, target, keep);
        }
    }

    /// <summary>Runs of neighbouring weights: all of them, a kernel row, or the channels of one tap.</summary>
    private readonly void Group(ref TileJob job, int group, int from, int to, nint rowPitch, float* target, bool keep)
    {
        int length = _patches ? _g.Taps * _g.Depth : _joined ? _g.Columns.Taps * _g.Depth : _g.Depth, runs = _g.Taps * _g.Depth / length;
        int perRow = Math.Max(1, runs / _g.Rows.Taps), panel = Blocking.Columns<S, V>();
        float* window = job.B;
        for (int run = 0; run < runs; run++)
        {
            nint offset = _patches ? 0 : (run / perRow * _g.Rows.Spacing * rowPitch) + (run % perRow * _g.Columns.Spacing * _pitch) + (group * _g.Depth);
            for (int j = 0; j < length; j += panel)
            {
                job.B = window + offset + j;
                Panel(ref job, group, from, to, Math.Min(panel, length - j), target + (run * length) + j, keep);
            }
        }

        job.B = window;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Panel(ref TileJob job, int group, int from, int to, int columns, float* target, bool keep)
    {
        int tile = Blocking.Rows<S, V>();
        nint step = (nint)_g.Taps * _g.Depth;
        float* a = job.A;
        for (int t = from; t < to; t++)
        {
            int channel = (group * _g.ChannelsPerGroup) + (t * tile);
            float* c = target + (channel * step);
            job.A = a + channel;
            MacroKernel<S, V>.Tile(ref job, false, Math.Min(tile, _g.ChannelsPerGroup - (t * tile)), columns, keep ? new(c, step, c, step) : new(c, step));
        }

        job.A = a;
    }

    /// <summary>Writes the patch of every pixel of a band side by side, rounded up to whole vectors.</summary>
    private readonly float* Patches(float* band, int rows, nint rowPitch, out nint pitch)
    {
        int run = _joined ? _g.Columns.Taps * _g.Depth : _g.Depth, perRow = _g.Columns.Taps * _g.Depth / run;
        pitch = ((_g.Taps * _g.Depth) + S.Lanes - 1) / S.Lanes * S.Lanes;
        float* patches = Scratch.Floats(Scratch.Slot.ConvolutionPixels, (rows * _g.Columns.Outputs * pitch) + Blocking.MaxColumns);
        float* target = patches;
        for (int i = 0; i < rows * _g.Columns.Outputs; i++, target += pitch)
        {
            float* pixel = band + (i / _g.Columns.Outputs * _g.Step * rowPitch) + ((nint)(i % _g.Columns.Outputs) * _g.Step * _pitch), p = target;
            for (int t = 0; t < _g.Rows.Taps * perRow; t++)
            {
                float* source = pixel + (t / perRow * _g.Rows.Spacing * rowPitch) + (t % perRow * _g.Columns.Spacing * _pitch);
                for (int k = 0; k < run; k++)
                {
                    *p++ = source[k];
                }
            }

            new Span<float>(p, (int)(target + pitch - p)).Clear();
        }

        return patches;
    }
}
