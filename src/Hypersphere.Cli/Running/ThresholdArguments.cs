using System.CommandLine;
using System.Globalization;
using Hypersphere.Evaluation;
using Hypersphere.Training;

namespace Hypersphere.Cli.Running;

/// <summary>From which score on two images count as the same.</summary>
/// <param name="Threshold">A cosine.</param>
/// <param name="Mirror">Whether mirror images' embeddings are added.</param>
/// <param name="Origin">Where it comes from, for people.</param>
internal sealed record Decision(double Threshold, bool Mirror, string Origin);

/// <summary>The options that say it.</summary>
internal sealed class ThresholdArguments
{
    /// <summary>The calibration of a run, in its folder.</summary>
    public const string FileName = "calibration.json";

    public const string Explanation =
        "The threshold comes from a calibration, which “evaluate --protocol lfw” or “all-pairs” writes with --calibrate FILE; one named calibration.json beside the model is found by itself.";

    private readonly Option<double> _far = Options.Real("--far", "RATE", "The share of impostors that may be accepted.", 1e-3, minimum: 1e-12, maximum: 1),
        _threshold = Options.Real("--threshold", "X", "The score itself, instead of a calibration.", minimum: -1, maximum: 1);

    private readonly Option<string> _calibration = Options.Text("--calibration", "FILE", "The calibration; else calibration.json beside the model.");
    private readonly Option<bool> _mirror = Options.Flag("--mirror", "With --threshold: add the embeddings of the mirror images.");

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_far, _calibration, _threshold, _mirror])
        {
            command.Options.Add(option);
        }
    }

    /// <exception cref="InputException">There is neither a threshold nor a calibration, or it cannot tell the rate.</exception>
    public Decision Read(ParseResult parsed, string model, Embedder network)
    {
        if (parsed.GetResult(_threshold) is not null)
        {
            return new Decision(parsed.GetValue(_threshold), parsed.GetValue(_mirror), "(given)");
        }

        string place = Directory.Exists(model) ? model : Path.GetDirectoryName(model[(model.IndexOf(':', StringComparison.Ordinal) + 1)..]) ?? "";
        string beside = Path.Combine(place, FileName);
        string file = parsed.GetValue(_calibration) ?? (File.Exists(beside) ? beside
            : throw new InputException($"{beside}: no such calibration; write one with “evaluate --protocol lfw --model {model} … --calibrate FILE”, or give --threshold."));
        double far = parsed.GetValue(_far);
        var calibration = Calibration.Load(file);
        if (calibration.Model.Length > 0 && calibration.Model != network.Fingerprint())
        {
            throw new InputException($"{file}: is for another network, or one that has changed since; write it again with “evaluate --protocol lfw --model {model} … --calibrate FILE”.");
        }

        return new Decision(
            calibration.ThresholdAt(far), calibration.Mirror,
            string.Create(CultureInfo.InvariantCulture, $"for a false accept rate of {far:0.####e-0}, which accepts {calibration.TarAt(calibration.ThresholdAt(far)):0.0%} of genuine pairs"));
    }
}
