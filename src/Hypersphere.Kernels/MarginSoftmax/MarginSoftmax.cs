using System.Numerics.Tensors;
using Hypersphere.Kernels.Simd;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <summary>Softmax over scaled cosines with a margin on the target, fused with both normalisations: loss, dE and dW.</summary>
/// <remarks>cos_ij = x_i·w_j / (‖x_i‖·‖w_j‖), 0 when a norm is ≤ 1e-12. The loss of a row is log(1 + S⁻/E_y) with S⁻ = Σ_{j≠y} e^{s·v_ij},
/// v the cosine after <see cref="HardNegatives"/>, E_y = e^{s·ψ}, ψ supplied by the caller from the target cosine. Never cancels near
/// convergence (log1p; 1 − P_y = S⁻/S) and never overflows (each tile of classes has its own maximum). Classes are cut by shape into chunks
/// that own their rows of dW and a partial dE, joined in order: same bits for any number of threads. Cost: 3 products of 2·N·C·D flops, 4
/// for those of the exponentials that do not fit the budget. Call the three phases in order, on one state.</remarks>
public static unsafe partial class MarginSoftmax
{
    private const int RowsPerChunk = 16;

    /// <summary>Floats of state that the caller keeps from <see cref="TargetCosines"/> to <see cref="Backward"/>: about N·D + C, and as much
    /// of N·C as is kept.</summary>
    /// <param name="problem">Sizes and budget; pointers are not read.</param>
    public static long StateLength(in MarginSoftmaxProblem problem) => new MarginSoftmaxState(problem, null).Length;

    /// <summary>First phase: normalises the embeddings and takes every row's cosine with its own prototype.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="state">[StateLength], written.</param>
    /// <param name="cosines">[N], in [−1, 1]; 0 for an ignored row or a zero norm.</param>
    /// <param name="norms">[N], ‖x_i‖, or null.</param>
    public static void TargetCosines(in MarginSoftmaxProblem problem, float* state, float* cosines, float* norms)
    {
        var parts = new MarginSoftmaxState(problem, state);
        var body = new CosineBody(problem, parts, cosines, norms);
        WorkerPool.Shared.Run(parts.Rows / RowsPerChunk, ref body);
        PackedGemm.PackRightTransposed(parts.Unit, problem.Dimensions, problem.Dimensions, parts.Rows, parts.PackedTransposed);
        PackedGemm.PackRight(parts.Unit, problem.Dimensions, parts.Rows, problem.Dimensions, parts.Packed);
    }

    /// <summary>Replaces the target cosines that <see cref="TargetCosines"/> found among the classes here by those among all.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="state">From the first phase, updated.</param>
    /// <param name="cosines">[N].</param>
    public static void SetTargetCosines(in MarginSoftmaxProblem problem, float* state, ReadOnlySpan<float> cosines) =>
        cosines.CopyTo(new(new MarginSoftmaxState(problem, state).TargetCosine, problem.Rows));

    /// <summary>Second phase: the loss of every row.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="state">From the first phase, updated.</param>
    /// <param name="targetValues">[N], ψ_i, which replaces the target cosine.</param>
    /// <param name="lossPerRow">[N], nats; 0 for an ignored row.</param>
    public static void Forward(in MarginSoftmaxProblem problem, float* state, float* targetValues, float* lossPerRow)
    {
        Totals(problem, state);
        Rows(problem, state, targetValues, lossPerRow);
    }

    /// <summary>First half of <see cref="Forward"/>: what each row has among the classes here. Ranks join their totals before the second
    /// half.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="state">From the first phase, updated.</param>
    public static MarginSoftmaxTotals Totals(in MarginSoftmaxProblem problem, float* state)
    {
        var parts = new MarginSoftmaxState(problem, state);
        if (problem.Rows > 0)
        {
            Launch.Run(parts.Tiles, new ForwardKernel(problem, parts));
            if (problem.Smoothing > 0)
            {
                SumPrototypes(problem, parts);
            }

            var rows = new TotalBody(parts);
            WorkerPool.Shared.Run(parts.Rows / RowsPerChunk, ref rows);
        }

        return new(problem.Rows, problem.Dimensions, parts);
    }

