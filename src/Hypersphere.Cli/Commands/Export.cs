using System.CommandLine;
using Hypersphere.Onnx;
using Hypersphere.Training;

namespace Hypersphere.Cli.Commands;

/// <summary>Writes a model for other runtimes.</summary>
internal static class Export
{
    public static Command Create(Terminal terminal)
    {
        var model = new ModelArgument();
        Option<string> file = Options.Text("--out", "FILE", "The .onnx file to write.", required: true);
        Option<int> batch = Options.Whole("--batch", "N", "Images at a time; 0 leaves it open.", 0, minimum: 0);
        Option<bool> normalize = Options.Flag("--normalize", "Bring the embeddings to length 1 inside the network.");
        var command = new CliCommand("export", "Write a network as an ONNX file, for other runtimes.")
        {
            Details = () => "Input “input” [N, C, H, W], output “embedding” [N, D]. How bytes become numbers stands in the file’s metadata, under “preprocessing”.",
            Examples = [("export --model runs/mine --out mine.onnx", "The network of a run; any number of images at a time.")],
        };
        model.AddTo(command);
        foreach (Option option in (Option[])[file, batch, normalize])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            Embedder network = model.Open(parsed);
            string path = parsed.GetValue(file)!;
            OnnxExport.Save(network, path, parsed.GetValue(batch), parsed.GetValue(normalize));
            terminal.Out.WriteLine($"onnx   {path}: {network.Backbone.ParameterCount():N0} parameters, {new FileInfo(path).Length / 1024.0 / 1024:N1} MiB, {network.Preprocessing}");
        });
        return command;
    }
}
