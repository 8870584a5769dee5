using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;

namespace Hypersphere.Kernels;

/// <summary>Softmax with cross-entropy over rows of logits. A row with label −1 is ignored: loss 0, gradient 0.</summary>
public static unsafe class SoftmaxCrossEntropy
{
    /// <summary>loss = log(1 + Σ_{j≠y} e^{z_j − z_y}), by log1p where the target leads, so that no digits are lost near
    /// convergence.</summary>
    /// <param name="rows">Rows ≥ 0.</param>
    /// <param name="classes">Classes ≥ 1.</param>
    /// <param name="logits">[rows, classes].</param>
    /// <param name="labels">[rows], −1 or 0 … classes−1.</param>
    /// <param name="lossPerRow">[rows], nats.</param>
    /// <param name="probabilities">[rows, classes]; may be logits.</param>
    public static void Forward(int rows, int classes, float* logits, int* labels, float* lossPerRow, float* probabilities) =>
        Launch.Run(Chunks(rows, classes), new ForwardKernel(rows, classes, logits, labels, lossPerRow, probabilities));

    /// <summary>dlogits = weight·(P − onehot(y)), with 1 − P_y taken as the sum of the others.</summary>
    /// <param name="rows">Rows ≥ 0.</param>
    /// <param name="classes">Classes ≥ 1.</param>
    /// <param name="probabilities">[rows, classes], from the forward pass.</param>
    /// <param name="labels">[rows].</param>
    /// <param name="weightPerRow">[rows], gradient of the total with respect to each row's loss.</param>
    /// <param name="dlogits">[rows, classes]; may be probabilities.</param>
    /// <param name="accumulate">Adds to dlogits instead of assigning.</param>
    public static void Backward(
        int rows, int classes, float* probabilities, int* labels, float* weightPerRow, float* dlogits, bool accumulate) =>
        Launch.Run(Chunks(rows, classes), new BackwardKernel(rows, classes, probabilities, labels, weightPerRow, dlogits, accumulate));

    private static int RowsPerChunk(int classes) => Math.Max(1, (1 << 13) / classes);

    private static int Chunks(int rows, int classes) => (int)(((long)rows + RowsPerChunk(classes) - 1) / RowsPerChunk(classes));

    private readonly struct ForwardKernel(int rows, int classes, float* logits, int* labels, float* losses, float* probabilities) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<S, V>(int chunk)
            where S : struct, ISimd<V>
            where V : struct
        {
            int first = chunk * RowsPerChunk(classes), last = Math.Min(rows, first + RowsPerChunk(classes));
            for (int row = first; row < last; row++)
            {
                float* z = logits + ((nint)row * classes), p = probabilities + ((nint)row * classes);
                int label = labels[row];
                float max = TensorPrimitives.Max(new ReadOnlySpan<float>(z, classes));
                float target = label < 0 ? 0 : z[label] - max;
                int c = Exponentials<S, V>(z, max, p, 0);
                Exponentials<SimdScalar, float>(z, max, p, c);
                double own = label < 0 ? 0 : p[label], others = SumOthers(p, label);
                losses[row] = label < 0 ? 0 : (float)(target > -1 ? LogOnePlus(others / own) : Math.Log(others + own) - target);
                var span = new Span<float>(p, classes);
                TensorPrimitives.Multiply(span, (float)(1 / (others + own)), span);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private int Exponentials<S, V>(float* z, float max, float* p, int c)
            where S : struct, ISimd<V>
            where V : struct
        {
            for (; c <= classes - S.Lanes; c += S.Lanes)
            {
                S.Store(VectorMath.Exp<S, V>(S.Subtract(S.Load(z + c), S.Broadcast(max))), p + c);
            }

            return c;
        }

        private double SumOthers(float* p, int label)
        {
            double sum = label > 0 ? Reduction.SerialSum(label, p) : 0;
            return sum + Reduction.SerialSum(classes - label - 1, p + label + 1);
        }
    }

    private readonly struct BackwardKernel(
        int rows, int classes, float* probabilities, int* labels, float* weights, float* dlogits, bool accumulate) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<S, V>(int chunk)
            where S : struct, ISimd<V>
            where V : struct
        {
            int first = chunk * RowsPerChunk(classes), last = Math.Min(rows, first + RowsPerChunk(classes));
            for (int row = first; row < last; row++)
            {
                float* p = probabilities + ((nint)row * classes), d = dlogits + ((nint)row * classes);
                int label = labels[row];
                float weight = label < 0 ? 0 : weights[row], kept = accumulate && label >= 0 ? d[label] : 0;
                double others = label < 0 ? 0
                    : Reduction.SerialSum(label, p) + Reduction.SerialSum(classes - label - 1, p + label + 1);
                int c = Row<S, V>(p, d, weight, 0);
                Row<SimdScalar, float>(p, d, weight, c);
                if (label >= 0)
                {
                    d[label] = kept - (float)(weight * others);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private int Row<S, V>(float* p, float* d, float weight, int c)
            where S : struct, ISimd<V>
            where V : struct
        {
            for (; c <= classes - S.Lanes; c += S.Lanes)
            {
                S.Store(S.MultiplyAdd(S.Load(p + c), S.Broadcast(weight), accumulate ? S.Load(d + c) : S.Zero), d + c);
            }

            return c;
        }
    }

    private static double LogOnePlus(double x) => x > 1e-4 ? Math.Log(1 + x) : x * (1 - (x * (0.5 - (x / 3))));
}