    /// <summary>Second half of <see cref="Forward"/>: the loss of every row from its totals over all classes.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="state">With the totals of all classes.</param>
    /// <param name="targetValues">[N], ψ_i.</param>
    /// <param name="lossPerRow">[N], nats; 0 for an ignored row.</param>
    public static void Rows(in MarginSoftmaxProblem problem, float* state, float* targetValues, float* lossPerRow)
    {
        var parts = new MarginSoftmaxState(problem, state);
        var rows = new RowBody(problem, parts, targetValues, lossPerRow);
        WorkerPool.Shared.Run(parts.Rows / RowsPerChunk, ref rows);
    }

    /// <summary>Third phase: gradients. Spends the state: once a forward pass.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="state">From the second phase.</param>
    /// <param name="targetSlopes">[N], dψ_i/dcos_i.</param>
    /// <param name="normSlopes">[N], dψ_i/d‖x_i‖, or null when ψ does not depend on the norm.</param>
    /// <param name="rowWeights">[N], gradient of the total with respect to each row's loss, such as 1/N.</param>
    /// <param name="dx">[N, D], or null.</param>
    /// <param name="accumulateDx">Adds to dx instead of assigning.</param>
    /// <param name="dw">What becomes of the prototypes' gradient; a step changes the prototypes.</param>
    public static void Backward(
        in MarginSoftmaxProblem problem, float* state, float* targetSlopes, float* normSlopes, float* rowWeights,
        float* dx, bool accumulateDx, in PrototypeGradient dw)
    {
        float* sum = Gradients(problem, state, targetSlopes, rowWeights, dx != null, dw);
        if (dx != null)
        {
            ThroughNorm(problem, state, sum, targetSlopes, normSlopes, rowWeights, 0, problem.Rows, dx, accumulateDx);
        }
    }

    /// <summary>First half of <see cref="Backward"/>: what the classes here give to dx̂, and dw. Ranks add their dx̂ before the second
    /// half.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="state">From the second phase; spent.</param>
    /// <param name="targetSlopes">[N], dψ_i/dcos_i.</param>
    /// <param name="rowWeights">[N], gradient of the total with respect to each row's loss.</param>
    /// <param name="wantsDx">Whether dx̂ is wanted.</param>
    /// <param name="dw">What becomes of the prototypes' gradient; a step changes the prototypes.</param>
    /// <returns>[N, D], dx̂, valid until this thread's next call; null if it is not wanted.</returns>
    public static float* Gradients(
        in MarginSoftmaxProblem problem, float* state, float* targetSlopes, float* rowWeights, bool wantsDx, in PrototypeGradient dw)
    {
        var parts = new MarginSoftmaxState(problem, state);
        nint size = (nint)parts.Rows * problem.Dimensions;
        float* sum = wantsDx ? Scratch.Floats(Scratch.Slot.MarginSoftmaxPartial, parts.Chunks * size) : null;
        if (problem.Rows == 0)
        {
            WithoutRows(problem, dw);
            return sum;
        }

        for (int row = 0; row < parts.Rows; row++)
        {
            float weight = row < problem.Rows && problem.Labels[row] != -1 ? rowWeights[row] * parts.RowScale[row] : 0;
            parts.Gain[row] = weight * parts.OthersPerSum[row];
            parts.Offset[row] = -weight * problem.Smoothing / problem.AllClasses;
            parts.Reach[row] = parts.OthersPerSum[row] == 0 ? 0 : (float)(1 / (problem.SparseGradient * parts.RowSum[row]));
        }

        Launch.Run(parts.Chunks, new BackwardKernel(problem, parts, targetSlopes, rowWeights, sum, dw));
        if (sum != null)
        {
            var body = new JoinBody(problem, parts, sum);
            WorkerPool.Shared.Run(parts.Rows / RowsPerChunk, ref body);
        }

        return sum;
    }

