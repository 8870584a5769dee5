namespace Hypersphere.Losses.Pairs;

/// <summary>Who is compared with whom.</summary>
/// <param name="Labels">Classes of the anchors.</param>
/// <param name="ReferenceLabels">Classes of the references.</param>
/// <param name="Self">For every anchor the reference that is itself, or −1; empty when none is.</param>
/// <param name="IsOneSet">Whether the references are the anchors, row for row.</param>
/// <param name="Random">Randomness of the batch.</param>
internal readonly record struct PairSides(
    ReadOnlyMemory<int> Labels, ReadOnlyMemory<int> ReferenceLabels, ReadOnlyMemory<int> Self, bool IsOneSet, Rng Random)
{
    public static PairSides Of(ReadOnlyMemory<int> labels, Rng random)
    {
        int[] self = new int[labels.Length];
        for (int i = 0; i < self.Length; i++)
        {
            self[i] = i;
        }

        return new(labels, labels, self, true, random);
    }
}
