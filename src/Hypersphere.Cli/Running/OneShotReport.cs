using System.Globalization;
using System.Text;
using Hypersphere.Evaluation;
using Hypersphere.Formats;
using Hypersphere.Training;

namespace Hypersphere.Cli.Running;

/// <summary>Omniglot's one-shot classification.</summary>
internal static class OneShotReport
{
    public static void Run(Terminal terminal, Embedder model, string folder, string? file)
    {
        OneShotTask task = OneShotTask.Read(folder);
        IReadOnlyList<double> runs = task.Accuracies(paths => model.Embed([.. paths.Select(ImageDecoders.Load)]));
        double mean = runs.Average(), deviation = Math.Sqrt(runs.Average(r => (r - mean) * (r - mean)));
        string json = Json.Object(j =>
        {
            j.WriteNumber("accuracy_mean", mean);
            j.WriteNumber("accuracy_std", deviation);
            j.WriteStartArray("runs");
            foreach (double run in runs)
            {
                j.WriteNumberValue(run);
            }

            j.WriteEndArray();
        });
        if (file == "-")
        {
            terminal.Out.WriteLine(json);
            return;
        }

        terminal.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"one-shot {100 * mean:0.00} ± {100 * deviation:0.00} % of {task.Runs.Sum(r => r.Images.Count)} images in {task.Runs.Count} runs of {task.Runs[0].Classes.Count} classes"));
        if (file is not null)
        {
            AtomicFile.Write(file, stream => stream.Write(Encoding.UTF8.GetBytes(json + "\n")));
            terminal.Out.WriteLine($"numbers {file}");
        }
    }
}
