using System.Text;
using System.Text.Json;
using Hypersphere.Formats;

namespace Hypersphere.Cli.Running;

/// <summary>metrics.json: an object a run.</summary>
internal static class MetricsFile
{
    public const string FileName = "metrics.json";

    public static void Write(string folder, IEnumerable<TrainedRun> runs)
    {
        string text = Json.Array(json =>
        {
            foreach (TrainedRun run in runs)
            {
                json.WriteStartObject();
                Write(json, run);
                json.WriteEndObject();
            }
        });
        AtomicFile.Write(Path.Combine(folder, FileName), file => file.Write(Encoding.UTF8.GetBytes(text + "\n")));
    }

    private static void Write(Utf8JsonWriter json, TrainedRun run)
    {
        json.WriteString("loss", run.Loss);
        json.WriteString("backbone", run.Model.Backbone.ToString());
        run.Result?.WriteTo(json);
        json.WriteNumber("epochs", run.Options.Epochs);
        json.WriteNumber("train_seconds", Math.Round(run.Timing.Seconds, 2));
        json.WriteNumber("samples_per_second", Math.Round(run.Timing.SamplesPerSecond, 1));
        if (double.IsFinite(run.Timing.TensorBytes))
        {
            json.WriteNumber("tensor_bytes", (long)run.Timing.TensorBytes);
        }

        if (double.IsFinite(run.Timing.FinalLoss))
        {
            json.WriteNumber("final_loss", run.Timing.FinalLoss);
        }
    }
}
