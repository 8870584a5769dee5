using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Data;

/// <summary>P classes with K images each in every batch, as pair and triplet losses need it.</summary>
/// <remarks>Classes are dealt from a shuffled deck, P different ones a batch; the images of a class from a deck of its own, so that an
/// epoch shows as many different ones as it can. A class with fewer than K images shows some twice. An epoch has as many batches as if
/// every image came once. Hermans et al., In defense of the triplet loss, 2017.</remarks>
/// <param name="samples">K, images of a class in a batch.</param>
[Component("pk", Aliases = "m-per-class", Summary = "P classes with K images each in every batch", Paper = "Hermans et al., In defense of the triplet loss for person re-identification, 2017")]
public sealed class ClassesTimesSamples([Range(1, 100000), Description("K, images of a class in a batch; P is batch / K")] int samples = 4) : Sampler
{
    /// <summary>K, images of a class in a batch.</summary>
    public int Samples { get; } = samples;

    /// <inheritdoc/>
    public override void Check(ImageSource source, int batch)
    {
        ArgumentNullException.ThrowIfNull(source);
        int classes = Members(source).Length;
        if (batch % Samples != 0)
        {
            throw new InputException($"pk(samples={Samples}): a batch of {batch} cannot be cut into {Samples} images a class; choose a batch that {Samples} divides.");
        }

        if (batch / Samples > classes)
        {
            throw new InputException(
                $"pk(samples={Samples}): a batch of {batch} needs {batch / Samples} classes but the data has {classes}; "
                + $"choose samples of {(batch + classes - 1) / classes} or more, or a batch of {classes * Samples} or less.");
        }
    }

    /// <inheritdoc/>
    public override void Arrange(ImageSource source, int batch, Rng random, Span<int> order)
    {
        Deck[] images = [.. Members(source).Select((m, c) => new Deck(m, random.Fork("class", c)))];
        Deck classes = new(Enumerable.Range(0, images.Length), random.Fork("classes"));
        for (int start = 0; start + batch <= order.Length; start += batch)
        {
            int[] chosen = classes.Deal(batch / Samples);
            for (int c = 0; c < chosen.Length; c++)
            {
                images[chosen[c]].Deal(Samples).CopyTo(order[(start + (c * Samples))..]);
            }
        }
    }
}
