using System.Text.Json;

namespace Hypersphere.Evaluation;

/// <summary>Verification on pairs in ten folds, as for LFW, CFP, AgeDB and their relatives (Huang et al., 2007, view 2): each fold is judged
/// by the threshold that is best on the nine others. How that threshold is sought differs between toolkits: see <see cref="Variants"/>.</summary>
public sealed record LfwProtocol
{
    private const int Folds = 10;
    private static readonly double[] Fars = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6];

    private LfwProtocol()
    {
    }

    /// <summary>As insightface computes it: the number that papers quote.</summary>
    public required InsightFaceProtocol InsightFace { get; init; }

    /// <summary>The same pairs by the rules of several toolkits; the first is <see cref="InsightFace"/>.</summary>
    public required IReadOnlyList<LfwVariant> Variants { get; init; }

    /// <summary>Scores, ROC curve and angles.</summary>
    public required VerificationResult Verification { get; init; }

    /// <summary>95 % intervals by the bootstrap over pairs.</summary>
    public required VerificationIntervals Intervals { get; init; }

    /// <summary>TAR@FAR at 1e-1 down to what the number of impostor pairs can tell.</summary>
    public IEnumerable<TarAtFar> TarAtFar => Fars.Select(Verification.Curve.TarAt).Where(t => t.Tar is not null);

    /// <summary>Runs the protocol.</summary>
    /// <param name="set">Embeddings, need not be normalised.</param>
    /// <param name="pairs">Pairs of rows, the folds one after another; at least ten, of both kinds.</param>
    /// <param name="resamples">Resamples of the bootstrap.</param>
    /// <exception cref="InputException">There are fewer than ten pairs or only one kind, or a pair names a row that is not there.</exception>
    public static LfwProtocol Evaluate(EmbeddingSet set, VerificationPairs pairs, int resamples = 1000)
    {
        VerificationResult result = Evaluation.Verification.Evaluate(set, pairs);
        if (result.Accuracy is null || !result.Curve.IsDefined)
        {
            throw new InputException(
                $"lfw: {result.Curve.Genuine} genuine and {result.Curve.Impostors} impostor pairs; the protocol needs both kinds and at least {Folds} pairs.");
        }

        var insightFace = InsightFaceProtocol.Evaluate(result.Scores, pairs.Same, Folds);
        double[] angles = [.. result.Scores.Select(s => Math.Acos(s) / Math.PI)];
        return new LfwProtocol
        {
            InsightFace = insightFace,
            Verification = result,
            Intervals = Bootstrap.Of(result, new Rng(0).Fork("lfw"), [.. Fars.Where(f => result.Curve.TarAt(f).Tar is not null)], resamples),
            Variants =
            [
                new("insightface", "squared distance < t, t = 0, 0.01 … 3.99", insightFace.Accuracy),
                new("exact", "cosine ≥ t, t between any two scores", result.Accuracy),
                new("cosine grid", "cosine > t, t = −1, −0.995 … 0.995 (sphereface_pytorch)", CosineGrid(result.Scores, pairs.Same)),
                new("angle grid", "angle/π < t, t = 0, 0.01 … 3.99 (facenet, metric 1)",
                    InsightFaceProtocol.EvaluateDistances(angles, pairs.Same, Folds).Accuracy),
                new("one threshold", "the best for all pairs at once, folds ignored: flatters", OneThreshold(result)),
            ],
        };
    }

    /// <summary>Writes the members of an object: accuracy_mean, accuracy_std, auc, eer, tar_at_far, val and the variants.</summary>
    /// <param name="json">Inside an object.</param>
    public void WriteTo(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteNumber("pairs", Verification.Pairs.Count);
        json.WriteNumber("accuracy_mean", InsightFace.Accuracy.Mean);
        json.WriteNumber("accuracy_std", InsightFace.Accuracy.Std);
        WriteInterval(json, "accuracy_interval", Intervals.Accuracy);
        json.WriteNumber("auc", Verification.Curve.Auc!.Value);
        json.WriteNumber("eer", Verification.Curve.Eer!.Value);
        json.WriteNumber("val_at_far_1e-3", InsightFace.Val);
        json.WriteStartObject("tar_at_far");
        foreach (TarAtFar t in TarAtFar)
        {
            json.WriteNumber(FormattableString.Invariant($"{t.Far:0e-0}"), t.Tar!.Value);
        }

        json.WriteEndObject();
        json.WriteStartObject("tar_at_far_interval");
        foreach ((double far, Interval? interval) in Intervals.TarAtFar)
        {
            WriteInterval(json, FormattableString.Invariant($"{far:0e-0}"), interval);
        }

        json.WriteEndObject();
        json.WriteStartArray("variants");
        foreach (LfwVariant v in Variants)
        {
            json.WriteStartObject();
            json.WriteString("name", v.Name);
            json.WriteString("rule", v.Rule);
            json.WriteNumber("accuracy_mean", v.Accuracy.Mean);
            json.WriteNumber("accuracy_std", v.Accuracy.Std);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteInterval(Utf8JsonWriter json, string name, Interval? interval)
    {
        json.WriteStartArray(name);
        if (interval is { } i)
        {
            json.WriteNumberValue(i.Low);
            json.WriteNumberValue(i.High);
        }

        json.WriteEndArray();
    }

    /// <summary>Thresholds −1, −0.995 … 0.995 over cosines, the first of equally accurate ones, strict &gt;.</summary>
    private static FoldAccuracy CosineGrid(double[] scores, bool[] same)
    {
        double[] grid = [.. Enumerable.Range(0, 400).Select(i => -1 + (i * 0.005))];
        int[][] right = [.. Enumerable.Range(0, Folds).Select(f => RightAt(grid, scores, same, Evaluation.Verification.Fold(scores.Length, Folds, f)))];
        (double[] accuracies, double[] thresholds) = (new double[Folds], new double[Folds]);
        for (int f = 0; f < Folds; f++)
        {
            int[] others = [.. grid.Select((_, t) => right.Where((_, other) => other != f).Sum(r => r[t]))];
            int best = Array.IndexOf(others, others.Max());
            int size = Evaluation.Verification.Fold(scores.Length, Folds, f).GetOffsetAndLength(scores.Length).Length;
            (accuracies[f], thresholds[f]) = ((double)right[f][best] / size, grid[best]);
        }

        return new FoldAccuracy(accuracies, thresholds);
    }

    /// <summary>How many pairs of a fold each threshold gets right.</summary>
    private static int[] RightAt(double[] grid, double[] scores, bool[] same, Range fold)
    {
        (int start, int length) = fold.GetOffsetAndLength(scores.Length);
        return [.. grid.Select(t => Enumerable.Range(start, length).Count(i => scores[i] > t == same[i]))];
    }

    private static FoldAccuracy OneThreshold(VerificationResult result)
    {
        RocCurve curve = result.Curve;
        int best = Enumerable.Range(0, curve.Count).MaxBy(k => (curve.Tar[k] * curve.Genuine) - (curve.Far[k] * curve.Impostors));
        double accuracy = ((curve.Tar[best] * curve.Genuine) + ((1 - curve.Far[best]) * curve.Impostors)) / (curve.Genuine + curve.Impostors);
        return new FoldAccuracy([accuracy], [curve.Thresholds[best]]);
    }
}

/// <summary>Fold accuracy by one toolkit's rule.</summary>
/// <param name="Name">What to call it.</param>
/// <param name="Rule">What counts as same, and which thresholds are tried.</param>
/// <param name="Accuracy">Per fold.</param>
public sealed record LfwVariant(string Name, string Rule, FoldAccuracy Accuracy);
