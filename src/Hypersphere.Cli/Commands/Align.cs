using System.CommandLine;
using System.Globalization;
using Hypersphere.Formats;
using Hypersphere.Imaging;

namespace Hypersphere.Cli.Commands;

/// <summary>Cuts faces out of photographs.</summary>
internal static class Align
{
    private const string Order = "x and y of left eye, right eye, nose, left and right corner of the mouth, as the viewer sees them";

    public static Command Create(Terminal terminal)
    {
        var input = new Argument<string>("IMAGES") { Description = "A photograph, or a folder of them.", HelpName = "IMAGES" };
        Option<string> points = Options.Text("--points", "X,Y,…", $"The landmarks of one photograph: {Order}."),
            table = Options.Text("--landmarks", "FILE", $"The landmarks of a folder: a line a photograph, its path and {Order}."),
            output = Options.Text("--out", "PATH", "The image to write, or the folder for all of them.", required: true),
            format = Options.Choice("--format", "What to write into a folder.", "png", "jpg");
        Option<int> side = Options.Whole("--size", "N", "Height and width of the faces.", FaceAlignment.TemplateSide, maximum: 4096),
            quality = Options.Whole("--quality", "N", "Quality of JPEG.", 95, maximum: 100);
        var command = new CliCommand("align", "Cut faces out of photographs by five landmarks, as face networks expect them.")
        {
            Details = () => "Landmarks come from any face detector; pixel centres have whole coordinates. Sub-folders stay as they are. "
                + "Photographs that cannot be read are named at the end and the exit code is 2; the others are written.",
            Examples =
            [
                ("align photo.jpg --points 104.6,107.8,144.4,112.5,121.1,138.4,104.1,147.7,137.8,153.3 --out face.png", "One face."),
                ("align photos --landmarks landmarks.tsv --out faces", "A folder, with a table of landmarks."),
            ],
        };
        command.Arguments.Add(input);
        foreach (Option option in (Option[])[points, table, output, side, format, quality])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            string from = parsed.GetValue(input)!, to = parsed.GetValue(output)!;
            if (parsed.GetValue(points) is { } numbers)
            {
                Write(to, FaceAlignment.Align(ImageDecoders.Load(from), Points(numbers), parsed.GetValue(side)), parsed.GetValue(quality));
                terminal.Out.WriteLine($"face   {to}");
                return 0;
            }

            string list = parsed.GetValue(table) ?? throw new InputException("which landmarks? Give --points for one photograph, or --landmarks with a table for a folder.");
            return Folder(terminal, from, to, LandmarkTable.Read(list), parsed.GetValue(side), "." + parsed.GetValue(format), parsed.GetValue(quality));
        });
        return command;
    }

    private static int Folder(
        Terminal terminal, string from, string to, IReadOnlyList<(string Image, IReadOnlyList<(double X, double Y)> Points)> faces, int side, string ending, int quality)
    {
        List<string> failed = [];
        HashSet<string> written = new(StringComparer.Ordinal);
        foreach ((string image, IReadOnlyList<(double X, double Y)> landmarks) in faces)
        {
            string target = Path.Combine(to, Path.ChangeExtension(image, ending));
            try
            {
                if (!Path.GetFullPath(target).StartsWith(Path.GetFullPath(to) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                {
                    throw new InputException($"{image}: leads out of the folder; give paths inside it.");
                }

                if (!written.Add(target))
                {
                    throw new InputException($"{image}: would be written to {target}, as another photograph of the table; give it another name.");
                }

                RasterImage face = FaceAlignment.Align(ImageDecoders.Load(Path.Combine(from, image)), landmarks, side);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                Write(target, face, quality);
            }
            catch (InputException e)
            {
                failed.Add(e.Message);
            }
        }

        terminal.Out.WriteLine($"faces  {faces.Count - failed.Count:N0} of {faces.Count:N0} in {to}");
        foreach (string message in failed)
        {
            terminal.Error.WriteLine(message);
        }

        return failed.Count == 0 ? 0 : ExitCode.BadInput;
    }

    private static void Write(string path, RasterImage face, int quality)
    {
        byte[] bytes = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".png" => PngEncoder.Encode(face),
            ".jpg" or ".jpeg" => JpegEncoder.Encode(face, quality),
            string other => throw new InputException($"{path}: “{other}” cannot be written; .png, .jpg can."),
        };
        AtomicFile.Write(path, file => file.Write(bytes));
    }

    private static (double X, double Y)[] Points(string text)
    {
        double[] numbers = [.. text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries)
            .Select(t => double.TryParse(t, NumberStyles.Float, CultureInfo.InvariantCulture, out double v) && double.IsFinite(v) ? v : throw new InputException($"--points: “{t}” is no number."))];
        return numbers.Length == 10
            ? [.. numbers.Chunk(2).Select(p => (p[0], p[1]))]
            : throw new InputException($"--points holds {numbers.Length} numbers; it needs ten: {Order}.");
    }
}
