namespace Hypersphere.Evaluation;

/// <summary>How well a clustering agrees with classes. All 1 for the same partition under other names; entropies in nats.</summary>
public sealed record ClusterAgreement
{
    private ClusterAgreement()
    {
    }

    /// <summary>Normalised mutual information I / ((H(classes) + H(clusters)) / 2), in [0, 1].</summary>
    public required double Nmi { get; init; }

    /// <summary>Mutual information adjusted for chance: (I − E[I]) / (mean entropy − E[I]), at most 1, about 0 for a random clustering
    /// (Vinh et al., JMLR 2010).</summary>
    public required double Ami { get; init; }

    /// <summary>Adjusted Rand index, at most 1, about 0 for a random clustering (Hubert and Arabie, 1985).</summary>
    public required double Ari { get; init; }

    /// <summary>I / H(classes): 1 where every cluster holds one class only.</summary>
    public required double Homogeneity { get; init; }

    /// <summary>I / H(clusters): 1 where every class lies in one cluster.</summary>
    public required double Completeness { get; init; }

    /// <summary>Harmonic mean of homogeneity and completeness.</summary>
    public double VMeasure => Homogeneity + Completeness == 0 ? 0 : 2 * Homogeneity * Completeness / (Homogeneity + Completeness);

    /// <summary>Compares two partitions of the same samples.</summary>
    /// <param name="classes">[N] class numbers, at least one.</param>
    /// <param name="clusters">[N] cluster numbers.</param>
    /// <exception cref="InputException">The lengths differ, or are 0.</exception>
    public static ClusterAgreement Measure(ReadOnlySpan<int> classes, ReadOnlySpan<int> clusters)
    {
        if (classes.Length != clusters.Length || classes.IsEmpty)
        {
            throw new InputException($"clusters: {clusters.Length} cluster numbers for {classes.Length} labels; give one per sample");
        }

        var table = new ContingencyTable(classes, clusters);
        double information = table.MutualInformation;
        (double ofClasses, double ofClusters) = (table.RowEntropy, table.ColumnEntropy);
        double mean = (ofClasses + ofClusters) / 2;
        bool trivial = ofClasses == 0 && ofClusters == 0;
        double chance = trivial ? 0 : table.ExpectedMutualInformation();
        return new ClusterAgreement
        {
            Nmi = trivial ? 1 : Ratio(information, mean),
            Ami = trivial ? 1 : Ratio(information - chance, mean - chance),
            Ari = table.AdjustedRandIndex,
            Homogeneity = ofClasses == 0 ? 1 : information / ofClasses,
            Completeness = ofClusters == 0 ? 1 : information / ofClusters,
        };
    }

    private static double Ratio(double part, double whole)
        => part / (whole < 0 ? Math.Min(whole, -double.Epsilon) : Math.Max(whole, 2.220446049250313e-16));
}