    /// <summary>Second half of <see cref="Backward"/>: passes dx̂ of some rows through the normalisation.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="state">As <see cref="Gradients"/> left it.</param>
    /// <param name="sum">[N, D], dx̂ over all classes in these rows; spent.</param>
    /// <param name="targetSlopes">[N], dψ_i/dcos_i.</param>
    /// <param name="normSlopes">[N], dψ_i/d‖x_i‖, or null when ψ does not depend on the norm.</param>
    /// <param name="rowWeights">[N], gradient of the total with respect to each row's loss.</param>
    /// <param name="first">The first of the rows.</param>
    /// <param name="end">The row after the last.</param>
    /// <param name="dx">[N, D], of which these rows are written.</param>
    /// <param name="accumulate">Adds to dx instead of assigning.</param>
    public static void ThroughNorm(
        in MarginSoftmaxProblem problem, float* state, float* sum, float* targetSlopes, float* normSlopes, float* rowWeights,
        int first, int end, float* dx, bool accumulate)
    {
        var parts = new MarginSoftmaxState(problem, state);
        var body = new NormBody(problem, parts, sum, targetSlopes, normSlopes, rowWeights, first, end, dx, accumulate);
        WorkerPool.Shared.Run((end - first + RowsPerChunk - 1) / RowsPerChunk, ref body);
    }

    /// <summary>A gradient of zeros.</summary>
    private static void WithoutRows(in MarginSoftmaxProblem problem, in PrototypeGradient dw)
    {
        if (dw.Steps)
        {
            Launch.Run(1, new ZeroStepKernel(problem, dw));
        }
        else if (dw.Target != null && !dw.Accumulate)
        {
            for (nint j = 0; j < problem.Classes; j++)
            {
                new Span<float>(dw.Target + (j * problem.Dimensions), problem.Dimensions).Clear();
            }
        }
    }

    private readonly struct ZeroStepKernel(MarginSoftmaxProblem problem, PrototypeGradient dw) : IKernel
    {
        public void Run<S, V>(int chunk)
            where S : struct, ISimd<V>
            where V : struct
        {
            int size = problem.Dimensions;
            float* zeros = Scratch.Floats(Scratch.Slot.MarginSoftmax, size);
            new Span<float>(zeros, size).Clear();
            for (nint j = 0; j < problem.Classes; j++)
            {
                dw.Step<S, V>(size, problem.Prototypes + (j * size), zeros, j * size);
            }
        }
    }

    private readonly struct CosineBody(
        MarginSoftmaxProblem problem, MarginSoftmaxState state, float* cosines, float* norms) : IParallelBody
    {
        public void Run(int chunk)
        {
            int first = chunk * RowsPerChunk, last = Math.Min(problem.Rows, first + RowsPerChunk), size = problem.Dimensions;
            for (int row = first; row < last; row++)
            {
                var x = new ReadOnlySpan<float>(problem.Embeddings + ((nint)row * size), size);
                float norm = TensorPrimitives.Norm(x), inverse = norm > MarginSoftmaxState.Epsilon ? 1 / norm : 0;
                state.InverseNorm[row] = inverse;
                var unit = new Span<float>(state.Unit + ((nint)row * size), size);
                TensorPrimitives.Multiply(x, inverse, unit);
                if (norms != null)
                {
                    norms[row] = norm;
                }

                int label = problem.Labels[row];
                float cosine = label < 0 ? 0 : Cosine(unit, new(problem.Prototypes + ((nint)label * size), size));
                cosines[row] = state.TargetCosine[row] = cosine;
                state.RowScale[row] = problem.ScaleByNorm ? problem.Scale * norm : problem.Scale;
            }

            int padded = first + RowsPerChunk;
            new Span<float>(state.RowScale + last, padded - last).Clear();
            new Span<float>(state.Unit + ((nint)last * size), (padded - last) * size).Clear();
        }

        private static float Cosine(ReadOnlySpan<float> unit, ReadOnlySpan<float> prototype)
        {
            float norm = TensorPrimitives.Norm(prototype);
            float cosine = norm > MarginSoftmaxState.Epsilon ? TensorPrimitives.Dot(unit, prototype) / norm : 0;
            return Math.Clamp(cosine, -1, 1);
        }
    }
}
