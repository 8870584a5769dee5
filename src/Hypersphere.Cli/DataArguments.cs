using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Hypersphere.Data;

namespace Hypersphere.Cli;

/// <summary>The options that say which images, and open them.</summary>
/// <param name="required">Whether a command cannot do without.</param>
internal sealed class DataArguments(bool required = true)
{
    /// <summary>What can stand behind --data.</summary>
    public const string Forms =
        "DATA is a folder with one sub-folder per identity (JPEG, PNG, PGM, PPM), a list FILE.txt, .tsv or .csv (path and identity a line), "
        + "FILE.rec (insightface’s sets; .idx beside it), FILE.bin (a verification set), idx:DIR (MNIST's four files; idx:DIR#test for its test part), FILE.npz (images, labels), or, to try things out, synthetic:classes=10,images=1000,size=28,channels=1,seed=0 (patterns) or synthetic-identities:classes=100000,… (vectors, at any scale; see docs/SCALING.md).";

    private readonly Option<string> _data = Options.Text("--data", "DATA", "The images.", required: required);
    private readonly Option<(int Height, int Width)?> _size = SizeOption("Bring the images of a folder to this size.");

    private readonly Option<bool> _grey = Options.Flag("--grey", "Read the images of a folder as grey.");

    public static Option<(int Height, int Width)?> SizeOption(string description) => new("--size")
    {
        HelpName = "HxW", Description = description, Arity = ArgumentArity.ExactlyOne, CustomParser = ParseSize,
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_data);
        command.Options.Add(_size);
        command.Options.Add(_grey);
    }

    public string Spec(ParseResult parsed) => parsed.Needed(_data);

    /// <summary>Opens what --data names.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="part">Of sets with two parts.</param>
    /// <param name="loose">Whether images of unknown people will do.</param>
    public ImageSource Open(ParseResult parsed, DataPart part, bool loose = false) => Open(parsed, Spec(parsed), part, loose);

    /// <summary>Opens other images in the same way.</summary>
    public ImageSource Open(ParseResult parsed, string spec, DataPart part, bool loose = false) => ImageSource.Open(
        spec, new ImageSourceOptions { Loose = loose, Part = part, Size = parsed.GetValue(_size), Channels = parsed.GetValue(_grey) ? 1 : null });

    /// <summary>What to call the images in a title: the folder of MNIST's four files, not the first of them.</summary>
    public string Name(ParseResult parsed, ImageSource images) => Path.GetFileName(
        (Spec(parsed).StartsWith("idx:", StringComparison.Ordinal) ? Path.GetDirectoryName(images.Origin)! : images.Origin).TrimEnd('/'));

    /// <summary>What was chosen, in words that can be compared.</summary>
    public IEnumerable<(string Option, string Value)> Settings(ParseResult parsed) =>
    [
        (_data.Name, Spec(parsed)), (_size.Name, parsed.GetValue(_size) is { } size ? FormattableString.Invariant($"{size.Height}x{size.Width}") : ""),
        (_grey.Name, parsed.GetValue(_grey) ? "yes" : "no"),
    ];

    private static (int Height, int Width)? ParseSize(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        int[] sides = [.. text.Split('x').Select(t => int.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n <= 8192 ? n : 0)];
        if (sides.Length is 0 or > 2 || sides.Contains(0))
        {
            result.AddError($"--size must be HxW in pixels, such as 112x112, but is “{text}”");
            return null;
        }

        return (sides[0], sides[^1]);
    }
}
