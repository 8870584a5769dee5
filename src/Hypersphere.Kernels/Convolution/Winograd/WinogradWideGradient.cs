using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <summary>The weight gradient by F(4×4, 3×3) transposed where channels are too many for each thread to sum all of it.</summary>
/// <remarks>Threads transform the tiles together, laid out as the products read them: neighbouring output channels in bands, neighbouring input
/// channels in panels, tile after tile. Then a chunk owns a block of the weights: it sums the block over all tiles at every point, and turns it
/// back while it is in the cache.</remarks>
internal unsafe struct WinogradWideGradient<S, V> : IParallelBody
    where S : struct, ISimd<V>
    where V : struct
{
    private const int Points = WinogradTransforms<S, V>.Points;
    private readonly WinogradTiles _tiles;
    private readonly float* _x, _dy, _dw, _points, _gradients;
    private readonly int _inputs, _outputs, _group, _rowBlocks, _columnBlocks;
    private readonly nint _inStep, _outStep;
    private int _from, _count;
    private bool _transforming, _keep;

    private WinogradWideGradient(in WinogradTiles tiles, int outputs, float* x, float* dy, float* dw, bool accumulate)
    {
        (_tiles, _inputs, _outputs, _keep) = (tiles, tiles.Channels, outputs, accumulate);
        _x = x;
        _dy = dy;
        _dw = dw;
        int panel = Blocking.Columns<S, V>(), band = Blocking.GradientBand<S, V>();
        (int inWidth, int outWidth) = (Blocking.Pieces(_inputs, panel) * panel, Blocking.Pieces(_outputs, band) * band);
        _group = Math.Clamp(Blocking.WinogradSharedFloats / (Points * (inWidth + outWidth)), 1, _tiles.Count);
        (_inStep, _outStep) = (WinogradTiles.Spread(_group * inWidth), WinogradTiles.Spread(_group * outWidth));
        _points = Scratch.Floats(Scratch.Slot.Convolution, Points * _inStep);
        _gradients = Scratch.Floats(Scratch.Slot.ConvolutionPartial, Points * _outStep);
        (_rowBlocks, _columnBlocks) = (Blocking.Pieces(_outputs, BlockRows), Blocking.Pieces(_inputs, BlockColumns));
    }

    private static int BlockRows => Math.Max(1, Blocking.WinogradBlock / Blocking.GradientBand<S, V>()) * Blocking.GradientBand<S, V>();

    private static int BlockColumns => Math.Max(1, Blocking.WinogradBlock / Blocking.Columns<S, V>()) * Blocking.Columns<S, V>();

    private readonly int TileChunks => Math.Min(_count, Blocking.Chunks);

    /// <summary>Whether the shape is of this kind.</summary>
    public static bool Suits(in ConvolutionShape s) =>
        WinogradConvolution<S, V>.IsOfThisKind(s) && (long)s.InChannels * s.OutChannels > Blocking.WinogradSums<S, V>();

    public static void Run(in ConvolutionShape s, float* x, float* dy, float* dw, bool accumulate, WorkerPool pool)
    {
        WinogradTiles tiles = new(s.Batch, s.OutHeight, s.OutWidth, s.Height, s.Width, s.InChannels, s.Padding);
        WinogradWideGradient<S, V> body = new(tiles, s.OutChannels, x, dy, dw, accumulate);
        for (int from = 0; from < tiles.Count; from += body._group, body._keep = true)
        {
            (body._from, body._count) = (from, Math.Min(body._group, tiles.Count - from));
            body._transforming = true;
            pool.Run(body.TileChunks, ref body);
            body._transforming = false;
            pool.Run(body._rowBlocks * body._columnBlocks, ref body);
        }
    }

    public readonly void Run(int chunk)
    {
        if (_transforming)
        {
            Transform(_count * chunk / TileChunks, _count * (chunk + 1) / TileChunks);
            return;
        }

        int row = chunk / _columnBlocks * BlockRows, column = chunk % _columnBlocks * BlockColumns;
        Sum(row, Math.Min(BlockRows, _outputs - row), column, Math.Min(BlockColumns, _inputs - column));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Transform(int from, int to)
    {
        int panel = Blocking.Columns<S, V>(), band = Blocking.GradientBand<S, V>();
        float* copy = Scratch.Floats(Scratch.Slot.ConvolutionPixels, Points * Math.Max(_inputs, _outputs));
        for (int i = from; i < to; i++)
        {
            float* patch = _tiles.Source<S, V>(_x, _from + i, copy, out nint rowPitch);
            for (int c = 0; c < _inputs; c += S.Lanes)
            {
                WinogradTransforms<S, V>.Input(patch + c, rowPitch, _inputs, _points + Place(i, c, panel), _inStep);
            }

            float* tile = _tiles.Outputs<S, V>(_dy, _outputs, _from + i, copy, out rowPitch);
            for (int c = 0; c < _outputs; c += S.Lanes)
            {
                WinogradTransforms<S, V>.Gradient(tile + c, rowPitch, _outputs, _gradients + Place(i, c, band), _outStep);
            }
        }
    }

    /// <summary>Where a channel of a tile lies among those of one point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly nint Place(int tile, int channel, int width) => (((nint)(channel / width) * _count) + tile) * width + (channel % width);

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Sum(int row, int rows, int column, int columns)
    {
        int panel = Blocking.Columns<S, V>(), band = Blocking.GradientBand<S, V>();
        nint step = WinogradTiles.Spread(rows * columns);
        float* sums = Scratch.Floats(Scratch.Slot.PackA, Points * step);
        for (int point = 0; point < Points; point++)
        {
            float* target = sums + (point * step), left = _gradients + (point * _outStep), right = _points + (point * _inStep);
            for (int r = 0; r < rows; r += band)
            {
                LeftFactor factor = LeftFactor.Columns(left + Place(0, row + r, band), band, Blocking.Rows<S, V>());
                for (int j = 0; j < columns; j += panel)
                {
                    Output output = new(target + ((nint)r * columns) + j, columns);
                    MacroKernel<S, V>.Panel(
                        factor, Math.Min(band, rows - r), _count, right + Place(0, column + j, panel), panel, Math.Min(panel, columns - j), output);
                }
            }
        }

        float* taps = stackalloc float[9 * S.Lanes];
        for (int r = 0; r < rows; r++)
        {
            float* target = _dw + ((((nint)row + r) * 9 * _inputs) + column);
            for (int c = 0; c < columns; c += S.Lanes)
            {
                WinogradTransforms<S, V>.WeightGradient(sums + ((nint)r * columns) + c, step, taps, S.Lanes);
                for (int tap = 0; tap < 9; tap++)
                {
                    float* weight = target + ((nint)tap * _inputs) + c;
                    V gradient = S.Load(taps + (tap * S.Lanes));
                    S.Store(_keep ? S.Add(S.Load(weight), gradient) : gradient, weight);
                }
            }
        }
    }
}
