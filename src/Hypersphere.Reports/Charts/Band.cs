namespace Hypersphere.Reports.Charts;

/// <summary>A curve over training with its spread over the seeds.</summary>
/// <param name="Name">Its direct label.</param>
/// <param name="Style">Index into <see cref="Palette"/>.</param>
/// <param name="Points">Step, mean, standard deviation (0 with one seed).</param>
internal sealed record Band(string Name, int Style, IReadOnlyList<(double Step, double Mean, double Deviation)> Points)
{
    private const int Most = 150;

    /// <summary>Steps that every seed recorded, at most 150 of them: neighbours are joined to their mean.</summary>
    public static Band Over(ComparedLoss loss, int style, Func<TrainingPoint, double> value)
    {
        ComparedRun[] runs = [.. loss.Runs.Where(r => r.Training.Count > 0)];
        double[][] steps = [.. runs.SelectMany(r => r.Training).Where(p => double.IsFinite(value(p))).GroupBy(p => p.Step)
            .Where(g => g.Count() == runs.Length).OrderBy(g => g.Key).Select(g => g.Select(value).Prepend(g.Key).ToArray())];
        int join = 1 + ((steps.Length - 1) / Most);
        return new Band(loss.Name, style, [.. steps.Chunk(join).Select(Join)]);
    }

    private static (double Step, double Mean, double Deviation) Join(double[][] steps)
    {
        double[] seeds = [.. Enumerable.Range(1, steps[0].Length - 1).Select(k => steps.Average(s => s[k]))];
        double mean = seeds.Average();
        double deviation = seeds.Length > 1 ? Math.Sqrt(seeds.Sum(v => (v - mean) * (v - mean)) / (seeds.Length - 1)) : 0;
        return (steps.Average(s => s[0]), mean, deviation);
    }
}
