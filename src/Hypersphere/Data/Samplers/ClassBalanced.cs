using Hypersphere.Registry;

namespace Hypersphere.Data;

/// <summary>Every class as often as every other, whatever its number of images.</summary>
/// <remarks>Classes are dealt from a shuffled deck one image at a time, the images of a class from a deck of its own. An epoch has as many
/// batches as if every image came once.</remarks>
[Component("class-balanced", Summary = "every class as often as every other")]
public sealed class ClassBalanced : Sampler
{
    /// <inheritdoc/>
    public override void Arrange(ImageSource source, int batch, Rng random, Span<int> order)
    {
        Deck[] images = [.. Members(source).Select((m, c) => new Deck(m, random.Fork("class", c)))];
        Deck classes = new(Enumerable.Range(0, images.Length), random.Fork("classes"));
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = images[classes.Deal()].Deal();
        }
    }
}
