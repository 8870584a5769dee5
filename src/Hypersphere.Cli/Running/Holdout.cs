using Hypersphere.Data;

namespace Hypersphere.Cli.Running;

/// <summary>Sets images aside to measure on.</summary>
internal static class Holdout
{
    /// <summary>Cuts a data set for training and for measuring.</summary>
    /// <param name="all">The images.</param>
    /// <param name="share">Share of each class to set aside; 0 sets none aside.</param>
    /// <param name="insist">Whether it is an error when no class has images enough; otherwise none are set aside.</param>
    /// <param name="seed">Decides which.</param>
    /// <exception cref="InputException">There are fewer than two classes, or too few images in each.</exception>
    public static (ImageSource Train, ImageSource? Test) Cut(ImageSource all, double share, bool insist, int seed)
    {
        var summary = new DatasetSummary(all);
        summary.RequireTrainable();
        bool possible = summary.ImagesPerClass.Any(n => Math.Round((1 - share) * n) < n && n > 1);
        return share > 0 && (possible || insist) ? Splits.BySample(all, 1 - share, new Rng((ulong)seed).Fork("holdout")) : (all, null);
    }

    /// <summary>Whether a data set comes with a test part of its own.</summary>
    public static bool HasTestPart(string spec) =>
        (spec.StartsWith("idx:", StringComparison.Ordinal) || spec.StartsWith("synthetic", StringComparison.Ordinal)) && !spec.Contains('#', StringComparison.Ordinal);
}
