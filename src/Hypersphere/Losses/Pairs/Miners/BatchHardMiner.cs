using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>The farthest positive with the nearest negative of every anchor.</summary>
/// <remarks>p = argmax d_ap, n = argmin d_an; of equal ones the first. An anchor without positives or without negatives gives no triplet.
/// Hermans et al., In defense of the triplet loss, 2017, eq. 5. Time and memory N·M.</remarks>
[Component(
    "batch-hard", Summary = "the hardest positive with the hardest negative of every anchor", Equation = "p = argmax d_ap, n = argmin d_an",
    Paper = "Hermans et al., In defense of the triplet loss for person re-identification, 2017, eq. 5")]
public sealed class BatchHardMiner : TripletMiner
{
    private static readonly EasyHard _rule = new(MiningStrategy.Hard, MiningStrategy.Hard);

    /// <inheritdoc/>
    protected internal override void Mine(PairBatch batch, int anchor, Action<int, int> visit)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(visit);
        (int positive, int negative) = _rule.Choose(batch, anchor);
        if (positive >= 0 && negative >= 0)
        {
            visit(positive, negative);
        }
    }
}
