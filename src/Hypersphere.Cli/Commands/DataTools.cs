using System.CommandLine;
using System.Globalization;
using System.Text;
using Hypersphere.Data;
using Hypersphere.Formats;

namespace Hypersphere.Cli.Commands;

/// <summary>Looks at sets of images, and brings them from one form to another.</summary>
internal static class DataTools
{
    public static Command Create(Terminal terminal)
    {
        var command = new CliCommand("data", "Look at a set of images, check it, pack it into one file or unpack it.")
        {
            Details = () => DataArguments.Forms,
            Examples = [("data check photos", "Broken files, duplicates, identities with one image.")],
        };
        command.Subcommands.Add(Inspect(terminal));
        command.Subcommands.Add(DataCheck.Create(terminal));
        command.Subcommands.Add(Pack(terminal));
        command.Subcommands.Add(Unpack(terminal));
        return command;
    }

    internal static Argument<string> Images() => new("DATA") { Description = "The images." };

    private static CliCommand Inspect(Terminal terminal)
    {
        Argument<string> data = Images();
        Option<bool> json = Options.Json();
        var command = new CliCommand("inspect", "Count images, sizes and identities; no pixel is decoded.") { Examples = [("data inspect train.rec", "A set of insightface.")] };
        command.Arguments.Add(data);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            var files = DatasetFiles.Read(parsed.GetValue(data)!);
            if (parsed.GetValue(json))
            {
                terminal.Out.WriteLine(Json.Object(j =>
                {
                    j.WriteNumber("images", files.ImagesPerIdentity.Sum());
                    j.WriteNumber("identities", files.ImagesPerIdentity.Count);
                    j.WriteNumber("bytes", files.Bytes);
                    DataCheck.WriteCounts(j, "sizes", files.Sizes);
                    DataCheck.WriteCounts(j, "identities_by_images", files.ImagesPerIdentity.CountBy(n => n).OrderBy(c => c.Key).Select(c => KeyValuePair.Create($"{c.Key}", c.Value)));
                }));
                return;
            }

            string size = files.Bytes > 0 ? $", {files.Bytes / 1048576.0:N1} MiB" : "";
            terminal.Out.WriteLine($"data   {files.ImagesPerIdentity.Sum():N0} images of {files.ImagesPerIdentity.Count:N0} identities{size}");
            terminal.Out.WriteLine($"sizes  {DataCheck.Sizes(files.Sizes)}");
            IEnumerable<string[]> rows = files.ImagesPerIdentity.GroupBy(n => (int)Math.Floor(Math.Log2(n))).OrderBy(g => g.Key).Select(g =>
                (string[])[$"{1 << g.Key:N0} to {(1 << (g.Key + 1)) - 1:N0}", g.Count().ToString("N0", CultureInfo.InvariantCulture), g.Sum().ToString("N0", CultureInfo.InvariantCulture)]);
            foreach (string line in TextTable.Lines(["images each", "identities", "images"], rows))
            {
                terminal.Out.WriteLine(line);
            }
        });
        return command;
    }

    private static CliCommand Pack(Terminal terminal)
    {
        Argument<string> data = Images();
        Option<string> file = Options.Text("--out", "FILE", "The .rec file to write; its .idx is written beside it.", required: true);
        Option<bool> overwrite = Options.Flag("--overwrite", "Replace the file.");
        var command = new CliCommand("pack", "Pack images into one RecordIO file, as insightface reads them.")
        {
            Details = () => "Files are taken over byte for byte; images that are no files are stored as PNG.",
            Examples = [("data pack photos --out train.rec", "A folder of identities.")],
        };
        command.Arguments.Add(data);
        command.Options.Add(file);
        command.Options.Add(overwrite);
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(file)!;
            if (!path.EndsWith(".rec", StringComparison.OrdinalIgnoreCase) || (File.Exists(path) && !parsed.GetValue(overwrite)))
            {
                throw new InputException(File.Exists(path) ? $"{path}: exists; --overwrite replaces it." : $"{path}: --out needs a name that ends in .rec.");
            }

            ImageSource source = ImageSource.Open(parsed.GetValue(data)!);
            List<Func<ReadOnlyMemory<byte>>>[] identities = [.. source.ClassNames.Select(_ => new List<Func<ReadOnlyMemory<byte>>>())];
            for (int i = 0; i < source.Count; i++)
            {
                int index = i;
                identities[source.Label(i)].Add(() => source is EncodedImages encoded ? encoded.Encoded(index) : PngEncoder.Encode(source.Read(index)));
            }

            int count = RecordWriter.Write(path, identities);
            terminal.Out.WriteLine($"packed {path}: {count:N0} images of {identities.Length:N0} identities, {new FileInfo(path).Length / 1048576.0:N1} MiB");
        });
        return command;
    }

    private static CliCommand Unpack(Terminal terminal)
    {
        Argument<string> data = Images();
        Option<string> folder = Options.Text("--out", "DIR", "An empty or new folder.", required: true);
        var command = new CliCommand("unpack", "Write the images of a .rec or .bin file (or any other form) into folders, one an identity.")
        {
            Details = () => "Files are written byte for byte as they were packed. A .bin set’s pairs go into pairs.txt.",
            Examples = [("data unpack lfw.bin --out lfw", "A verification set with its pairs.")],
        };
        command.Arguments.Add(data);
        command.Options.Add(folder);
        command.SetAction(parsed =>
        {
            string target = parsed.GetValue(folder)!;
            if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())
            {
                throw new InputException($"{target}: is not empty; choose another --out.");
            }

            ImageSource source = ImageSource.Open(parsed.GetValue(data)!);
            string[] written = [.. Enumerable.Range(0, source.Count).Select(i => Write(source, i, target))];
            if (source is PairBinImages set)
            {
                string pairs = string.Concat(set.Same.Select((same, i) => $"{written[2 * i]}\t{written[(2 * i) + 1]}\t{(same ? 1 : 0)}\n"));
                AtomicFile.Write(Path.Combine(target, "pairs.txt"), stream => stream.Write(Encoding.UTF8.GetBytes(pairs)));
            }

            terminal.Out.WriteLine($"images {target}: {written.Length:N0} of {source.ClassNames.Count:N0} identities");
        });
        return command;
    }

    /// <summary>Writes an image and returns its path below the folder.</summary>
    private static string Write(ImageSource source, int index, string folder)
    {
        ReadOnlyMemory<byte> bytes = source is EncodedImages encoded ? encoded.Encoded(index) : PngEncoder.Encode(source.Read(index));
        string ending = bytes.Span.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8]) ? ".jpg" : bytes.Span.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50]) ? ".png" : ".pnm";
        string identity = string.Concat(source.ClassNames[source.Label(index)].Select(c => char.IsLetterOrDigit(c) || c is '-' or '_' or ' ' ? c : '_'));
        string name = string.Create(CultureInfo.InvariantCulture, $"{identity}/{identity}_{index:D6}{ending}"), path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        AtomicFile.Write(path, stream => stream.Write(bytes.Span));
        return name;
    }
}
