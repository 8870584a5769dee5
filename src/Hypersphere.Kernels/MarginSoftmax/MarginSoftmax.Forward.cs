using System.Numerics.Tensors;
using Hypersphere.Kernels.Simd;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <content>Every tile by itself, then every row.</content>
public static unsafe partial class MarginSoftmax
{
    private static double LogOnePlus(double x) => x > 1e-4 ? Math.Log(1 + x) : x * (1 - (x * (0.5 - (x / 3))));

    /// <summary>Joins the tiles of a row: its maximum and its sum.</summary>
    private readonly struct TotalBody(MarginSoftmaxState state) : IParallelBody
    {
        public void Run(int chunk)
        {
            for (int row = chunk * RowsPerChunk; row < (chunk + 1) * RowsPerChunk; row++)
            {
                Join(row);
            }
        }

        private void Join(int row)
        {
            int rows = state.Rows;
            float max = float.NegativeInfinity;
            for (int tile = 0; tile < state.Tiles; tile++)
            {
                max = MathF.Max(max, state.TileMax[((nint)tile * rows) + row]);
            }

            double sum = 0, scale = state.RowScale[row];
            for (int tile = 0; tile < state.Tiles; tile++)
            {
                nint at = ((nint)tile * rows) + row;
                sum += state.TileSum[at] == 0 ? 0 : state.TileSum[at] * Math.Exp(scale * (state.TileMax[at] - max));
            }

            (state.RowMax[row], state.RowSum[row]) = (max, sum);
        }
    }

    /// <summary>The loss of a row, and S⁻/S. The padding becomes zeros.</summary>
    private readonly struct RowBody(MarginSoftmaxProblem problem, MarginSoftmaxState state, float* targets, float* losses) : IParallelBody
    {
        public void Run(int chunk)
        {
            for (int row = chunk * RowsPerChunk; row < (chunk + 1) * RowsPerChunk; row++)
            {
                state.Others[row] = state.OthersPerSum[row] = 0;
                bool counts = row < problem.Rows && problem.Labels[row] != -1;
                if (counts)
                {
                    losses[row] = Finish(row);
                }
                else if (row < problem.Rows)
                {
                    losses[row] = 0;
                }

                if (!counts || state.RowSum[row] == 0)
                {
                    state.RowMax[row] = 0;
                }
            }
        }

        /// <summary>ε·(z_y − mean of all z), what the smoothed target adds to the cross-entropy.</summary>
        private double Smoothing(int row, double scale)
        {
            if (problem.Smoothing == 0)
            {
                return 0;
            }

            int size = problem.Dimensions;
            double cosines = TensorPrimitives.Dot<float>(new(state.Unit + ((nint)row * size), size), new(state.PrototypeSum, size));
            double own = state.TargetValue[row], sum = cosines - state.TargetCosine[row] + own;
            return problem.Smoothing * scale * (own - (sum / problem.AllClasses));
        }

        private float Finish(int row)
        {
            state.TargetValue[row] = targets[row];
            double max = state.RowMax[row], sum = state.RowSum[row], scale = state.RowScale[row];
            if (sum == 0)
            {
                return 0;
            }

            double odds = Math.Log(sum) + (scale * (max - targets[row]));
            double others = 1 / (1 + Math.Exp(-odds));
            state.Others[row] = (float)others;
            state.OthersPerSum[row] = (float)(others / sum);
            return (float)(Math.Max(0, odds) + LogOnePlus(Math.Exp(-Math.Abs(odds))) + Smoothing(row, scale));
        }
    }

    /// <summary>dL/dz_y of a row: p_y less the target distribution, times the row's weight.</summary>
    internal static float TargetGradient(in MarginSoftmaxProblem problem, in MarginSoftmaxState state, float* rowWeights, int row) =>
        rowWeights[row] * ((problem.Smoothing * (1 - (1f / problem.AllClasses))) - state.Others[row]);

    private static void SumPrototypes(MarginSoftmaxProblem problem, MarginSoftmaxState state)
    {
        var body = new PrototypeSumBody(problem, state);
        WorkerPool.Shared.Run((problem.Dimensions + PrototypeSumBody.Block - 1) / PrototypeSumBody.Block, ref body);
    }

    /// <summary>Σ_j w_j/‖w_j‖, some coordinates a chunk.</summary>
    private readonly struct PrototypeSumBody(MarginSoftmaxProblem problem, MarginSoftmaxState state) : IParallelBody
    {
        public const int Block = 64;

        public void Run(int chunk)
        {
            int first = chunk * Block, count = Math.Min(Block, problem.Dimensions - first);
            Span<float> sum = new(state.PrototypeSum + first, count);
            sum.Clear();
            for (int j = 0; j < problem.Classes; j++)
            {
                var part = new ReadOnlySpan<float>(problem.Prototypes + ((nint)j * problem.Dimensions) + first, count);
                TensorPrimitives.MultiplyAdd(part, state.InversePrototypeNorm[j], sum, sum);
            }
        }
    }

    private readonly struct ForwardKernel(MarginSoftmaxProblem problem, MarginSoftmaxState state) : IKernel
    {
        public void Run<S, V>(int chunk)
            where S : struct, ISimd<V>
            where V : struct
        {
            float* values = state.IsKept(chunk) ? state.Kept + (chunk * state.TileLength)
                : Scratch.Floats(Scratch.Slot.MarginSoftmax, state.TileLength);
            new MarginSoftmaxTile(problem, state, chunk).Exponentials<S, V>(values);
        }
    }
}
