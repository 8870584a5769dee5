using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <content>Gradients. With G_ij = dL/dcos_ij / ‖w_j‖ both are plain products: dŵ_j/‖w_j‖ = Σ_i G_ij·x̂_i and dx̂_i = Σ_j G_ij·w_j.</content>
public static unsafe partial class MarginSoftmax
{
    private readonly struct BackwardKernel(
        MarginSoftmaxProblem problem, MarginSoftmaxState state, float* targetSlopes, float* rowWeights,
        float* partials, float* dw, bool accumulate) : IKernel
    {
        public void Run<S, V>(int chunk)
            where S : struct, ISimd<V>
            where V : struct
        {
            nint size = (nint)state.Width * problem.Rows, gradient = accumulate ? (nint)state.Width * problem.Dimensions : 0;
            float* scratch = Scratch.Floats(Scratch.Slot.MarginSoftmax, gradient + (state.IsKept ? 0 : size));
            int first = state.FirstTile(chunk);
            for (int tile = first; tile < state.FirstTile(chunk + 1); tile++)
            {
                float* values = state.IsKept ? state.Kept + (tile * size) : scratch + gradient;
                if (!state.IsKept)
                {
                    Tile<S, V>(problem, state, tile, values);
                }

                for (int row = 0; row < problem.Rows; row++)
                {
                    Coefficients<S, V>(tile, row, values);
                }

                if (partials != null)
                {
                    AddToEmbeddings(tile, values, partials + ((nint)chunk * problem.Rows * problem.Dimensions), tile > first);
                }

                if (dw != null)
                {
                    Prototypes(tile, values, scratch);
                }
            }
        }

        /// <summary>e·slope → G, for one row of a tile.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Coefficients<S, V>(int tile, int row, float* values)
            where S : struct, ISimd<V>
            where V : struct
        {
            int first = tile * state.Width, width = state.WidthOf(tile, problem.Classes), label = problem.Labels[row];
            float* z = values + ((nint)row * width), inverse = state.InversePrototypeNorm + first;
            if (label < 0)
            {
                new Span<float>(z, width).Clear();
                return;
            }

            float gain = rowWeights[row] * problem.Scale;
            double fall = (double)problem.Scale * (state.TileMax[((nint)tile * problem.Rows) + row] - state.RowMax[row]);
            float factor = (float)(gain * state.OthersPerSum[row] * Math.Exp(fall));
            V factors = S.Broadcast(factor);
            int j = 0;
            for (; j <= width - S.Lanes; j += S.Lanes)
            {
                S.Store(S.Multiply(S.Multiply(S.Load(z + j), factors), S.Load(inverse + j)), z + j);
            }

            for (; j < width; j++)
            {
                z[j] = z[j] * factor * inverse[j];
            }

            if ((uint)(label - first) < (uint)width)
            {
                z[label - first] = -gain * targetSlopes[row] * state.Others[row] * inverse[label - first];
            }
        }

        private void AddToEmbeddings(int tile, float* values, float* partial, bool accumulate)
        {
            int size = problem.Dimensions, width = state.WidthOf(tile, problem.Classes);
            float* prototypes = problem.Prototypes + ((nint)tile * state.Width * size);
            Gemm.Multiply(false, false, problem.Rows, size, width, values, width, prototypes, size, partial, size, accumulate);
        }

        /// <summary>dw of a tile: the product, minus its part along w.</summary>
        private void Prototypes(int tile, float* values, float* scratch)
        {
            int size = problem.Dimensions, width = state.WidthOf(tile, problem.Classes), first = tile * state.Width;
            float* result = dw + ((nint)first * size), product = accumulate ? scratch : result;
            Gemm.Multiply(true, false, width, size, problem.Rows, values, width, state.Unit, size, product, size);
            for (int j = 0; j < width; j++)
            {
                var gradient = new Span<float>(product + ((nint)j * size), size);
                var prototype = new ReadOnlySpan<float>(problem.Prototypes + ((nint)(first + j) * size), size);
                float inverse = state.InversePrototypeNorm[first + j];
                float along = -TensorPrimitives.Dot(gradient, prototype) * inverse * inverse;
                TensorPrimitives.MultiplyAdd(prototype, along, gradient, gradient);
                if (accumulate)
                {
                    var sum = new Span<float>(result + ((nint)j * size), size);
                    TensorPrimitives.Add(sum, gradient, sum);
                }
            }
        }
    }

    /// <summary>Joins the chunks' dx̂ in order and passes them through the normalisation.</summary>
    private readonly struct JoinBody(
        MarginSoftmaxProblem problem, MarginSoftmaxState state, float* partials, float* normSlopes, float* rowWeights,
        float* dx, bool accumulate, int rowsPerChunk) : IParallelBody
    {
        public void Run(int chunk)
        {
            int last = Math.Min(problem.Rows, (chunk + 1) * rowsPerChunk);
            for (int row = chunk * rowsPerChunk; row < last; row++)
            {
                Join(row);
            }
        }

        private void Join(int row)
        {
            int size = problem.Dimensions;
            nint offset = (nint)row * size, step = (nint)problem.Rows * size;
            var sum = new Span<float>(partials + offset, size);
            for (int part = 1; part < state.Chunks; part++)
            {
                TensorPrimitives.Add(sum, new ReadOnlySpan<float>(partials + (part * step) + offset, size), sum);
            }

            var unit = new ReadOnlySpan<float>(state.Unit + offset, size);
            float along = -TensorPrimitives.Dot(sum, unit), inverse = state.InverseNorm[row];
            TensorPrimitives.MultiplyAdd(unit, along, sum, sum);
            TensorPrimitives.Multiply(sum, inverse, sum);
            if (normSlopes != null && problem.Labels[row] >= 0)
            {
                float slope = -rowWeights[row] * problem.Scale * state.Others[row] * normSlopes[row];
                TensorPrimitives.MultiplyAdd(unit, slope, sum, sum);
            }

            var target = new Span<float>(dx + offset, size);
            if (accumulate)
            {
                TensorPrimitives.Add(target, sum, target);
            }
            else
            {
                sum.CopyTo(target);
            }
        }
    }
}
