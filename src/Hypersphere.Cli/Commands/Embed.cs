using System.CommandLine;
using Hypersphere.Cli.Display;
using Hypersphere.Data;
using Hypersphere.Evaluation;
using Hypersphere.Formats;
using Hypersphere.Kernels.Threading;
using Hypersphere.Training;

namespace Hypersphere.Cli.Commands;

/// <summary>Turns images into embeddings.</summary>
internal static class Embed
{
    public static Command Create(Terminal terminal)
    {
        var model = new ModelArgument();
        var data = new DataArguments(required: false);
        Argument<string[]> single = new("IMAGE")
        {
            Description = "Single images instead of --data; they are brought to the network’s size.", Arity = ArgumentArity.ZeroOrMore,
        };
        Option<string> file = Options.Text("--out", "FILE", "The .npz file to write.", required: true);
        Option<bool> raw = Options.Flag("--raw", "Leave the embeddings as the network gives them, not at length 1."),
            mirror = Options.Flag("--mirror", "Add the embedding of the mirror image to each, as a calibration of evaluate expects it of a gallery.");
        Option<int> batch = Options.Whole("--batch", "N", "Images at a time.", 256), threads = Options.Threads();
        var command = new CliCommand("embed", "Turn images into embeddings: an .npz file with embeddings, labels, names.")
        {
            Details = () => DataArguments.Forms + "\nThe file holds embeddings float32 [N,D], labels int32 [N], names, class_names, mirror, and which model made them.",
            Examples =
            [
                ("embed --model runs/mine --data photos --out photos.npz", "Embed a folder with the model of a run."),
                ("embed a.jpg b.jpg --model runs/mine --out two.npz", "Embed two images."),
            ],
        };
        command.Arguments.Add(single);
        model.AddTo(command);
        data.AddTo(command);
        foreach (Option option in (Option[])[file, raw, mirror, batch, threads])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            WorkerPool.Configure(parsed.GetValue(threads));
            Embedder network = model.Open(parsed);
            bool mirrored = parsed.GetValue(mirror);
            EmbeddingFile embedded = parsed.GetValue(single) is { Length: > 0 } paths
                ? Single(network, paths, mirrored) : Whole(terminal, network, data.Open(parsed, DataPart.Test, loose: true), parsed.GetValue(batch), mirrored);
            embedded = embedded with { Model = network.Fingerprint(), Set = parsed.GetValue(raw) ? embedded.Set : embedded.Set.Normalized() };
            embedded.Save(parsed.GetValue(file)!);
            terminal.Out.WriteLine($"embeddings {parsed.GetValue(file)}: {embedded.Set.Count:N0} × {embedded.Set.Size}");
        });
        return command;
    }

    private static EmbeddingFile Single(Embedder network, string[] paths, bool mirror)
    {
        EmbeddingSet set = network.Embed([.. paths.Select(ImageDecoders.Load)], mirror);
        return new EmbeddingFile(new EmbeddingSet(set.Values, set.Size, set.Labels, paths), paths, mirror);
    }

    private static EmbeddingFile Whole(Terminal terminal, Embedder network, ImageSource images, int batch, bool mirror)
    {
        EmbeddingSet Pass(bool mirrored)
        {
            using var counter = new CountDisplay(terminal, images.Count);
            return network.Embed(images, batch, counter.Update, mirrored);
        }

        EmbeddingSet set = Pass(mirrored: false);
        return new EmbeddingFile(mirror ? set.Plus(Pass(mirrored: true)) : set, images.ClassNames, mirror);
    }
}
