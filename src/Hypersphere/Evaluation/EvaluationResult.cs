using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Hypersphere.Evaluation;

/// <summary>Every measure of one set of embeddings.</summary>
public sealed record EvaluationResult
{
    internal static readonly double[] DefaultFars = [1e-2, 1e-3];

    /// <summary>Samples measured.</summary>
    public required int Samples { get; init; }

    /// <summary>Classes that occur among them.</summary>
    public required int Classes { get; init; }

    /// <summary>D, the size of an embedding.</summary>
    public required int Size { get; init; }

    /// <summary>Leave-one-out retrieval.</summary>
    public required RetrievalResult Retrieval { get; init; }

    /// <summary>Verification; null without pairs.</summary>
    public required VerificationResult? Verification { get; init; }

    /// <summary>Angles to and between centres and prototypes.</summary>
    public required AngleStatistics Angles { get; init; }

    /// <summary>Share of samples nearest to their own class's prototype; null without prototypes.</summary>
    public required double? ClosedSetAccuracy { get; init; }

    /// <summary>Confidence intervals of verification, or null; see <see cref="Bootstrap"/>.</summary>
    public VerificationIntervals? Intervals { get; init; }

    /// <summary>The false accept rates that <see cref="WriteTo"/> reports the true accept rate at.</summary>
    public IReadOnlyList<double> Fars { get; init; } = DefaultFars;

    /// <summary>Measures everything that the arguments define.</summary>
    /// <param name="set">[N,D] embeddings, need not be normalised.</param>
    /// <param name="pairs">Pairs for verification, or null.</param>
    /// <param name="prototypes">[C,D], row = class, of the head that was trained; empty for classes it was not trained on.</param>
    /// <param name="options">Choices of retrieval, or null for the defaults.</param>
    /// <param name="centers">K, prototypes of a class; row c·K + k is the k-th of class c, and the nearest counts.</param>
    /// <exception cref="InputException">Pairs or prototypes do not fit the set.</exception>
    public static EvaluationResult Measure(
        EmbeddingSet set, VerificationPairs? pairs = null, ReadOnlySpan<float> prototypes = default, RetrievalOptions? options = null,
        int centers = 1)
    {
        ArgumentNullException.ThrowIfNull(set);
        return new EvaluationResult
        {
            Samples = set.Count,
            Classes = set.Labels.Where(label => label >= 0).Distinct().Count(),
            Size = set.Size,
            Retrieval = Evaluation.Retrieval.Evaluate(set, options),
            Verification = pairs is null ? null : Evaluation.Verification.Evaluate(set, pairs),
            Angles = Evaluation.Angles.Measure(set, prototypes, centers),
            ClosedSetAccuracy = prototypes.IsEmpty ? null : ClosedSet.Accuracy(set, prototypes, centers),
        };
    }

    /// <summary>The measures as one JSON object; undefined ones are null, rates lie in [0, 1], angles are in degrees.</summary>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            WriteTo(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Writes the members of <see cref="ToJson"/> into the object that is open.</summary>
    /// <param name="json">Inside an object.</param>
    public void WriteTo(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteNumber("samples", Samples);
        json.WriteNumber("classes", Classes);
        json.WriteNumber("embedding_size", Size);
        WriteRetrieval(json);
        WriteVerification(json);
        Write(json, "closed_set_accuracy", ClosedSetAccuracy);
        Write(json, "angle_to_prototype_deg", Angles.OwnPrototype);
        Write(json, "angle_to_centre_deg", Angles.OwnCentre);
        Write(json, "centre_angle_nearest_deg", Angles.NearestCentre);
        Write(json, "prototype_to_centre_deg", Angles.PrototypeToCentre);
        Write(json, "prototype_angle_min_deg", Angles.PrototypeMin);
        Write(json, "prototype_angle_mean_deg", Angles.PrototypeMean);
        Write(json, "prototype_angle_nearest_deg", Angles.NearestPrototype);
    }

    private void WriteRetrieval(Utf8JsonWriter json)
    {
        Write(json, "precision_at_1", Retrieval.PrecisionAt1);
        Write(json, "r_precision", Retrieval.RPrecision);
        Write(json, "map_at_r", Retrieval.MapAtR);
        json.WriteStartObject("recall_at");
        foreach ((int k, double? recall) in Retrieval.RecallAt)
        {
            Write(json, k.ToString(CultureInfo.InvariantCulture), recall);
        }

        json.WriteEndObject();
        json.WriteNumber("queries", Retrieval.Queries);
        json.WriteNumber("queries_excluded", Retrieval.Excluded);
    }

    private void WriteVerification(Utf8JsonWriter json)
    {
        json.WriteNumber("verification_pairs", Verification?.Pairs.Count ?? 0);
        Write(json, "verification_accuracy", Verification?.Accuracy?.Mean);
        Write(json, "verification_std", Verification?.Accuracy?.Std);
        Write(json, "auc", Verification?.Curve.Auc);
        Write(json, "eer", Verification?.Curve.Eer);
        json.WriteStartObject("tar_at_far");
        foreach (double far in Fars)
        {
            Write(json, NameOf(far), Verification?.Curve.TarAt(far).Tar);
        }

        json.WriteEndObject();
        if (Intervals is not null)
        {
            WriteIntervals(json, Intervals);
        }
    }

    private static void WriteIntervals(Utf8JsonWriter json, VerificationIntervals intervals)
    {
        json.WriteStartObject("intervals");
        json.WriteNumber("confidence", intervals.Confidence);
        json.WriteNumber("resamples", intervals.Resamples);
        Write(json, "verification_accuracy", intervals.Accuracy);
        Write(json, "auc", intervals.Auc);
        Write(json, "eer", intervals.Eer);
        json.WriteStartObject("tar_at_far");
        foreach ((double far, Interval? interval) in intervals.TarAtFar)
        {
            Write(json, NameOf(far), interval);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string NameOf(double far) => far.ToString("0.###e-0", CultureInfo.InvariantCulture);

    private static void Write(Utf8JsonWriter json, string name, Interval? interval)
    {
        if (interval is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartArray(name);
        json.WriteNumberValue(interval.Value.Low);
        json.WriteNumberValue(interval.Value.High);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
