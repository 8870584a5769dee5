using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>Triplets by how far the negative is beyond the positive.</summary>
/// <remarks>With g = d_an − d_ap (similarities: s_ap − s_an): hard g ≤ 0, semihard 0 &lt; g ≤ m, easy g &gt; m, all g ≤ m, which are the
/// triplets whose hinge is not 0. Schroff et al., FaceNet, CVPR 2015, section 3.2. Time N·P·M, memory N·M.</remarks>
/// <param name="margin">m, in units of the distance.</param>
/// <param name="type">Which triplets; <c>all</c> means all within the margin.</param>
[Component(
    "triplet-margin", Summary = "hard, semihard or easy triplets by a margin", Equation = "g = d_an − d_ap: hard g ≤ 0, semihard 0 < g ≤ m, easy g > m, all g ≤ m",
    Paper = "Schroff et al., FaceNet, CVPR 2015, section 3.2")]
public sealed class TripletMarginMiner(
    [Range(0, 100), Description("margin m, in units of the distance")] float margin = 0.2f,
    [Description("which triplets; all: those within the margin")] MiningStrategy type = MiningStrategy.All)
    : TripletMiner
{
    /// <summary>m.</summary>
    public float Margin { get; } = margin;

    /// <summary>Which triplets.</summary>
    public MiningStrategy Type { get; } = type;

    /// <inheritdoc/>
    protected internal override void Mine(PairBatch batch, int anchor, Action<int, int> visit)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(visit);
        int sign = batch.Distance.Sign;
        All(batch, anchor, (p, n) =>
        {
            ReadOnlySpan<float> values = batch.Values(anchor);
            double gap = sign * ((double)values[n] - values[p]);
            bool chosen = Type switch
            {
                MiningStrategy.Hard => gap <= 0,
                MiningStrategy.Semihard => gap > 0 && gap <= Margin,
                MiningStrategy.Easy => gap > Margin,
                _ => gap <= Margin,
            };
            if (chosen)
            {
                visit(p, n);
            }
        });
    }
}
