namespace Hypersphere.Evaluation;

/// <summary>Known people: who is this? Exact search by cosine, the best image of each identity counting. Safe to use from several
/// threads.</summary>
/// <example><code>Gallery gallery = new(model.Embed(photos), photos.ClassNames);
/// IReadOnlyList&lt;Match&gt; candidates = gallery.Find(model.Embed([image]), top: 5)[0];</code></example>
public sealed class Gallery
{
    /// <summary>Probes compared at a time, so that memory is this many floats an identity and thread.</summary>
    private const int BandRows = 8;

    private readonly EmbeddingSet _set;
    private readonly IReadOnlyList<string> _identities;

    /// <summary>Takes embeddings of known people.</summary>
    /// <param name="set">Embeddings with labels, need not be normalised.</param>
    /// <param name="identities">The name of every label.</param>
    /// <exception cref="InputException">A label has no name.</exception>
    public Gallery(EmbeddingSet set, IReadOnlyList<string> identities)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(identities);
        int bad = Array.FindIndex(set.Labels, l => (uint)l >= (uint)identities.Count);
        if (bad >= 0 || set.Count == 0)
        {
            throw new InputException(bad < 0 ? "gallery: holds nobody." : $"gallery: row {bad} has label {set.Labels[bad]}, but there are {identities.Count} identities.");
        }

        (_set, _identities) = (set.Normalized(), identities);
    }

    /// <summary>D, numbers in an embedding.</summary>
    public int Size => _set.Size;

    /// <summary>Images of known people.</summary>
    public int Count => _set.Count;

    /// <summary>Names of the known people.</summary>
    public IReadOnlyList<string> Identities => _identities;

    /// <summary>The people most alike, best first.</summary>
    /// <param name="probes">Embeddings of unknown people, of the same size.</param>
    /// <param name="top">How many for each, at least 1; fewer where there are not as many identities.</param>
    /// <exception cref="InputException">The embeddings have another size.</exception>
    public IReadOnlyList<IReadOnlyList<Match>> Find(EmbeddingSet probes, int top = 1)
    {
        ArgumentNullException.ThrowIfNull(probes);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        if (probes.Size != Size)
        {
            throw new InputException($"gallery: its embeddings have {Size} numbers and the probes' {probes.Size}; both must come from one model.");
        }

        IReadOnlyList<Match>[] found = new IReadOnlyList<Match>[probes.Count];
        SimilarityBlocks.Visit(
            probes.Normalized().Values, _set.Values, Size, upper: false, (first, rows) => new Band(this, found, first, rows, Math.Min(top, _identities.Count)), BandRows);
        return found;
    }

    private sealed class Band(Gallery gallery, IReadOnlyList<Match>[] found, int first, int rows, int top) : ISimilarityBand
    {
        private readonly float[] _best = [.. Enumerable.Repeat(float.NegativeInfinity, rows * gallery._identities.Count)];
        private readonly int[] _image = new int[rows * gallery._identities.Count];

        public void Add(in SimilarityBlock block)
        {
            for (int r = 0; r < rows; r++)
            {
                ReadOnlySpan<float> cosines = block.Row(r);
                for (int c = 0; c < cosines.Length; c++)
                {
                    int at = (r * gallery._identities.Count) + gallery._set.Labels[block.FirstColumn + c];
                    if (cosines[c] > _best[at])
                    {
                        (_best[at], _image[at]) = (cosines[c], block.FirstColumn + c);
                    }
                }
            }
        }

        public void Complete()
        {
            int people = gallery._identities.Count;
            for (int r = 0; r < rows; r++)
            {
                int[] order = [.. Enumerable.Range(0, people).Where(i => _best[(r * people) + i] > float.NegativeInfinity)
                    .OrderByDescending(i => _best[(r * people) + i]).ThenBy(i => i).Take(top)];
                found[first + r] = [.. order.Select(i => new Match(
                    gallery._identities[i], Math.Clamp(_best[(r * people) + i], -1, 1), gallery._set.Names?[_image[(r * people) + i]]))];
            }
        }
    }
}

/// <summary>A known person whom an unknown one resembles.</summary>
/// <param name="Identity">The person.</param>
/// <param name="Score">Cosine with the person's most similar image, in [−1, 1].</param>
/// <param name="Image">That image, if the gallery names its images.</param>
public readonly record struct Match(string Identity, double Score, string? Image);
