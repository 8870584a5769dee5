using Hypersphere.Formats;

namespace Hypersphere.Data;

/// <summary>Changes one after another, each with randomness of its own: adding one does not alter what the others do.</summary>
/// <param name="changes">In order.</param>
/// <param name="imageBytes">Bytes of an image.</param>
internal sealed class AugmentationChain(IReadOnlyList<Augmentation> changes, int imageBytes)
{
    /// <summary>How many of the same kind stand before each.</summary>
    private readonly int[] _ordinal = [.. changes.Select((c, i) => changes.Take(i).Count(before => before.GetType() == c.GetType()))];
    private readonly byte[] _first = new byte[changes.Count > 1 ? imageBytes : 0];
    private readonly byte[] _second = new byte[changes.Count > 2 ? imageBytes : 0];

    /// <summary>Changes an image.</summary>
    /// <param name="source">[H,W,C].</param>
    /// <param name="target">[H,W,C], other memory.</param>
    /// <param name="shape">H, W and C.</param>
    /// <param name="random">The image's own randomness in this epoch.</param>
    public void Apply(ReadOnlySpan<byte> source, Span<byte> target, ImageInfo shape, Rng random)
    {
        ReadOnlySpan<byte> current = source;
        for (int i = 0; i < changes.Count; i++)
        {
            Span<byte> next = i == changes.Count - 1 ? target : i % 2 == 0 ? _first : _second;
            changes[i].Apply(current, next, shape, random.Fork(changes[i].GetType().Name, _ordinal[i]));
            current = next;
        }
    }
}
