using System.Text.Json;

namespace Hypersphere.Evaluation;

/// <summary>Search for unknown people among known ones (1:N), closed set and open set, as the IJB and FRVT evaluations define it.</summary>
/// <remarks>A probe is mated when its identity is in the gallery. Rank-k (CMC): share of mated probes whose identity is among the k most
/// similar ones. TPIR@FPIR: at the lowest threshold that at most FPIR of the others' best scores reach, the share of mated probes whose own
/// identity is the most similar one and reaches it.</remarks>
public sealed record IdentificationProtocol
{
    private static readonly int[] Ranks = [1, 5, 10, 20];
    private static readonly double[] Fpirs = [1e-1, 1e-2, 1e-3];

    private IdentificationProtocol()
    {
    }

    /// <summary>Probes whose identity is in the gallery.</summary>
    public required int Mated { get; init; }

    /// <summary>Probes of nobody that is in the gallery.</summary>
    public required int Unmated { get; init; }

    /// <summary>Share of mated probes found at ranks 1, 5, 10 and 20, as far as there are so many identities.</summary>
    public required IReadOnlyList<(int Rank, double Share)> RankShares { get; init; }

    /// <summary>TPIR at FPIR 0.1, 0.01 and 0.001, as far as there are unmated probes enough to tell.</summary>
    public required IReadOnlyList<(double Fpir, double Tpir, double Threshold)> TpirAtFpir { get; init; }

    /// <summary>Runs the protocol.</summary>
    /// <param name="gallery">Known people.</param>
    /// <param name="probes">Embeddings of unknown people.</param>
    /// <param name="names">The identity of every label of the probes; those that the gallery does not know are unmated.</param>
    /// <exception cref="InputException">No probe's identity is in the gallery, or the embeddings do not fit each other.</exception>
    public static IdentificationProtocol Evaluate(Gallery gallery, EmbeddingSet probes, IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(gallery);
        ArgumentNullException.ThrowIfNull(probes);
        ArgumentNullException.ThrowIfNull(names);
        HashSet<string> known = new(gallery.Identities, StringComparer.Ordinal);
        bool[] mated = [.. probes.Labels.Select(l => l >= 0 && known.Contains(names[l]))];
        if (!mated.Contains(true))
        {
            throw new InputException("identification: no probe shows anybody who is in the gallery; do the names of the folders agree?");
        }

        IReadOnlyList<IReadOnlyList<Match>> found = gallery.Find(probes, Ranks[^1]);
        int[] ranks = [.. found.Select((matches, i) => mated[i] ? matches.Select(m => m.Identity).ToList().IndexOf(names[probes.Labels[i]]) : -1)];
        double[] strangers = [.. found.Where((_, i) => !mated[i]).Select(m => m[0].Score).OrderDescending()];
        int count = mated.Count(m => m);
        return new IdentificationProtocol
        {
            Mated = count,
            Unmated = strangers.Length,
            RankShares = [.. Ranks.Where(r => r == 1 || r <= gallery.Identities.Count).Select(r => (r, (double)ranks.Count(at => at >= 0 && at < r) / count))],
            TpirAtFpir =
            [
                .. Fpirs.Where(f => f * strangers.Length >= 1 - 1e-9).Select(f =>
                {
                    double threshold = Threshold(strangers, (int)Math.Floor((f * strangers.Length) + 1e-9));
                    return (f, (double)found.Where((m, i) => ranks[i] == 0 && m[0].Score >= threshold).Count() / count, threshold);
                }),
            ],
        };
    }

    /// <summary>Writes the members of an object: mated, unmated, rank and tpir_at_fpir.</summary>
    /// <param name="json">Inside an object.</param>
    public void WriteTo(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteNumber("mated", Mated);
        json.WriteNumber("unmated", Unmated);
        json.WriteStartObject("rank");
        foreach ((int rank, double share) in RankShares)
        {
            json.WriteNumber($"{rank}", share);
        }

        json.WriteEndObject();
        json.WriteStartObject("tpir_at_fpir");
        foreach ((double fpir, double tpir, _) in TpirAtFpir)
        {
            json.WriteNumber(FormattableString.Invariant($"{fpir:0e-0}"), tpir);
        }

        json.WriteEndObject();
    }

    /// <summary>The lowest threshold that at most <paramref name="allowed"/> scores reach.</summary>
    private static double Threshold(double[] descending, int allowed) =>
        allowed >= descending.Length ? double.NegativeInfinity : Math.BitIncrement(descending[allowed]);
}
