using System.Globalization;
using Hypersphere.Training;

namespace Hypersphere.Cli.Display;

/// <summary>The numbers of a training in words, fitted to a width.</summary>
internal static class ProgressText
{
    private const int ShortestBar = 10, LongestBar = 40;

    /// <summary>Text before and after a bar, and how long the bar may be.</summary>
    /// <param name="p">Where the training stands.</param>
    /// <param name="batch">Images in a step.</param>
    /// <param name="width">Columns; what matters least is left out until the rest fits.</param>
    public static (string Before, int Bar, string After) Fit(in TrainingProgress p, int batch, int width)
    {
        string before = Epoch(p) + " ", percent = $" {Percent(p),3} %", left = "  " + Left(p, batch);
        List<string> fields = [Rate(p), Loss(p), LearningRate(p), .. Angle(p)];
        string[] leastFirst = [LearningRate(p), Rate(p), .. Angle(p), Loss(p)];
        string after = Compose();
        for (int i = 0; i < leastFirst.Length && before.Length + ShortestBar + after.Length > width; i++)
        {
            fields.Remove(leastFirst[i]);
            after = Compose();
        }

        return (before, Math.Clamp(width - before.Length - after.Length, 0, LongestBar), after);

        string Compose() => percent + string.Concat(fields.Select(f => "  " + f)) + left;
    }

    /// <summary>One line for logs.</summary>
    public static string Line(in TrainingProgress p, int batch)
    {
        string[] fields = [$"{Epoch(p)}  step {p.Step}/{p.Steps}  {Percent(p)} %", Rate(p), Loss(p), LearningRate(p), .. Angle(p), Left(p, batch)];
        return string.Join("  ", fields);
    }

    /// <summary>What stays when an epoch is done.</summary>
    public static string EpochLine(in TrainingProgress p) => string.Join("  ", [Epoch(p), Rate(p), Loss(p), LearningRate(p), .. Angle(p)]);

    /// <summary>A span of time as 0:09, 12:34 or 1:02:03.</summary>
    public static string Clock(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}")
        : string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}:{time.Seconds:00}");

    private static string Epoch(in TrainingProgress p) => $"epoch {p.Epoch}/{p.Epochs}";

    private static int Percent(in TrainingProgress p) => (int)(100 * p.Step / Math.Max(1, p.Steps));

    private static string Rate(in TrainingProgress p) => string.Create(CultureInfo.InvariantCulture, $"{p.SamplesPerSecond:N0} img/s");

    private static string Loss(in TrainingProgress p) => string.Create(CultureInfo.InvariantCulture, $"loss {p.Loss:0.000}");

    private static string LearningRate(in TrainingProgress p) =>
        "lr " + p.LearningRate.ToString(p.LearningRate is > 0 and < 1e-4 ? "0.#e-0" : "0.0###", CultureInfo.InvariantCulture);

    private static IEnumerable<string> Angle(in TrainingProgress p) =>
        p.OwnAngle is { } angle ? [string.Create(CultureInfo.InvariantCulture, $"own angle {angle:0.0}°")] : [];

    private static string Left(in TrainingProgress p, int batch) => $"{Clock(p.Remaining(batch))} left";
}
