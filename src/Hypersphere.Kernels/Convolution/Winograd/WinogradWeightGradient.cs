using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <summary>The weight gradient of a 3×3 convolution of stride 1 by F(4×4, 3×3) transposed: 36 matrix products over tiles.</summary>
/// <remarks>Groups of tiles are cut by shape into parts. A part sums its transformed gradients, turns them back once, and parts join in
/// order.</remarks>
internal readonly unsafe struct WinogradWeightGradient<S, V> : IParallelBody
    where S : struct, ISimd<V>
    where V : struct
{
    private const int Points = WinogradTransforms<S, V>.Points;
    private readonly WinogradTiles _tiles;
    private readonly float* _x, _dy, _partials;
    private readonly int _inputs, _outputs, _group, _groups, _parts;

    private WinogradWeightGradient(in WinogradTiles tiles, int outputs, float* x, float* dy)
    {
        (_tiles, _inputs, _outputs) = (tiles, tiles.Channels, outputs);
        _x = x;
        _dy = dy;
        int fitting = Blocking.WinogradGradientFloats / (Points * (_inputs + _outputs));
        _group = Blocking.WinogradGroup<S, V>(_tiles.Count, fitting);
        _groups = (_tiles.Count + _group - 1) / _group;
        _parts = Math.Min(Blocking.Chunks, _groups);
        _partials = Scratch.Floats(Scratch.Slot.ConvolutionPartial, (nint)_parts * 9 * _inputs * _outputs);
    }

    /// <summary>Whether the shape is of this kind, and small enough in channels for transformed sums of each thread.</summary>
    public static bool Suits(in ConvolutionShape s) => WinogradConvolution<S, V>.Suits(s)
        && (long)s.InChannels * s.OutChannels <= Blocking.WinogradSums<S, V>()
        && (long)s.Batch * s.OutHeight * s.OutWidth >= Blocking.WinogradGradientPixels;

    public static void Run(in ConvolutionShape s, float* x, float* dy, float* dw, bool accumulate, WorkerPool pool)
    {
        WinogradTiles tiles = new(s.Batch, s.OutHeight, s.OutWidth, s.Height, s.Width, s.InChannels, s.Padding);
        WinogradWeightGradient<S, V> body = new(tiles, s.OutChannels, x, dy);
        pool.Run(body._parts, ref body);
        PartialSums.Join(body._partials, body._parts, 9 * s.InChannels * s.OutChannels, dw, accumulate, pool);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int chunk)
    {
        int from = (int)((long)_groups * chunk / _parts), to = (int)((long)_groups * (chunk + 1) / _parts);
        nint sumStep = WinogradTiles.Spread(_outputs * _inputs);
        float* sums = Scratch.Floats(Scratch.Slot.PackA, Points * sumStep);
        for (int group = from; group < to; group++)
        {
            Add(group * _group, Math.Min(_group, _tiles.Count - (group * _group)), sums, sumStep, keep: group > from);
        }

        float* target = _partials + ((nint)chunk * 9 * _inputs * _outputs);
        for (int output = 0; output < _outputs; output++)
        {
            for (int c = 0; c < _inputs; c += S.Lanes)
            {
                float* kernel = target + ((nint)output * 9 * _inputs) + c;
                WinogradTransforms<S, V>.WeightGradient(sums + ((nint)output * _inputs) + c, sumStep, kernel, _inputs);
            }
        }
    }

    /// <summary>Transforms a group of tiles and adds its product over tiles to each point.</summary>
    private void Add(int from, int count, float* sums, nint sumStep, bool keep)
    {
        nint inStep = WinogradTiles.Spread(count * _inputs), outStep = WinogradTiles.Spread(count * _outputs);
        float* points = Scratch.Floats(Scratch.Slot.ConvolutionBand, Points * (inStep + outStep)), gradients = points + (Points * inStep);
        Gather(from, count, points, inStep, gradients, outStep);
        for (int point = 0; point < Points; point++)
        {
            LeftFactor left = LeftFactor.Columns(gradients + (point * outStep), _outputs, Blocking.Rows<S, V>());
            float* right = points + (point * inStep), target = sums + (point * sumStep);
            for (int column = 0; column < _inputs; column += Blocking.Columns<S, V>())
            {
                float* c = target + column;
                Output output = keep ? new(c, _inputs, c, _inputs) : new(c, _inputs);
                int columns = Math.Min(Blocking.Columns<S, V>(), _inputs - column);
                MacroKernel<S, V>.Panel(left, _outputs, count, right + column, _inputs, columns, output);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Gather(int from, int count, float* points, nint inStep, float* gradients, nint outStep)
    {
        float* copy = Scratch.Floats(Scratch.Slot.ConvolutionPixels, Points * Math.Max(_inputs, _outputs));
        for (int i = 0; i < count; i++, points += _inputs, gradients += _outputs)
        {
            float* patch = _tiles.Source<S, V>(_x, from + i, copy, out nint rowPitch);
            for (int c = 0; c < _inputs; c += S.Lanes)
            {
                WinogradTransforms<S, V>.Input(patch + c, rowPitch, _inputs, points + c, inStep);
            }

            float* tile = _tiles.Outputs<S, V>(_dy, _outputs, from + i, copy, out rowPitch);
            for (int c = 0; c < _outputs; c += S.Lanes)
            {
                WinogradTransforms<S, V>.Gradient(tile + c, rowPitch, _outputs, gradients + c, outStep);
            }
        }
    }
}
