using System.Globalization;
using System.Text.Json;
using Hypersphere.Formats;

namespace Hypersphere.Ranks;

/// <summary>How far two runs of one training are apart: the losses in metrics.jsonl, step by step, and the final weights; relative where they
/// are larger than 1.</summary>
internal static class RunComparison
{
    public static int Run(string one, string other, string lossTolerance, string weightTolerance)
    {
        double losses = Losses(one, other), weights = Weights(one, other);
        bool near = losses <= Number(lossTolerance) && weights <= Number(weightTolerance);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{(near ? "same" : "DIFFERENT")}: losses to {losses:0.0e-0}, weights to {weights:0.0e-0}"));
        return near ? 0 : 1;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static double Losses(string one, string other)
    {
        double[] a = Read(one), b = Read(other);
        return a.Length == b.Length ? a.Zip(b, (x, y) => Math.Abs(x - y) / Math.Max(1, Math.Abs(x))).DefaultIfEmpty(double.PositiveInfinity).Max() : double.PositiveInfinity;
    }

    private static double[] Read(string run) => [.. File.ReadLines(Path.Combine(run, "metrics.jsonl")).Select(line =>
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty("loss").GetDouble();
    })];

    /// <summary>The largest difference between two numbers, relative to the largest number of their array or 1.</summary>
    private static double Weights(string one, string other)
    {
        using SafetensorsFile a = SafetensorsFile.Open(Path.Combine(one, "model.safetensors")), b = SafetensorsFile.Open(Path.Combine(other, "model.safetensors"));
        double worst = a.Entries.Count == b.Entries.Count ? 0 : double.PositiveInfinity;
        foreach (SafetensorsEntry entry in a.Entries)
        {
            float[] x = new float[entry.Count], y = new float[entry.Count];
            a.Read(entry.Name, x.AsSpan());
            b.Read(entry.Name, y.AsSpan());
            double scale = Math.Max(1, x.Max(Math.Abs));
            worst = Math.Max(worst, x.Zip(y, (p, q) => Math.Abs(p - q)).Max() / scale);
        }

        return worst;
    }
}
