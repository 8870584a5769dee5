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
        var data = new DataArguments();
        Option<string> file = Options.Required(Options.Text("--out", "FILE", "The .npz file to write."));
        Option<bool> raw = Options.Flag("--raw", "Leave the embeddings as the network gives them, not at length 1.");
        Option<int> batch = Options.Whole("--batch", "N", "Images at a time.", 256), threads = Options.Threads();
        var command = new CliCommand("embed", "Turn images into embeddings: an .npz file with embeddings, labels, names.")
        {
            Details = () => DataArguments.Forms + "\nThe file holds embeddings float32 [N,D], labels int32 [N], names and class_names.",
            Examples = [("embed --model runs/mine --data photos --out photos.npz", "Embed a folder with the model of a run.")],
        };
        model.AddTo(command);
        data.AddTo(command);
        foreach (Option option in (Option[])[file, raw, batch, threads])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            WorkerPool.Configure(parsed.GetValue(threads));
            Embedder network = model.Open(parsed);
            ImageSource images = data.Open(parsed, DataPart.Test);
            using var counter = new CountDisplay(terminal, images.Count);
            EmbeddingSet set = network.Embed(images, parsed.GetValue(batch), counter.Update);
            counter.Dispose();
            set = parsed.GetValue(raw) ? set : set.Normalized();
            Save(parsed.GetValue(file)!, set, images);
            terminal.Out.WriteLine($"embeddings {parsed.GetValue(file)}: {set.Count:N0} × {set.Size}");
        });
        return command;
    }

    private static void Save(string path, EmbeddingSet set, ImageSource images) => NpzWriter.Save(
        path,
        compress: false,
        ("embeddings", NpyArray.Of(set.Values, set.Count, set.Size)),
        ("labels", NpyArray.Of(set.Labels)),
        ("names", NpyArray.Of(set.Names!)),
        ("class_names", NpyArray.Of(images.ClassNames.ToArray())));
}
