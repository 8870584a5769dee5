using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <summary>One phase as an implicit matrix product: pixels are rows that the micro-kernel reads through pointers, tap after tap, and no
/// patch matrix exists, unless channels are few.</summary>
/// <remarks>A chunk is a band of output rows of one image, or several small images. Where its windows reach over the edge, the band is
/// copied once
/// with zeros around it. Weights lie packed as [group][panel][tap][channel][column].</remarks>
internal unsafe struct ConvolutionPhase<S, V> : IParallelBody
    where S : struct, ISimd<V>
    where V : struct
{
    private readonly PhaseGeometry _g;
    private readonly float* _source, _packed, _bias, _target, _slopes;
    private readonly bool _accumulate, _streams, _isProduct, _hasPatches;
    private readonly int _bandRows, _bands, _images, _pitch, _panels;
    private readonly int _segments, _segmentLength;

    public ConvolutionPhase(in PhaseGeometry geometry, float* source, float* packed, float* bias, float* target, bool accumulate, float* slopes)
    {
        (_g, _accumulate) = (geometry, accumulate);
        _source = source;
        _packed = packed;
        _bias = bias;
        _target = target;
        _slopes = slopes;
        long results = (long)_g.Batch * _g.Height * _g.Width * _g.Channels;
        _streams = !accumulate && _g.Groups == 1 && Blocking.WritesLines<S, V>() && Streaming.Pays(target, results, _g.Channels);
        _panels = (_g.ChannelsPerGroup + Blocking.Columns<S, V>() - 1) / Blocking.Columns<S, V>();
        _pitch = _g.SourceChannels * _g.Step % Blocking.PixelAliasing == 0 && _g.Taps > 1
            ? _g.SourceChannels + Blocking.RowPadding : _g.SourceChannels;
        bool joined = _g.Groups == 1 && _g.Columns.Spacing == 1 && _pitch == _g.SourceChannels;
        (_segments, _segmentLength) = joined ? (_g.Rows.Taps, _g.Columns.Taps * _g.Depth) : (_g.Taps, _g.Depth);
        _isProduct = _g is { Taps: 1, Step: 1, OutStep: 1, Groups: 1, Rows.First: 0, Columns.First: 0 }
            && _g.Rows.Outputs == _g.SourceHeight && _g.Columns.Outputs == _g.SourceWidth;
        _hasPatches = _g.OutStep == 1 && Patches.Suits(_g);
        (_bandRows, _images) = Blocking.Bands(_g, _hasPatches ? Math.Max(_pitch, _g.Taps * _g.SourceChannels / _g.Step) : _pitch);
        _bands = (_g.Rows.Outputs + _bandRows - 1) / _bandRows;
    }

    public static nint PackedSize(in PhaseGeometry g)
    {
        int panel = Blocking.Columns<S, V>();
        return (nint)g.Groups * ((g.ChannelsPerGroup + panel - 1) / panel * panel) * g.Taps * g.Depth;
    }

    public void Run(WorkerPool pool)
    {
        if (_g.Rows.Outputs == 0 || _g.Columns.Outputs == 0)
        {
            return;
        }

        int chunks = (_g.Batch + _images - 1) / _images * _bands;
        if (_g.Flops >= Blocking.ParallelFlops)
        {
            pool.Run(chunks, ref this);
            return;
        }

        for (int i = 0; i < chunks; i++)
        {
            Run(i);
        }
    }

    public readonly void Run(int chunk)
    {
        int first = chunk / _bands * _images, row = chunk % _bands * _bandRows;
        int images = Math.Min(_images, _g.Batch - first), rows = Math.Min(_bandRows, _g.Rows.Outputs - row);
        nint pixel = (((nint)first * _g.Height) + row) * _g.Width;
        if (_isProduct)
        {
            Product(_source + (pixel * _g.Depth), pixel, images * rows * _g.Width);
        }
        else if (_hasPatches)
        {
            Product(Patches.Write(_g, _source, first, images, row, rows, 0), pixel, images * rows * _g.Width);
        }
        else
        {
            for (int image = first; image < first + images; image++)
            {
                Band(image, row, rows);
            }
        }

        Streaming.Finish(_streams);
    }

    /// <summary>Neighbouring outputs from the rows of what each of them sees.</summary>
    private readonly void Product(float* rows, nint pixel, int pixels)
    {
        int terms = _g.Taps * _g.Depth;
        LeftFactor left = LeftFactor.Rows(rows, terms, Blocking.Rows<S, V>());
        MacroKernel<S, V>.Multiply(left, pixels, terms, _packed, _g.Channels, Target(_target + (pixel * _g.Channels), 0, _g.Channels));
    }

    private readonly Output Target(float* target, int channel, nint step) => _accumulate ? new(target, step, target, step)
        : new(target, step, _bias is null ? null : _bias + channel, streams: _streams, slopes: _slopes is null ? null : _slopes + channel);

    private readonly void Band(int image, int row, int rows)
    {
        float* origin = Source(image, row, rows, out nint rowPitch);
        float** pixels = (float**)Scratch.Floats(Scratch.Slot.ConvolutionPixels, 2 * (nint)rows * _g.Columns.Outputs);
        for (int y = 0, i = 0; y < rows; y++)
        {
            for (int x = 0; x < _g.Columns.Outputs; x++, i++)
            {
                pixels[i] = origin + (y * _g.Step * rowPitch) + ((nint)x * _g.Step * _pitch);
            }
        }

        nint* offsets = stackalloc nint[2 * _segments];
        int perRow = Math.Max(1, _segments / Math.Max(1, _g.Rows.Taps));
        for (int group = 0; group < _g.Groups; group++)
        {
            for (int s = 0; s < _segments; s++)
            {
                offsets[s] = (s / perRow * _g.Rows.Spacing * rowPitch) + (s % perRow * _g.Columns.Spacing * _pitch) + (group * _g.Depth);
            }

            for (int panel = 0; panel < _panels; panel++)
            {
                Panel(pixels, offsets, image, row, rows, group, panel);
            }
        }
    }

    /// <summary>Where tap (0, 0) of the band's first output reads: in the image itself, or in a copy with zeros around it.</summary>
    private readonly float* Source(int image, int row, int rows, out nint rowPitch)
    {
        int top = (row * _g.Step) + _g.Rows.First, height = _g.Rows.Extent(rows, _g.Step);
        int left = _g.Columns.First, width = _g.Columns.Extent(_g.Columns.Outputs, _g.Step);
        bool inside = top >= 0 && left >= 0 && top + height <= _g.SourceHeight && left + width <= _g.SourceWidth;
        if (_g.Taps == 0 || (inside && _pitch == _g.SourceChannels))
        {
            rowPitch = (nint)_g.SourceWidth * _g.SourceChannels;
            return _source + ((((nint)image * _g.SourceHeight) + top) * rowPitch) + ((nint)left * _g.SourceChannels);
        }

        rowPitch = PaddedBand.RowPitch(_g, _pitch);
        float* copy = Scratch.Floats(Scratch.Slot.ConvolutionBand, PaddedBand.Size(_g, rows, _pitch));
        PaddedBand.Fill(_g, _source, image, row, rows, _pitch, copy);
        return copy;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Panel(float** pixels, nint* offsets, int image, int row, int rows, int group, int panel)
    {
        int width = Blocking.Columns<S, V>(), column = panel * width, columns = Math.Min(width, _g.ChannelsPerGroup - column);
        int padded = Blocking.PanelWidth<S, V>(columns), terms = _g.Taps * _g.Depth;
        nint* rightOffsets = offsets + _segments;
        for (int s = 0; s < _segments; s++)
        {
            rightOffsets[s] = (nint)s * _segmentLength * padded;
        }

        TileJob job = new()
        {
            B = _packed + ((((nint)group * _panels) + panel) * width * terms),
            BStep = padded,
            AOffsets = offsets,
            BOffsets = rightOffsets,
            Segments = _segments,
            Length = _segmentLength,
        };
        int channel = (group * _g.ChannelsPerGroup) + column, run = _g.OutStep == 1 ? rows * _g.Columns.Outputs : _g.Columns.Outputs;
        for (int y = 0; y < rows && run > 0; y += run / _g.Columns.Outputs)
        {
            nint pixel = ((((nint)image * _g.Height) + ((row + y) * _g.OutStep) + _g.OutRow) * _g.Width) + _g.OutColumn;
            Run(ref job, pixels + ((nint)y * _g.Columns.Outputs), run, columns, _target + (pixel * _g.Channels) + channel, channel);
        }
    }

    /// <summary>Tiles over outputs whose destinations lie at a constant distance.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Run(ref TileJob job, float** pixels, int count, int columns, float* target, int channel)
    {
        nint step = (nint)_g.OutStep * _g.Channels;
        int tile = Blocking.Rows<S, V>();
        for (int i = 0; i < count; i += tile, target += tile * step)
        {
            int rows = Math.Min(tile, count - i);
            job.Rows = pixels + i;
            MacroKernel<S, V>.Tile(ref job, true, rows, columns, Target(target, channel, step));
        }
    }
}
