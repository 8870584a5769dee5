using System.Text.Json;
using Hypersphere.Reports;

namespace Hypersphere.Cli.Running;

/// <summary>Reads metrics.jsonl back.</summary>
internal static class TrainingCurve
{
    public const string FileName = "metrics.jsonl";

    /// <summary>The points of a run, also those from before it was resumed.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="stepsPerEpoch">To turn steps into epochs.</param>
    public static IReadOnlyList<TrainingPoint> Read(string folder, double stepsPerEpoch)
    {
        var points = new List<TrainingPoint>();
        foreach (string line in File.ReadLines(Path.Combine(folder, FileName)))
        {
            using var json = JsonDocument.Parse(line);
            double step = Number(json, "step"), loss = Number(json, "loss");
            if (!double.IsNaN(loss))
            {
                points.Add(new((long)step, step / stepsPerEpoch, loss, Number(json, "learning_rate"), Number(json, "own_angle_deg")));
            }
        }

        return points;
    }

    /// <summary>One number at every step at which it was recorded.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="measure">Its name in metrics.jsonl.</param>
    /// <exception cref="InputException">There is no such run.</exception>
    public static IEnumerable<(double Step, double Value)> Measure(string folder, string measure)
    {
        string path = Path.Combine(folder, FileName);
        foreach (string line in File.Exists(path) ? File.ReadLines(path) : throw new InputException($"{path}: no such file; give the folder of a run."))
        {
            using var json = JsonDocument.Parse(line);
            if (!double.IsNaN(Number(json, measure)))
            {
                yield return (Number(json, "step"), Number(json, measure));
            }
        }
    }

    /// <summary>A number at the end of a run; NaN if it was never recorded.</summary>
    /// <inheritdoc cref="Measure" path="/param|/exception"/>
    public static double Last(string folder, string measure) => Measure(folder, measure).Select(m => m.Value).LastOrDefault(double.NaN);

    private static double Number(JsonDocument json, string name) =>
        json.RootElement.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : double.NaN;
}
