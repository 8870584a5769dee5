namespace Hypersphere.Evaluation;

/// <summary>Known people: who is this? Exact search by cosine, the best image of each identity counting. Safe to use from several
/// threads.</summary>
/// <example><code>Gallery gallery = new(model.Embed(photos), photos.ClassNames);
/// IReadOnlyList&lt;Match&gt; candidates = gallery.Find(model.Embed([image]), top: 5)[0];</code></example>
public sealed class Gallery
{
    private readonly EmbeddingSet _set;
    private readonly EmbeddingIndex _index;
    private readonly IReadOnlyList<string> _identities;
    private readonly int _present;

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

        (_set, _index, _identities, _present) = (set, new EmbeddingIndex(set), identities, set.Labels.Distinct().Count());
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

        int wanted = Math.Min(top, _present);
        IReadOnlyList<Match>[] found = new IReadOnlyList<Match>[probes.Count];
        int[] open = [.. Enumerable.Range(0, probes.Count)];
        for (int depth = Math.Min(Count, 4 * wanted); open.Length > 0; depth = (int)Math.Min(Count, 4L * depth))
        {
            Neighbors near = _index.Find(open.Length == probes.Count ? probes : probes.Rows(open), depth);
            List<int> unfinished = [];
            foreach ((int i, int probe) in open.Index())
            {
                found[probe] = Candidates(near.Rows(i), near.Scores(i), wanted);
                if (found[probe].Count < wanted)
                {
                    unfinished.Add(probe);
                }
            }

            open = [.. unfinished];
        }

        return found;
    }

    /// <summary>The first image of each identity, nearest first: each counts by its most similar one.</summary>
    private List<Match> Candidates(ReadOnlySpan<int> rows, ReadOnlySpan<float> scores, int wanted)
    {
        List<Match> people = [];
        HashSet<int> seen = [];
        for (int i = 0; i < rows.Length && people.Count < wanted; i++)
        {
            if (seen.Add(_set.Labels[rows[i]]))
            {
                people.Add(new Match(_identities[_set.Labels[rows[i]]], scores[i], _set.Names?[rows[i]]));
            }
        }

        return people;
    }
}

/// <summary>A known person whom an unknown one resembles.</summary>
/// <param name="Identity">The person.</param>
/// <param name="Score">Cosine with the person's most similar image, in [−1, 1].</param>
/// <param name="Image">That image, if the gallery names its images.</param>
public readonly record struct Match(string Identity, double Score, string? Image);
