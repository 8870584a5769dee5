using System.CommandLine;
using Hypersphere.Data;

namespace Hypersphere.Cli.Running;

/// <summary>The options that say which images a trained network is measured on.</summary>
internal sealed class HoldoutArguments
{
    private readonly Option<string> _test =
        Options.Text("--test", "DATA", "Images to measure on. Without it: the test part of idx:DIR, else --holdout.");

    private readonly Option<double> _share =
        Options.Real("--holdout", "SHARE", "Share of every identity’s images that is set aside to measure on.", 0.1, maximum: 0.9);

    public void AddTo(Command command)
    {
        command.Options.Add(_test);
        command.Options.Add(_share);
    }

    /// <summary>Opens the images to train on and those to measure on; the latter may be none.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="data">The images.</param>
    /// <param name="seed">Decides what is set aside.</param>
    public (ImageSource Train, ImageSource? Test) Open(ParseResult parsed, DataArguments data, int seed) =>
        parsed.GetValue(_test) is { } given ? (data.Open(parsed, DataPart.Train), data.Open(parsed, given, DataPart.Test))
        : Holdout.HasTestPart(data.Spec(parsed)) ? (data.Open(parsed, DataPart.Train), data.Open(parsed, DataPart.Test))
        : Holdout.Cut(data.Open(parsed, DataPart.Train), parsed.GetValue(_share), parsed.GetResult(_share) is { Implicit: false }, seed);

    /// <summary>What was chosen, in words that can be compared.</summary>
    public IEnumerable<(string Option, string Value)> Settings(ParseResult parsed) =>
        [(_test.Name, parsed.GetValue(_test) ?? ""), (_share.Name, FormattableString.Invariant($"{parsed.GetValue(_share)}"))];
}
