using Hypersphere.Backends;
using Hypersphere.Collectives;
using Hypersphere.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Hypersphere.Ops;

/// <summary>The rows of all ranks in one matrix.</summary>
internal static class Gather
{
    /// <summary>[rows, D] from every rank's share of the rows. Backward takes the own rows of the gradient, which must be whole there: what all
    /// ranks' losses give together.</summary>
    public static Tensor Forward(Tensor own, int rows, ICollective ranks)
    {
        if (ranks.Size == 1)
        {
            return own;
        }

        Shares shares = new(rows, ranks.Size, own.Shape[1]);
        Tensor all = Tensor.Empty(new Shape(rows, own.Shape[1]));
        own.Span.CopyTo(shares.Of(all.Span, ranks.Rank));
        ranks.AllGather(all.Span, shares);
        return Tape.Remember(all, own.NeedsGradient, dAll =>
        {
            GradientTarget target = GradientTarget.Of(own);
            Span<float> dOwn = target.Tensor!.Span, part = shares.Of(dAll.Span, ranks.Rank);
            if (target.Accumulate)
            {
                TensorPrimitives.Add(dOwn, part, dOwn);
            }
            else
            {
                part.CopyTo(dOwn);
            }
        });
    }
}
