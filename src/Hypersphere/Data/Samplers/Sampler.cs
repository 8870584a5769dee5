using Hypersphere.Registry;

namespace Hypersphere.Data;

/// <summary>Decides which images an epoch shows, in which order: a function of the data, the seed and the epoch alone.</summary>
public abstract class Sampler
{
    /// <summary>Whether every image comes once an epoch, so that a last batch that is not full makes sense.</summary>
    public virtual bool ShowsEveryImageOnce => false;

    /// <summary>Refuses data of which such batches cannot be made.</summary>
    /// <param name="source">The images.</param>
    /// <param name="batch">Images in a batch.</param>
    /// <exception cref="InputException">What does not fit, and what would.</exception>
    public virtual void Check(ImageSource source, int batch)
    {
    }

    /// <summary>Writes the images of an epoch, batch after batch.</summary>
    /// <param name="source">The images.</param>
    /// <param name="batch">Images in a batch.</param>
    /// <param name="random">The epoch's own randomness.</param>
    /// <param name="order">As many as the source has images; only whole batches are used.</param>
    public abstract void Arrange(ImageSource source, int batch, Rng random, Span<int> order);

    /// <summary>The full specification, as checkpoints store it.</summary>
    public override string ToString() => Registry<Sampler>.SpecOf(this);

    /// <summary>The images of every class that has any.</summary>
    private protected static int[][] Members(ImageSource source)
    {
        List<int>[] members = [.. source.ClassNames.Select(_ => new List<int>())];
        for (int i = 0; i < source.Count; i++)
        {
            members[source.Label(i)].Add(i);
        }

        return [.. members.Where(m => m.Count > 0).Select(m => m.ToArray())];
    }
}
