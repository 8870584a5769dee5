using System.Globalization;
using System.Text;
using Hypersphere.Data;
using Hypersphere.Evaluation;
using Hypersphere.Formats;
using Hypersphere.Losses;
using Hypersphere.Losses.Classification;
using Hypersphere.Tensors;

namespace Hypersphere.Cli.Running;

/// <summary>What sub-centres are trained for: the training images that are probably labelled wrongly, as outliers.csv in the run's folder.</summary>
internal static class OutlierFile
{
    private const double Threshold = 75;

    /// <summary>Writes the file if the loss has sub-centres.</summary>
    /// <param name="run">The finished training.</param>
    /// <param name="images">What it was trained on.</param>
    /// <returns>A line that says where it is and what is in it; null for another loss.</returns>
    public static string? Write(TrainedRun run, ImageSource images)
    {
        if (run.Model.Loss.Summands.OfType<SubCenterArcFace>().FirstOrDefault() is not { } loss)
        {
            return null;
        }

        EmbeddingSet set = run.Model.Embed(images);
        SubCenterReport report = loss.Outliers(Tensor.From(set.Values, new Shape(set.Count, set.Size)), set.Labels, Threshold);
        StringBuilder lines = new("image,identity,angle_deg,nearest_is_dominant\n");
        foreach (SubCenterSample sample in report.Outliers)
        {
            lines.Append(CultureInfo.InvariantCulture, $"{Quoted(images.Name(sample.Index))},{Quoted(images.ClassNames[sample.Label])},")
                .Append(CultureInfo.InvariantCulture, $"{sample.AngleToDominant:0.0},{(sample.IsOffDominant ? "false" : "true")}\n");
        }

        string path = Path.Combine(run.Folder, "outliers.csv");
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(lines.ToString())));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"outliers {path}: {report.Outliers.Count():N0} of {set.Count:N0} images lie over {Threshold}° from where most of their identity lies");
    }

    private static string Quoted(string text) =>
        text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
