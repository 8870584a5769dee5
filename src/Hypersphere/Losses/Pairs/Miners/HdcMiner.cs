using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Losses.Pairs;

/// <summary>The hardest share of all positive and of all negative pairs of the batch.</summary>
/// <remarks>The ⌈f·n⌉ farthest of n positive pairs and the ⌈f·n⌉ nearest of n negative ones, ordered pairs counted; of equal ones those of
/// the first anchors. Yuan et al., Hard-aware deeply cascaded embedding, ICCV 2017, section 3.2. Time and memory N·M: no sorting.</remarks>
/// <param name="share">f.</param>
[Component(
    "hdc", Summary = "the hardest share of all pairs", Equation = "the ⌈f·n⌉ farthest positives, the ⌈f·n⌉ nearest negatives",
    Paper = "Yuan et al., Hard-aware deeply cascaded embedding, ICCV 2017")]
public sealed class HdcMiner([Range(0, 1), Description("share f of the pairs")] float share = 0.5f) : PairMiner
{
    /// <summary>f.</summary>
    public float Share { get; } = share;

    /// <inheritdoc/>
    protected override void Choose(PairBatch batch, PairChoice keep)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(keep);
        Choose(batch, keep, Relation.Positive, batch.Distance.Sign);
        Choose(batch, keep, Relation.Negative, -batch.Distance.Sign);
    }

    /// <summary>Keeps the pairs of one relation with the largest sign·value.</summary>
    private void Choose(PairBatch batch, PairChoice keep, Relation relation, int sign)
    {
        long pairs = 0;
        for (int i = 0; i < batch.Anchors; i++)
        {
            pairs += batch.Count(i, relation);
        }

        // The decimal reading of the share: 0.1 of 240 is 24, though the nearest float is a little more than 0.1.
        long wanted = Math.Min((long)Math.Ceiling((double)(decimal)Share * pairs), pairs);
        (uint bound, long ties) = Bound(batch, relation, sign, wanted);
        for (int i = 0; i < batch.Anchors; i++)
        {
            Span<Relation> row = keep[i];
            ReadOnlySpan<float> values = batch.Values(i);
            for (int j = 0; j < row.Length; j++)
            {
                if (row[j] == relation)
                {
                    uint key = Key(sign * values[j]);
                    bool chosen = wanted > 0 && (key > bound || (key == bound && ties-- > 0));
                    row[j] = chosen ? relation : Relation.None;
                }
            }
        }
    }

    /// <summary>The key of the last pair that is wanted, and how many of that key.</summary>
    private static (uint Bound, long Ties) Bound(PairBatch batch, Relation relation, int sign, long wanted)
    {
        uint prefix = 0;
        for (int shift = 16; shift >= 0 && wanted > 0; shift -= 16)
        {
            long[] counts = new long[1 << 16];
            for (int i = 0; i < batch.Anchors; i++)
            {
                ReadOnlySpan<float> values = batch.Values(i);
                ReadOnlySpan<Relation> relations = batch.Relations(i);
                for (int j = 0; j < values.Length; j++)
                {
                    uint key = Key(sign * values[j]);
                    counts[(key >> shift) & 0xFFFF] += relations[j] == relation && (shift == 16 || key >> 16 == prefix >> 16) ? 1 : 0;
                }
            }

            int digit = counts.Length - 1;
            for (; counts[digit] < wanted; digit--)
            {
                wanted -= counts[digit];
            }

            prefix |= (uint)digit << shift;
        }

        return (prefix, wanted);
    }

    /// <summary>Bits that are ordered as the numbers are.</summary>
    private static uint Key(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value + 0f);
        return (bits & 0x80000000) == 0 ? bits | 0x80000000 : ~bits;
    }
}
