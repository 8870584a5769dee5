using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <summary>Transforms 3×3 weights [Cout,3,3,Cin] and packs each of the 36 points as a right factor: [point][panel][k][column].</summary>
/// <remarks>Forward, k is the input channel and the column the output channel. Backward it is the other way round, and taps are read in
/// reverse.</remarks>
internal readonly unsafe struct WinogradWeights<S, V> : IParallelBody
    where S : struct, ISimd<V>
    where V : struct
{
    private const int Points = WinogradTransforms<S, V>.Points;
    private readonly int _outputs, _inputs;
    private readonly bool _backward;
    private readonly float* _w, _target;

    private WinogradWeights(int outputs, int inputs, bool backward, float* w, float* target)
    {
        (_outputs, _inputs, _backward) = (outputs, inputs, backward);
        _w = w;
        _target = target;
    }

    /// <summary>The transformed weights, in the calling thread's scratch memory.</summary>
    public static float* Transform(int outputs, int inputs, bool backward, float* w, WorkerPool pool)
    {
        float* target = Scratch.Floats(Scratch.Slot.Convolution, (nint)Points * outputs * inputs);
        WinogradWeights<S, V> body = new(outputs, inputs, backward, w, target);
        int panel = Blocking.Columns<S, V>();
        pool.Run(((backward ? inputs : outputs) + panel - 1) / panel, ref body);
        return target;
    }

    public void Run(int chunk)
    {
        int panel = Blocking.Columns<S, V>();
        if (_backward)
        {
            Backward(chunk * panel, Math.Min(panel, _inputs - (chunk * panel)));
        }
        else
        {
            Forward(chunk * panel, Math.Min(panel, _outputs - (chunk * panel)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Forward(int first, int columns)
    {
        nint step = (nint)columns * S.Lanes;
        float* block = Scratch.Floats(Scratch.Slot.ConvolutionBand, Points * step);
        for (int c = 0; c < _inputs; c += S.Lanes)
        {
            for (int j = 0; j < columns; j++)
            {
                float* kernel = _w + ((nint)(first + j) * 9 * _inputs) + c;
                WinogradTransforms<S, V>.Weights(kernel, 3 * _inputs, _inputs, block + (j * S.Lanes), step);
            }

            for (int point = 0; point < Points; point++)
            {
                float* target = _target + ((((nint)point * _outputs) + first) * _inputs) + (c * columns);
                Packing.Transpose(block + (point * step), S.Lanes, S.Lanes, columns, columns, target, columns);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Backward(int first, int columns)
    {
        for (int k = 0; k < _outputs; k++)
        {
            for (int c = 0; c < columns; c += S.Lanes)
            {
                float* kernel = _w + ((nint)k * 9 * _inputs) + first + c, target = _target + ((nint)first * _outputs) + (k * columns) + c;
                WinogradTransforms<S, V>.Weights(kernel + (8 * _inputs), -3 * _inputs, -_inputs, target, (nint)_outputs * _inputs);
            }
        }
    }
}
