using System.CommandLine;
using System.Text;
using Hypersphere.Cli.Display;
using Hypersphere.Cli.Running;
using Hypersphere.Data;
using Hypersphere.Evaluation;
using Hypersphere.Formats;
using Hypersphere.Kernels.Threading;
using Hypersphere.Training;

namespace Hypersphere.Cli.Commands;

/// <summary>Measures a trained model on images.</summary>
internal static class Evaluate
{
    public static Command Create(Terminal terminal)
    {
        var model = new ModelArgument();
        var data = new DataArguments();
        Option<string> json = Options.Text("--json", "FILE", "Write all numbers to a JSON file; “-” prints them instead of the table."),
            pairs = Options.Text("--pairs", "FILE", "Pairs to verify: LFW’s pairs.txt, or lines of image, image, 1 or 0. Without it, up to 6,000 are drawn.");
        Option<string> report = Options.Text("--report", "FILE", "With --protocol lfw: write an .html page with curves and the hardest pairs.");
        Option<string> calibrate = Options.Text("--calibrate", "FILE", "With --protocol lfw: write which score means which false accept rate, for verify and identify.");
        Option<string> protocol = Options.Choice("--protocol", "What to measure: everything about classes and pairs, verification in ten folds, search among known people, or Omniglot’s one-shot runs.", "all", "lfw", "identification", "one-shot"),
            gallery = Options.Text("--gallery", "DATA", "With --protocol identification: the known people; --data are the probes. A folder, or an .npz file that “embed” wrote.");
        Option<int> batch = Options.Whole("--batch", "N", "Images at a time.", 256), threads = Options.Threads();
        var command = new CliCommand("evaluate", "Measure a trained model: retrieval, verification, angles.")
        {
            Details = () => DataArguments.Forms,
            Examples =
            [
                ("evaluate --model runs/mine --data photos-of-others", "Measure on images of other identities."),
                ("evaluate --model runs/mine --data lfw --protocol lfw --pairs pairs.txt", "LFW’s ten folds, plain and flip-summed."),
                ("evaluate --model runs/mine --data probes --protocol identification --gallery known", "Are people found among known ones?"),
                ("evaluate --model runs/quickstart --data idx:/usr/share/datasets/fashion-mnist --json result.json", "The test part of Fashion-MNIST."),
            ],
        };
        model.AddTo(command);
        data.AddTo(command);
        foreach (Option option in (Option[])[protocol, gallery, report, calibrate, pairs, json, batch, threads])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            WorkerPool.Configure(parsed.GetValue(threads));
            Embedder network = model.Open(parsed);
            if (parsed.GetValue(protocol) == "one-shot")
            {
                OneShotReport.Run(terminal, network, data.Spec(parsed), parsed.GetValue(json));
                return;
            }

            ImageSource images = data.Open(parsed, DataPart.Test);
            if (parsed.GetValue(protocol) == "identification")
            {
                string known = parsed.GetValue(gallery) ?? throw new InputException("--protocol identification: searches among whom? Give --gallery too.");
                IdentificationReport.Run(terminal, network, images, known, parsed.GetValue(json));
                return;
            }

            VerificationPairs? given = parsed.GetValue(pairs) is { } list
                ? VerificationPairs.Read(list, [.. Enumerable.Range(0, images.Count).Select(images.Name)])
                : VerificationPairs.Of(images);
            if (parsed.GetValue(protocol) == "lfw")
            {
                string line = Shell.Join([CommandLine.Program, .. parsed.Tokens.Select(t => t.Value)]);
                LfwReport.Run(
                    terminal, network, images, given, parsed.GetValue(batch),
                    new LfwOutputs(parsed.GetValue(json), parsed.GetValue(calibrate), parsed.GetValue(report), line));
                return;
            }

            EmbeddingSet embeddings = EmbedAll(terminal, network, images, parsed.GetValue(batch));
            EvaluationResult result = TrainingSession.Measure(network, embeddings, images.ClassNames, given);
            Show(terminal, network, images, result, parsed.GetValue(json));
        });
        return command;
    }

    private static EmbeddingSet EmbedAll(Terminal terminal, Embedder model, ImageSource images, int batch)
    {
        using var counter = new CountDisplay(terminal, images.Count);
        return model.Embed(images, batch, counter.Update);
    }

    private static void Show(Terminal terminal, Embedder model, ImageSource images, EvaluationResult result, string? file)
    {
        if (file == "-")
        {
            terminal.Out.WriteLine(result.ToJson());
            return;
        }

        terminal.Out.WriteLine($"test   {new DatasetSummary(images)}");
        foreach (string line in ResultTable.Lines([((model as EmbeddingModel)?.Loss.Name ?? "", result)]))
        {
            terminal.Out.WriteLine(line);
        }

        if (file is not null)
        {
            AtomicFile.Write(file, stream => stream.Write(Encoding.UTF8.GetBytes(result.ToJson() + "\n")));
            terminal.Out.WriteLine($"numbers {file}");
        }
    }
}
