using System.Numerics;
using Hypersphere.Formats;

namespace Hypersphere.Data;

/// <summary>256 bits that hardly change when a picture is compressed, scaled or brightened: whether each cell of a 16×17 grid is brighter than
/// its left neighbour. Fewer bits would take aligned faces for one another.</summary>
internal readonly record struct PerceptualHash(ulong First, ulong Second, ulong Third, ulong Fourth)
{
    /// <summary>Bits in which two pictures of the same may differ; fewer than <see cref="Parts"/>.</summary>
    public const int Tolerance = 12;

    private const int Side = 16, Parts = 16;

    public static PerceptualHash Of(RasterImage image)
    {
        byte[] small = ImageResizer.Resize(image.WithChannels(1), Side, Side + 1, Resampling.Area).Pixels;
        Span<ulong> bits = stackalloc ulong[4];
        for (int i = 0; i < Side * Side; i++)
        {
            int at = (i / Side * (Side + 1)) + (i % Side);
            bits[i / 64] |= small[at + 1] > small[at] ? 1UL << (i % 64) : 0;
        }

        return new(bits[0], bits[1], bits[2], bits[3]);
    }

    /// <summary>All pairs that differ in at most <see cref="Tolerance"/> bits: such a pair agrees in one of sixteen parts at least, so only
    /// those that share a part are compared.</summary>
    public static IEnumerable<(int First, int Second)> Near(IReadOnlyList<PerceptualHash> hashes)
    {
        for (int part = 0; part < Parts; part++)
        {
            int current = part;
            foreach (IGrouping<ushort, int> bucket in Enumerable.Range(0, hashes.Count).GroupBy(i => hashes[i].Part(current)))
            {
                int[] members = [.. bucket];
                for (int a = 0; a < members.Length; a++)
                {
                    for (int b = a + 1; b < members.Length; b++)
                    {
                        (PerceptualHash one, PerceptualHash other) = (hashes[members[a]], hashes[members[b]]);
                        if (one.Distance(other) <= Tolerance && one.FirstShared(other) == part)
                        {
                            yield return (members[a], members[b]);
                        }
                    }
                }
            }
        }
    }

    public int Distance(PerceptualHash other) => BitOperations.PopCount(First ^ other.First) + BitOperations.PopCount(Second ^ other.Second)
        + BitOperations.PopCount(Third ^ other.Third) + BitOperations.PopCount(Fourth ^ other.Fourth);

    private ushort Part(int part) => (ushort)((part / 4) switch { 0 => First, 1 => Second, 2 => Third, _ => Fourth } >> (part % 4 * 16));

    private int FirstShared(PerceptualHash other)
    {
        int part = 0;
        while (Part(part) != other.Part(part))
        {
            part++;
        }

        return part;
    }
}
