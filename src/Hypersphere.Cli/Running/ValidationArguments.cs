using System.CommandLine;
using Hypersphere.Data;
using Hypersphere.Evaluation;
using Hypersphere.Training;

namespace Hypersphere.Cli.Running;

/// <summary>The options that say how a network is tested while it trains.</summary>
internal sealed class ValidationArguments
{
    private readonly Option<string> _data = Options.Text("--validate", "DATA", "Images of other identities; pairs of them decide which checkpoint is the best."),
        _pairs = Options.Text("--validate-pairs", "FILE", "The pairs, such as LFW’s pairs.txt. Without it, 6,000 are drawn.");

    private readonly Option<double> _far = Options.Real("--validate-far", "RATE", "Best is the largest true accept rate at this false accept rate.", 1e-2, minimum: 1e-9, maximum: 0.5);

    public void AddTo(Command command)
    {
        command.Options.Add(_data);
        command.Options.Add(_pairs);
        command.Options.Add(_far);
    }

    /// <summary>Opens the images and pairs; null when none were asked for.</summary>
    /// <exception cref="InputException">They cannot be read, or do not fit each other or the rate.</exception>
    public PairValidation? Open(ParseResult parsed, DataArguments data)
    {
        if (parsed.GetValue(_data) is not { } spec)
        {
            return parsed.GetValue(_pairs) is null ? null : throw new InputException($"{_pairs.Name}: pairs of which images? Give {_data.Name} too.");
        }

        ImageSource images = data.Open(parsed, spec, DataPart.Test);
        VerificationPairs pairs = parsed.GetValue(_pairs) is { } file
            ? VerificationPairs.Read(file, [.. Enumerable.Range(0, images.Count).Select(images.Name)])
            : TrainingSession.Draw([.. Enumerable.Range(0, images.Count).Select(images.Label)])
                ?? throw new InputException($"{images.Origin}: too few identities with two images to draw pairs from; give others to {_data.Name}.");
        (int[] samples, pairs) = pairs.Compact();
        return new PairValidation(images.Subset(samples), pairs, parsed.GetValue(_far));
    }
}
