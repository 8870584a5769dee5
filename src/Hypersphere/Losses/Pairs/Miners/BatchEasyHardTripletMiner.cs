using System.ComponentModel;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>Triplets of a hard, semihard or easy positive and negative of every anchor.</summary>
/// <remarks>As the miner of pairs of that name: hard is the farthest positive and the nearest negative, easy the opposite, semihard the
/// hardest that keeps d_p &lt; d_n. With <c>all</c> on one side every one of that side joins the choice of the other. An anchor that lacks
/// either gives no triplet. Time and memory N·M (N·P·M with <c>all</c> on both sides).</remarks>
/// <param name="positives">Which positive.</param>
/// <param name="negatives">Which negative.</param>
[Component(
    "batch-easy-hard", Summary = "a hard, semihard or easy positive with such a negative", Equation = "p = argmin d_ap or argmax d_ap, n = argmax d_an or argmin d_an",
    Paper = "Xuan et al., Improved embeddings with easy positive triplet mining, WACV 2020")]
public sealed class BatchEasyHardTripletMiner(
    [Description("which positive")] MiningStrategy positives = MiningStrategy.Easy,
    [Description("which negative")] MiningStrategy negatives = MiningStrategy.Semihard)
    : TripletMiner
{
    private readonly EasyHard _rule = new EasyHard(positives, negatives).Checked("batch-easy-hard");

    /// <summary>Which positive.</summary>
    public MiningStrategy Positives => _rule.Positives;

    /// <summary>Which negative.</summary>
    public MiningStrategy Negatives => _rule.Negatives;

    /// <inheritdoc/>
    protected internal override void Mine(PairBatch batch, int anchor, Action<int, int> visit)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(visit);
        (int positive, int negative) = _rule.Choose(batch, anchor);
        ReadOnlySpan<Relation> relations = batch.Relations(anchor);
        for (int p = 0; p < relations.Length; p++)
        {
            bool isChosen = relations[p] == Relation.Positive && (Positives == MiningStrategy.All || p == positive);
            for (int n = 0; n < relations.Length && isChosen; n++)
            {
                if (relations[n] == Relation.Negative && (Negatives == MiningStrategy.All || n == negative))
                {
                    visit(p, n);
                }
            }
        }
    }
}
