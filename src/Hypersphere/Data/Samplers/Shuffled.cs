using Hypersphere.Registry;

namespace Hypersphere.Data;

/// <summary>Every image once an epoch, in a new order.</summary>
[Component("shuffled", Summary = "every image once an epoch, in a new order")]
public sealed class Shuffled : Sampler
{
    /// <inheritdoc/>
    public override bool ShowsEveryImageOnce => true;

    /// <inheritdoc/>
    public override void Arrange(ImageSource source, int batch, Rng random, Span<int> order)
    {
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        random.Shuffle(order);
    }
}
