using System.Numerics;
using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <content>Gradients of few pairs of a row and a class.</content>
internal readonly unsafe partial struct MarginSoftmaxTile
{
    /// <summary>Above one pair in so many, products of whole tiles are faster than lists.</summary>
    private const int PairsPerListed = 4;

    /// <summary>Exponentials become lists of dL/dcos / ‖w‖, by class and by row: targets, and the others that are above the
    /// threshold.</summary>
    /// <returns>False if they are too many for lists.</returns>
    public bool ListGradients<S, V>(float* values, float* rowWeights, float* targetSlopes, out SparseMatrix byClass, out SparseMatrix byRow)
        where S : struct, ISimd<V>
        where V : struct
    {
        int most = Width * state.Rows / PairsPerListed, capacity = most + state.Rows;
        nint length = SparseMatrix.Length(Width, capacity), chains = length + SparseMatrix.Length(state.Rows, capacity);
        float* memory = Scratch.Floats(Scratch.Slot.MarginSoftmaxPairs, chains + Width + state.Rows);
        (byClass, byRow) = (new(memory, Width, capacity), new(memory + length, state.Rows, capacity));
        int* firstRow = (int*)(memory + chains), nextRow = firstRow + Width;
        ChainTargets(firstRow, nextRow);
        float* factors = Scratch.Floats(Scratch.Slot.MarginSoftmaxColumn, 2 * (nint)state.Rows), reach = factors + state.Rows;
        Factors<S, V>(state.Gain, factors);
        Factors<S, V>(state.Reach, reach);
        int count = 0;
        for (int c = 0; c < Width && count <= most; c++)
        {
            byClass.Starts[c] = count;
            for (int row = firstRow[c]; row >= 0; row = nextRow[row])
            {
                (byClass.Columns[count], byClass.Values[count++]) = (row, AtTarget(row, c, rowWeights, targetSlopes));
            }

            count = List<S, V>(values + ((nint)c * state.Step), InverseNorms[c], factors, reach, byClass, count);
        }

        byClass.Starts[Width] = count;
        if (count > most)
        {
            return false;
        }

        byClass.TransposeTo(byRow);
        return true;
    }

    /// <summary>What lists would leave out becomes 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Drop<S, V>(float* values)
        where S : struct, ISimd<V>
        where V : struct
    {
        float* reach = Scratch.Floats(Scratch.Slot.MarginSoftmaxColumn, 2 * (nint)state.Rows);
        Factors<S, V>(state.Reach, reach);
        int width = Width;
        for (int c = 0; c < width; c++, values += state.Step)
        {
            for (int i = 0; i < state.Rows; i += S.Lanes)
            {
                V value = S.Load(values + i);
                S.Store(S.IfPositive(Above<S, V>(value, reach + i), value, S.Zero), values + i);
            }
        }
    }

    /// <summary>Appends the rows to which a class matters.</summary>
    /// <returns>How many numbers there are then.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int List<S, V>(float* values, float inverse, float* factors, float* reach, SparseMatrix list, int count)
        where S : struct, ISimd<V>
        where V : struct
    {
        int* rows = list.Columns;
        float* gradients = list.Values;
        for (int i = 0; i < state.Rows; i += S.Lanes)
        {
            for (uint left = S.Positive(Above<S, V>(S.Load(values + i), reach + i)); left != 0; left &= left - 1)
            {
                int row = i + BitOperations.TrailingZeroCount(left);
                rows[count] = row;
                gradients[count++] = values[row] * inverse * factors[row];
            }
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Above<S, V>(V value, float* reach)
        where S : struct, ISimd<V>
        where V : struct =>
        S.Subtract(S.Multiply(S.Max(value, S.Subtract(S.Zero, value)), S.Load(reach)), S.Broadcast(1f));

    /// <summary>The rows of every class of the tile, in order: the first, and from each the next; −1 ends.</summary>
    private void ChainTargets(int* firstRow, int* nextRow)
    {
        new Span<int>(firstRow, Width).Fill(-1);
        for (int row = problem.Rows - 1; row >= 0; row--)
        {
            int target = problem.Labels[row] - _first;
            if (problem.Labels[row] >= 0 && (uint)target < (uint)Width)
            {
                (nextRow[row], firstRow[target]) = (firstRow[target], row);
            }
        }
    }
}
