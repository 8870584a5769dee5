using Hypersphere.Kernels.Simd;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <content>Every tile by itself, then every row.</content>
public static unsafe partial class MarginSoftmax
{
    /// <summary>Joins the tiles of a row: its maximum, S⁻, the loss, and S⁻/S.</summary>
    private static void FinishRow(in MarginSoftmaxProblem problem, in MarginSoftmaxState state, int row, float target, float* losses)
    {
        int rows = state.Rows;
        float max = float.NegativeInfinity;
        for (int tile = 0; tile < state.Tiles; tile++)
        {
            max = MathF.Max(max, state.TileMax[((nint)tile * rows) + row]);
        }

        double sum = 0;
        for (int tile = 0; tile < state.Tiles; tile++)
        {
            nint at = ((nint)tile * rows) + row;
            sum += state.TileSum[at] == 0 ? 0 : state.TileSum[at] * Math.Exp((double)problem.Scale * (state.TileMax[at] - max));
        }

        bool ignored = problem.Labels[row] < 0 || sum == 0;
        double odds = ignored ? double.NegativeInfinity : Math.Log(sum) + ((double)problem.Scale * ((double)max - target));
        double others = 1 / (1 + Math.Exp(-odds));
        losses[row] = ignored ? 0 : (float)(Math.Max(0, odds) + LogOnePlus(Math.Exp(-Math.Abs(odds))));
        state.RowMax[row] = ignored ? 0 : max;
        state.Others[row] = (float)others;
        state.OthersPerSum[row] = ignored ? 0 : (float)(others / sum);
    }

    private static double LogOnePlus(double x) => x > 1e-4 ? Math.Log(1 + x) : x * (1 - (x * (0.5 - (x / 3))));

    private readonly struct ForwardKernel(MarginSoftmaxProblem problem, MarginSoftmaxState state) : IKernel
    {
        public void Run<S, V>(int chunk)
            where S : struct, ISimd<V>
            where V : struct
        {
            float* values = state.IsKept ? state.Kept + (chunk * state.TileLength)
                : Scratch.Floats(Scratch.Slot.MarginSoftmax, state.TileLength);
            new MarginSoftmaxTile(problem, state, chunk).Exponentials<S, V>(values);
        }
    }
}
