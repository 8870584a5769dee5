using System.Numerics.Tensors;
using Hypersphere.Kernels.Simd;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <content>Gradients. With G_ij = dL/dcos_ij / ‖w_j‖ both are plain products: dŵ_j/‖w_j‖ = Σ_i G_ij·x̂_i and dx̂_i = Σ_j
/// G_ij·w_j.</content>
public static unsafe partial class MarginSoftmax
{
    private readonly struct BackwardKernel(
        MarginSoftmaxProblem problem, MarginSoftmaxState state, float* targetSlopes, float* rowWeights,
        float* partials, PrototypeGradient dw) : IKernel
    {
        public void Run<S, V>(int chunk)
            where S : struct, ISimd<V>
            where V : struct
        {
            int first = state.FirstTile(chunk), last = state.FirstTile(chunk + 1), size = problem.Dimensions;
            nint packed = PackedGemm.RightSize(state.Width, size);
            float* scratch = Scratch.Floats(Scratch.Slot.MarginSoftmax, packed + (state.IsKept(last - 1) ? 0 : state.TileLength));
            for (int index = first; index < last; index++)
            {
                var tile = new MarginSoftmaxTile(problem, state, index);
                bool kept = state.IsKept(index);
                float* values = kept ? state.Kept + (index * state.TileLength) : scratch + packed;
                if (!kept)
                {
                    tile.Exponentials<S, V>(values);
                }

                float* partial = partials == null ? null : partials + ((nint)chunk * state.Rows * size);
                float* product = dw.Wanted ? Product(index, scratch) : null;
                if (problem.SparseGradient > 0 && tile.ListGradients<S, V>(values, rowWeights, targetSlopes, out SparseMatrix byClass, out SparseMatrix byRow))
                {
                    Few<S, V>(tile, byClass, byRow, partial, index > first, product);
                }
                else
                {
                    All<S, V>(tile, values, partial, index > first, product, scratch);
                }

                if (dw.Wanted)
                {
                    Prototypes<S, V>(tile, product, (nint)index * state.Width * size);
                }
            }
        }

        /// <summary>Both gradients of a tile: products of all rows with all its classes.</summary>
        private void All<S, V>(in MarginSoftmaxTile tile, float* values, float* partial, bool accumulate, float* product, float* scratch)
            where S : struct, ISimd<V>
            where V : struct
        {
            int size = problem.Dimensions;
            if (problem.SparseGradient > 0)
            {
                tile.Drop<S, V>(values);
            }

            tile.Gradients<S, V>(values, rowWeights, targetSlopes);
            if (partial != null)
            {
                PackedGemm.PackRight(tile.Prototypes, size, tile.Width, size, scratch);
                PackedGemm.Multiply(PackedGemm.Columns(values, state.Step), state.Rows, size, tile.Width, scratch, partial, size, accumulate);
            }

            if (product != null)
            {
                PackedGemm.Multiply(PackedGemm.Rows(values, state.Step), tile.Width, size, state.Rows, state.Packed, product, size);
            }
        }

        /// <summary>The same of the pairs in two lists.</summary>
        private void Few<S, V>(in MarginSoftmaxTile tile, SparseMatrix byClass, SparseMatrix byRow, float* partial, bool accumulate, float* product)
            where S : struct, ISimd<V>
            where V : struct
        {
            if (partial != null)
            {
                byRow.Multiply<S, V>(tile.Prototypes, problem.Dimensions, partial, accumulate);
            }

            if (product != null)
            {
                byClass.Multiply<S, V>(state.Unit, problem.Dimensions, product, accumulate: false);
            }
        }

        /// <summary>Where dw of a tile is made: in its place, unless it is added there or never stored.</summary>
        private float* Product(int index, float* scratch) =>
            !dw.Steps && !dw.Accumulate ? dw.Target + ((nint)index * state.Width * problem.Dimensions) : scratch;

        /// <summary>dw of a tile: the product, minus its part along w. It is stored, or used while it is in the cache.</summary>
        private void Prototypes<S, V>(in MarginSoftmaxTile tile, float* product, nint offset)
            where S : struct, ISimd<V>
            where V : struct
        {
            int size = problem.Dimensions;
            for (int j = 0; j < tile.Width; j++, product += size, offset += size)
            {
                float* prototype = tile.Prototypes + ((nint)j * size);
                float inverse = tile.InverseNorms[j];
                float along = -RowMath.Dot<S, V>(product, prototype, size) * inverse * inverse;
                RowMath.Combine<S, V>(along, prototype, 1, product, product, size);
                if (dw.Steps)
                {
                    dw.Step<S, V>(size, prototype, product, offset);
                }
                else if (dw.Accumulate)
                {
                    RowMath.Combine<S, V>(1, product, 1, dw.Target + offset, dw.Target + offset, size);
                }
            }
        }
    }

    /// <summary>Joins the chunks' dx̂ in order.</summary>
    private readonly struct JoinBody(MarginSoftmaxProblem problem, MarginSoftmaxState state, float* partials) : IParallelBody
    {
        public void Run(int chunk)
        {
            int last = Math.Min(problem.Rows, (chunk + 1) * RowsPerChunk), size = problem.Dimensions;
            nint step = (nint)state.Rows * size;
            for (int row = chunk * RowsPerChunk; row < last; row++)
            {
                nint offset = (nint)row * size;
                var sum = new Span<float>(partials + offset, size);
                for (int part = 1; part < state.Chunks; part++)
                {
                    TensorPrimitives.Add(sum, new ReadOnlySpan<float>(partials + (part * step) + offset, size), sum);
                }
            }
        }
    }

    /// <summary>Passes dx̂ through the normalisation.</summary>
    private readonly struct NormBody(
        MarginSoftmaxProblem problem, MarginSoftmaxState state, float* sums, float* targetSlopes, float* normSlopes,
        float* rowWeights, int first, int end, float* dx, bool accumulate) : IParallelBody
    {
        public void Run(int chunk)
        {
            int start = first + (chunk * RowsPerChunk), last = Math.Min(end, start + RowsPerChunk);
            for (int row = start; row < last; row++)
            {
                Pass(row);
            }
        }

        private void Pass(int row)
        {
            int size = problem.Dimensions;
            nint offset = (nint)row * size;
            var sum = new Span<float>(sums + offset, size);
            var unit = new ReadOnlySpan<float>(state.Unit + offset, size);
            float along = TensorPrimitives.Dot(sum, unit), inverse = state.InverseNorm[row];
            TensorPrimitives.MultiplyAdd(unit, -along, sum, sum);
            TensorPrimitives.Multiply(sum, inverse, sum);
            float radial = Radial(row, along);
            if (radial != 0)
            {
                TensorPrimitives.MultiplyAdd(unit, radial, sum, sum);
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

        /// <summary>dL/d‖x‖: through ψ, and through the scale, where dL/ds = Σ_j dL/dz_j·v_j and <paramref name="along"/> is Σ_j
        /// dL/dcos_j·cos_j.</summary>
        private float Radial(int row, float along)
        {
            if (problem.Labels[row] == -1)
            {
                return 0;
            }

            float gradient = TargetGradient(problem, state, rowWeights, row), scale = state.RowScale[row], radial = 0;
            if (normSlopes != null)
            {
                radial = gradient * scale * normSlopes[row];
            }

            if (problem.ScaleByNorm && scale > 0)
            {
                float own = state.TargetValue[row] - (targetSlopes[row] * state.TargetCosine[row]);
                radial += problem.Scale * ((along / scale) + (gradient * own));
            }

            return radial;
        }
    }
}
