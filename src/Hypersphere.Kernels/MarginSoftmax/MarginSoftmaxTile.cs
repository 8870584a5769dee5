using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <summary>One tile of classes against all rows, laid out [classes of the tile, rows] so that a register holds one class and several
/// rows.</summary>
internal readonly unsafe partial struct MarginSoftmaxTile(MarginSoftmaxProblem problem, MarginSoftmaxState state, int tile)
{
    private readonly int _first = tile * state.Width;

    public int Width => state.WidthOf(tile, problem.Classes);

    public float* Prototypes => problem.Prototypes + ((nint)_first * problem.Dimensions);

    public float* InverseNorms => state.InversePrototypeNorm + _first;

    /// <summary>values[j, i] = e^{s·(value − max_i)}·slope, 0 at a target; max_i and the sums of the row go to the state.</summary>
    public void Exponentials<S, V>(float* values)
        where S : struct, ISimd<V>
        where V : struct
    {
        Products<S, V>(values);
        float* constants = Scratch.Floats(Scratch.Slot.MarginSoftmaxColumn, 2 * (nint)state.Rows);
        Targets(constants);
        if (problem.Negatives.Thresholds == null)
        {
            Columns<S, V, PlainNegatives>(values, constants, default);
        }
        else
        {
            float* thresholds = constants + state.Rows;
            new Span<float>(thresholds, state.Rows).Clear();
            new ReadOnlySpan<float>(problem.Negatives.Thresholds, problem.Rows).CopyTo(new(thresholds, state.Rows));
            Columns<S, V, AdjustedNegatives>(values, constants, new(problem.Negatives, thresholds));
        }
    }

    /// <summary>Exponentials become dL/dcos / ‖w‖, targets included.</summary>
    public void Gradients<S, V>(float* values, float* rowWeights, float* targetSlopes)
        where S : struct, ISimd<V>
        where V : struct
    {
        float* factors = Scratch.Floats(Scratch.Slot.MarginSoftmaxColumn, 2 * (nint)state.Rows);
        Factors<S, V>(state.Gain, factors);
        Scale<S, V>(values, factors);
        if (problem.Smoothing > 0)
        {
            Smooth<S, V>(values);
        }

        for (int row = 0; row < problem.Rows; row++)
        {
            int target = problem.Labels[row] - _first;
            if (problem.Labels[row] >= 0 && (uint)target < (uint)Width)
            {
                values[((nint)target * state.Step) + row] = AtTarget(row, target, rowWeights, targetSlopes);
            }
        }
    }

    /// <summary>dL/dcos / ‖w‖ of a row at its own class.</summary>
    private float AtTarget(int row, int target, float* rowWeights, float* targetSlopes) =>
        MarginSoftmax.TargetGradient(problem, state, rowWeights, row) * state.RowScale[row] * targetSlopes[row] * InverseNorms[target];

    /// <summary>values[j, i] = w_j·x̂_i, and 1/‖w_j‖.</summary>
    private void Products<S, V>(float* values)
        where S : struct, ISimd<V>
        where V : struct
    {
        int size = problem.Dimensions, width = Width;
        for (int j = 0; j < width; j++)
        {
            float* prototype = Prototypes + ((nint)j * size);
            float norm = MathF.Sqrt(RowMath.Dot<S, V>(prototype, prototype, size));
            InverseNorms[j] = norm > MarginSoftmaxState.Epsilon ? 1 / norm : 0;
        }

        PackedGemm.Multiply(PackedGemm.Rows(Prototypes, size), width, state.Rows, size, state.PackedTransposed, values, state.Step);
    }

    /// <summary>The target of every row as an index into the tile, −1 outside; small integers are exact as floats.</summary>
    private void Targets(float* targets)
    {
        for (int row = 0; row < state.Rows; row++)
        {
            int target = row < problem.Rows && problem.Labels[row] >= 0 ? problem.Labels[row] - _first : -1;
            targets[row] = (uint)target < (uint)Width ? target : -1;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Columns<S, V, A>(float* values, float* targets, A adjust)
        where S : struct, ISimd<V>
        where V : struct
        where A : struct, INegatives
    {
        int width = Width;
        for (int i = 0; i < state.Rows; i += S.Lanes)
        {
            V target = S.Load(targets + i);
            V max = Largest<S, V, A>(values + i, width, i, target, adjust);
            S.Store(max, state.TileMax + ((nint)tile * state.Rows) + i);
            V finite = S.IfPositive(S.Subtract(max, S.Broadcast(float.MinValue)), max, S.Zero);
            V sum = Exponentials<S, V, A>(values + i, width, i, target, finite, adjust);
            S.Store(sum, state.TileSum + ((nint)tile * state.Rows) + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private V Largest<S, V, A>(float* values, int width, int column, V target, A adjust)
        where S : struct, ISimd<V>
        where V : struct
        where A : struct, INegatives
    {
        V none = S.Broadcast(float.NegativeInfinity), even = none, odd = none, step = S.Broadcast(1f), j = S.Zero;
        float* inverse = InverseNorms;
        int c = 0;
        for (; c <= width - 2; c += 2, values += 2 * state.Step)
        {
            V p = adjust.Value<S, V>(column, S.Multiply(S.Load(values), S.Broadcast(inverse[c])));
            V q = adjust.Value<S, V>(column, S.Multiply(S.Load(values + state.Step), S.Broadcast(inverse[c + 1])));
            even = S.Max(even, IfOther<S, V>(target, j, p, none));
            j = S.Add(j, step);
            odd = S.Max(odd, IfOther<S, V>(target, j, q, none));
            j = S.Add(j, step);
        }

        if (c < width)
        {
            V p = adjust.Value<S, V>(column, S.Multiply(S.Load(values), S.Broadcast(inverse[c])));
            even = S.Max(even, IfOther<S, V>(target, j, p, none));
        }

        return S.Max(even, odd);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private V Exponentials<S, V, A>(float* values, int width, int column, V target, V max, A adjust)
        where S : struct, ISimd<V>
        where V : struct
        where A : struct, INegatives
    {
        V sum = S.Zero, step = S.Broadcast(1f), j = S.Zero, scale = S.Load(state.RowScale + column);
        float* inverse = InverseNorms;
        for (int c = 0; c < width; c++, values += state.Step)
        {
            V cosine = S.Multiply(S.Load(values), S.Broadcast(inverse[c]));
            V e = VectorMath.Exp<S, V>(S.Multiply(S.Subtract(adjust.Value<S, V>(column, cosine), max), scale));
            e = IfOther<S, V>(target, j, e, S.Zero);
            sum = S.Add(sum, e);
            S.Store(adjust.TimesSlope<S, V>(column, e, cosine), values);
            j = S.Add(j, step);
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V IfOther<S, V>(V target, V index, V other, V own)
        where S : struct, ISimd<V>
        where V : struct
    {
        V difference = S.Subtract(target, index);
        return S.IfPositive(S.Multiply(difference, difference), other, own);
    }

    /// <summary>ofRows·e^{s·(TileMax − RowMax)}: with <see cref="MarginSoftmaxState.Gain"/>, what turns a kept exponential into
    /// dL/dcos.</summary>
    private void Factors<S, V>(float* ofRows, float* factors)
        where S : struct, ISimd<V>
        where V : struct
    {
        float* max = state.TileMax + ((nint)tile * state.Rows);
        for (int i = 0; i < state.Rows; i += S.Lanes)
        {
            V fall = S.Multiply(S.Subtract(S.Load(max + i), S.Load(state.RowMax + i)), S.Load(state.RowScale + i));
            S.Store(S.Multiply(VectorMath.Exp<S, V>(fall), S.Load(ofRows + i)), factors + i);
        }
    }

    private void Smooth<S, V>(float* values)
        where S : struct, ISimd<V>
        where V : struct
    {
        int width = Width;
        for (int c = 0; c < width; c++, values += state.Step)
        {
            V inverse = S.Broadcast(InverseNorms[c]);
            for (int i = 0; i < state.Rows; i += S.Lanes)
            {
                S.Store(S.MultiplyAdd(S.Load(state.Offset + i), inverse, S.Load(values + i)), values + i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Scale<S, V>(float* values, float* factors)
        where S : struct, ISimd<V>
        where V : struct
    {
        int width = Width;
        for (int c = 0; c < width; c++, values += state.Step)
        {
            V inverse = S.Broadcast(InverseNorms[c]);
            for (int i = 0; i < state.Rows; i += S.Lanes)
            {
                S.Store(S.Multiply(S.Multiply(S.Load(values + i), inverse), S.Load(factors + i)), values + i);
            }
        }
    }
}
