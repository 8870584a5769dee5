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

                tile.Gradients<S, V>(values, rowWeights, targetSlopes);
                if (partials != null)
                {
                    float* partial = partials + ((nint)chunk * state.Rows * size);
                    PackedGemm.PackRight(tile.Prototypes, size, tile.Width, size, scratch);
                    LeftFactor gradients = PackedGemm.Columns(values, state.Step);
                    PackedGemm.Multiply(gradients, state.Rows, size, tile.Width, scratch, partial, size, index > first);
                }

                if (dw.Wanted)
                {
                    Prototypes<S, V>(tile, values, (nint)index * state.Width * size, scratch);
                }
            }
        }

        /// <summary>dw of a tile: the product, minus its part along w. It is stored, or used while it is in the cache.</summary>
        private void Prototypes<S, V>(in MarginSoftmaxTile tile, float* values, nint offset, float* scratch)
            where S : struct, ISimd<V>
            where V : struct
        {
            int size = problem.Dimensions;
            bool direct = dw.Step is null && !dw.Accumulate;
            float* product = direct ? dw.Target + offset : scratch;
            PackedGemm.Multiply(PackedGemm.Rows(values, state.Step), tile.Width, size, state.Rows, state.Packed, product, size);
            for (int j = 0; j < tile.Width; j++, product += size, offset += size)
            {
                float* prototype = tile.Prototypes + ((nint)j * size);
                float inverse = tile.InverseNorms[j];
                float along = -RowMath.Dot<S, V>(product, prototype, size) * inverse * inverse;
                RowMath.Combine<S, V>(along, prototype, 1, product, product, size);
                if (dw.Step is { } rule)
                {
                    SgdUpdate.Step<S, V>(size, prototype, product, dw.Velocity + offset, rule);
                }
                else if (!direct)
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
