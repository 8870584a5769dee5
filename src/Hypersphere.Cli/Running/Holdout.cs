using Hypersphere.Data;

namespace Hypersphere.Cli.Running;

/// <summary>Sets images aside to measure on.</summary>
internal static class Holdout
{
    /// <summary>Cuts a data set for training and for measuring.</summary>
    /// <param name="all">The images.</param>
    /// <param name="share">Share of each class to set aside; 0 sets none aside.</param>
    /// <param name="seed">Decides which.</param>
    public static (ImageSource Train, ImageSource? Test) Cut(ImageSource all, double share, int seed)
    {
        new DatasetSummary(all).RequireTrainable();
        return share > 0 && Splits.BySample(all, 1 - share, new Rng((ulong)seed).Fork("holdout")) is var (train, test) ? (train, test) : (all, null);
    }

    /// <summary>Whether a data set comes with a test part of its own.</summary>
    public static bool HasTestPart(string spec) =>
        (spec.StartsWith("idx:", StringComparison.Ordinal) || spec.StartsWith("synthetic", StringComparison.Ordinal)) && !spec.Contains('#', StringComparison.Ordinal);
}
