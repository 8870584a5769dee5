using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Formats;
using Hypersphere.Registry;

namespace Hypersphere.Data;

/// <summary>Takes the colour out: every channel becomes 0.299 R + 0.587 G + 0.114 B. Grey images stay as they are.</summary>
/// <param name="probability">Share of the images.</param>
[Component("grey", Summary = "takes the colour out")]
public sealed class Grey([Range(0, 1), Description("share of the images")] float probability = 0.1f) : Augmentation(probability)
{
    /// <inheritdoc/>
    protected override void Change(ReadOnlySpan<byte> source, Span<byte> target, ImageInfo shape, ref Rng random)
    {
        if (shape.Channels == 1)
        {
            source.CopyTo(target);
            return;
        }

        for (int i = 0; i < source.Length; i += 3)
        {
            target.Slice(i, 3).Fill((byte)Luma.Of(source.Slice(i, 3)));
        }
    }
}
