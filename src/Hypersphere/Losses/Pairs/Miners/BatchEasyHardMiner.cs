using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>One positive and one negative pair of every anchor, each hard, semihard or easy.</summary>
/// <remarks>hard: the farthest positive, the nearest negative; easy: the nearest positive, the farthest negative; semihard: the hardest
/// that keeps d_p &lt; d_n strictly. An anchor that lacks either gives no pair, unless <c>all</c> takes every pair of one kind. Of equal
/// ones the first counts. Xuan et al., Improved embeddings with easy positive triplet mining, WACV 2020. Time and memory N·M.</remarks>
/// <param name="positives">Which positive.</param>
/// <param name="negatives">Which negative.</param>
/// <param name="positiveLow">Least value of a positive pair, inclusive; the distance or similarity itself.</param>
/// <param name="positiveHigh">Largest value of a positive pair, inclusive.</param>
/// <param name="negativeLow">Least value of a negative pair.</param>
/// <param name="negativeHigh">Largest value of a negative pair.</param>
[Component(
    "batch-easy-hard", Summary = "a hard, semihard or easy positive and negative of every anchor",
    Equation = "p = argmin d_ap or argmax d_ap, n = argmax d_an or argmin d_an",
    Paper = "Xuan et al., Improved embeddings with easy positive triplet mining, WACV 2020")]
public sealed class BatchEasyHardMiner(
    [Description("which positive")] MiningStrategy positives = MiningStrategy.Easy,
    [Description("which negative")] MiningStrategy negatives = MiningStrategy.Semihard,
    [Range(-1e6, 1e6), Description("least value of a positive pair")] float positiveLow = -1e6f,
    [Range(-1e6, 1e6), Description("largest value of a positive pair")] float positiveHigh = 1e6f,
    [Range(-1e6, 1e6), Description("least value of a negative pair")] float negativeLow = -1e6f,
    [Range(-1e6, 1e6), Description("largest value of a negative pair")] float negativeHigh = 1e6f)
    : AnchorMiner
{
    private readonly EasyHard _rule = new EasyHard(positives, negatives)
    {
        PositiveRange = (positiveLow, positiveHigh), NegativeRange = (negativeLow, negativeHigh),
    }.Checked("batch-easy-hard");

    /// <summary>Which positive.</summary>
    public MiningStrategy Positives => _rule.Positives;

    /// <summary>Which negative.</summary>
    public MiningStrategy Negatives => _rule.Negatives;

    /// <summary>Least value of a positive pair.</summary>
    public float PositiveLow => _rule.PositiveRange.Low;

    /// <summary>Largest value of a positive pair.</summary>
    public float PositiveHigh => _rule.PositiveRange.High;

    /// <summary>Least value of a negative pair.</summary>
    public float NegativeLow => _rule.NegativeRange.Low;

    /// <summary>Largest value of a negative pair.</summary>
    public float NegativeHigh => _rule.NegativeRange.High;

    /// <inheritdoc/>
    protected override void Choose(PairBatch batch, int anchor, Span<Relation> keep)
    {
        ArgumentNullException.ThrowIfNull(batch);
        (int positive, int negative) = _rule.Choose(batch, anchor);
        (bool everyPositive, bool everyNegative) = (Positives == MiningStrategy.All, Negatives == MiningStrategy.All);
        bool complete = everyPositive || everyNegative || (positive >= 0 && negative >= 0);
        for (int j = 0; j < keep.Length; j++)
        {
            bool chosen = keep[j] == Relation.Positive ? everyPositive || j == positive : everyNegative || j == negative;
            keep[j] = complete && chosen ? keep[j] : Relation.None;
        }
    }
}
