using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <content>Cosines and exponentials, tile by tile.</content>
public static unsafe partial class MarginSoftmax
{
    /// <summary>One tile, all rows: e^{s·(value − max)}·slope with 0 at the target, and each row's max and sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile<S, V>(in MarginSoftmaxProblem problem, in MarginSoftmaxState state, int tile, float* values)
        where S : struct, ISimd<V>
        where V : struct
    {
        Products(problem, state, tile, values);
        for (int row = 0; row < problem.Rows; row++)
        {
            if (problem.Negatives.Thresholds == null)
            {
                Row<S, V, PlainNegatives>(problem, state, tile, row, values, default);
            }
            else
            {
                Row<S, V, AdjustedNegatives>(problem, state, tile, row, values, new(problem.Negatives, row));
            }
        }
    }

    /// <summary>cos·‖w‖ of a tile, by one product, and 1/‖w‖.</summary>
    private static void Products(in MarginSoftmaxProblem problem, in MarginSoftmaxState state, int tile, float* products)
    {
        int size = problem.Dimensions, first = tile * state.Width, width = state.WidthOf(tile, problem.Classes);
        float* prototypes = problem.Prototypes + ((nint)first * size);
        for (int j = 0; j < width; j++)
        {
            float norm = TensorPrimitives.Norm(new ReadOnlySpan<float>(prototypes + ((nint)j * size), size));
            state.InversePrototypeNorm[first + j] = norm > MarginSoftmaxState.Epsilon ? 1 / norm : 0;
        }

        Gemm.Multiply(false, true, problem.Rows, width, size, state.Unit, size, prototypes, size, products, width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row<S, V, A>(
        in MarginSoftmaxProblem problem, in MarginSoftmaxState state, int tile, int row, float* values, A adjust)
        where S : struct, ISimd<V>
        where V : struct
        where A : struct, INegatives
    {
        int first = tile * state.Width, width = state.WidthOf(tile, problem.Classes);
        float* z = values + ((nint)row * width), inverse = state.InversePrototypeNorm + first;
        int target = problem.Labels[row] - first, split = (uint)target < (uint)width && problem.Labels[row] >= 0 ? target : width;
        float max = Largest<S, V, A>(z, inverse, 0, split, adjust);
        max = MathF.Max(max, Largest<S, V, A>(z, inverse, split + 1, width, adjust));
        float sum = Exponentials<S, V, A>(z, 0, split, adjust, problem.Scale, max)
            + Exponentials<S, V, A>(z, split + 1, width, adjust, problem.Scale, max);
        if (split < width)
        {
            z[split] = 0;
        }

        state.TileMax[((nint)tile * problem.Rows) + row] = max;
        state.TileSum[((nint)tile * problem.Rows) + row] = sum;
    }

    /// <summary>z ← cosines; the largest value in [from, to), −∞ when that is empty.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Largest<S, V, A>(float* z, float* inverse, int from, int to, A adjust)
        where S : struct, ISimd<V>
        where V : struct
        where A : struct, INegatives
    {
        V top = S.Broadcast(float.NegativeInfinity);
        for (; from <= to - S.Lanes; from += S.Lanes)
        {
            V cosine = S.Multiply(S.Load(z + from), S.Load(inverse + from));
            S.Store(cosine, z + from);
            top = S.Max(top, adjust.Value<S, V>(cosine));
        }

        float max = Horizontal<S, V>(top);
        for (; from < to; from++)
        {
            float cosine = z[from] * inverse[from];
            z[from] = cosine;
            max = MathF.Max(max, adjust.Value<SimdScalar, float>(cosine));
        }

        return max;
    }

    /// <summary>Cosines z ← e^{s·(value − max)}·slope in [from, to); the sum of the exponentials.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Exponentials<S, V, A>(float* z, int from, int to, A adjust, float scale, float max)
        where S : struct, ISimd<V>
        where V : struct
        where A : struct, INegatives
    {
        V sums = S.Zero, factor = S.Broadcast(scale), top = S.Broadcast(max);
        for (; from <= to - S.Lanes; from += S.Lanes)
        {
            V cosine = S.Load(z + from);
            V e = VectorMath.Exp<S, V>(S.Multiply(S.Subtract(adjust.Value<S, V>(cosine), top), factor));
            sums = S.Add(sums, e);
            S.Store(adjust.TimesSlope<S, V>(e, cosine), z + from);
        }

        float sum = S.Sum(sums);
        for (; from < to; from++)
        {
            float e = VectorMath.Exp<SimdScalar, float>((adjust.Value<SimdScalar, float>(z[from]) - max) * scale);
            sum += e;
            z[from] = adjust.TimesSlope<SimdScalar, float>(e, z[from]);
        }

        return sum;
    }

    private static float Horizontal<S, V>(V register)
        where S : struct, ISimd<V>
        where V : struct
    {
        float* lanes = stackalloc float[S.Lanes];
        S.Store(register, lanes);
        float max = lanes[0];
        for (int i = 1; i < S.Lanes; i++)
        {
            max = MathF.Max(max, lanes[i]);
        }

        return max;
    }

    private readonly struct ForwardKernel(MarginSoftmaxProblem problem, MarginSoftmaxState state) : IKernel
    {
        public void Run<S, V>(int chunk)
            where S : struct, ISimd<V>
            where V : struct
        {
            nint size = (nint)state.Width * problem.Rows;
            for (int tile = state.FirstTile(chunk); tile < state.FirstTile(chunk + 1); tile++)
            {
                Tile<S, V>(problem, state, tile, state.IsKept ? state.Kept + (tile * size) : Scratch.Floats(Scratch.Slot.MarginSoftmax, size));
            }
        }
    }
}
