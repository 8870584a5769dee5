using System.Text;
using System.Text.Json;
using Hypersphere.Formats;

namespace Hypersphere.Evaluation;

/// <summary>Which score to ask for so that no more than a wanted share of impostors is accepted, learned from a verification set.</summary>
/// <example><code>Calibration calibration = Calibration.Of(Verification.Evaluate(set, pairs).Curve, mirror: true);
/// bool same = set.Cosine(0, 1) >= calibration.ThresholdAt(1e-3);</code></example>
public sealed class Calibration
{
    private const int Resolution = 500, LargestFile = 1 << 20;

    private readonly (double Threshold, double Far, double Tar)[] _points;

    private Calibration(bool mirror, string model, long impostors, (double Threshold, double Far, double Tar)[] points) =>
        (Mirror, Model, Impostors, _points) = (mirror, model, impostors, points);

    /// <summary>Whether the scores are of embeddings to which those of the mirror images were added.</summary>
    public bool Mirror { get; }

    /// <summary>Fingerprint of the network whose scores they are; empty where it is not known.</summary>
    public string Model { get; }

    /// <summary>Impostor pairs behind it; it can tell false accept rates down to one over this.</summary>
    public long Impostors { get; }

    /// <summary>Learns from scored pairs.</summary>
    /// <param name="measured">The curve of pairs of people like those it will be used on: of a list, or all pairs of a set.</param>
    /// <param name="mirror">Whether mirror images' embeddings were added.</param>
    /// <param name="model">Fingerprint of the network, if it is known.</param>
    /// <exception cref="InputException">There are only genuine or only impostor pairs.</exception>
    public static Calibration Of(RocCurve measured, bool mirror, string model = "")
    {
        ArgumentNullException.ThrowIfNull(measured);
        RocCurve curve = measured.Thinned(Resolution);
        return curve.IsDefined
            ? new(mirror, model, curve.Impostors, [.. Enumerable.Range(1, curve.Count - 1).Select(k => (curve.Thresholds[k], curve.Far[k], curve.Tar[k]))])
            : throw new InputException("calibration: needs genuine and impostor pairs.");
    }

    /// <summary>The lowest cosine at which at most this share of impostors is accepted.</summary>
    /// <param name="far">False accept rate, from 1 / impostors to 1.</param>
    /// <returns>A pair is the same when its cosine is at least that much.</returns>
    /// <exception cref="InputException">There are too few impostor pairs to tell.</exception>
    public double ThresholdAt(double far)
    {
        if (!(far * Impostors >= 1 - 1e-9) || far > 1)
        {
            throw new InputException(FormattableString.Invariant(
                $"a false accept rate of {far} cannot be told from {Impostors} impostor pairs; ask for {1.0 / Impostors:0.#e-0} to 1, or calibrate on more pairs."));
        }

        int last = Array.FindLastIndex(_points, p => p.Far <= far + 1e-12);
        return last < 0 ? Math.BitIncrement(_points[0].Threshold) : _points[last].Threshold;
    }

    /// <summary>The share of genuine pairs that a threshold accepts.</summary>
    /// <param name="threshold">A cosine.</param>
    public double TarAt(double threshold) => _points.LastOrDefault(p => p.Threshold >= threshold).Tar;

    /// <summary>Writes it as JSON, atomically.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, file =>
    {
        using Utf8JsonWriter json = new(file, new JsonWriterOptions { Indented = false });
        json.WriteStartObject();
        json.WriteBoolean("mirror", Mirror);
        json.WriteString("model", Model);
        json.WriteNumber("impostors", Impostors);
        json.WriteStartArray("points");
        foreach ((double threshold, double far, double tar) in _points)
        {
            json.WriteStartArray();
            json.WriteNumberValue(threshold);
            json.WriteNumberValue(far);
            json.WriteNumberValue(tar);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InputException">It cannot be read, or is no calibration.</exception>
    public static Calibration Load(string path)
    {
        using FileStream file = InputFile.Open(path);
        if (file.Length > LargestFile)
        {
            throw new InputException($"{path}: is {file.Length} bytes long and no calibration; write one with evaluate --protocol lfw --calibrate.");
        }

        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return Parse(bytes, path);
    }

    internal static Calibration Parse(byte[] bytes, string path)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(Encoding.UTF8.GetString(bytes));
            JsonElement root = json.RootElement;
            (double, double, double)[] points =
            [
                .. root.GetProperty("points").EnumerateArray().Select(p => (p[0].GetDouble(), p[1].GetDouble(), p[2].GetDouble())),
            ];
            long impostors = root.GetProperty("impostors").GetInt64();
            bool sound = points.Length > 0 && impostors > 0 && points.Zip(points.Skip(1)).All(p => p.First.Item1 >= p.Second.Item1 && p.First.Item2 <= p.Second.Item2);
            string model = root.TryGetProperty("model", out JsonElement named) ? named.GetString() ?? "" : "";
            return sound ? new(root.GetProperty("mirror").GetBoolean(), model, impostors, points) : throw new InputException($"{path}: is a damaged calibration; write it anew.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or IndexOutOfRangeException)
        {
            throw new InputException($"{path}: is no calibration; write one with evaluate --protocol lfw --calibrate.", e);
        }
    }
}
