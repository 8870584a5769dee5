using System.CommandLine;
using System.Globalization;
using Hypersphere.Cli.Running;
using Hypersphere.Data;
using Hypersphere.Kernels.Threading;
using Hypersphere.Training;

namespace Hypersphere.Cli.Commands;

/// <summary>The first thing to run: ArcFace beside softmax on Fashion-MNIST.</summary>
internal static class Quickstart
{
    private const string MarginLoss = "arcface(margin=0.3, scale=16)", PlainLoss = "softmax";

    public static Command Create(Terminal terminal)
    {
        Option<string> data = Options.Text("--data", "DATA", "A copy of Fashion-MNIST (idx:DIR), or other images. Without it: the system’s copy, else a download."),
            folder = Options.Text("--out", "DIR", "Where report, metrics, model and checkpoints go.", Path.Combine("runs", "quickstart"));
        Option<int> epochs = Options.Whole("--epochs", "N", "Passes over the images.", 1),
            embedding = Options.Whole("--embedding", "D", "Numbers in an embedding; 2 shows the circle.", 64, maximum: 4096),
            seed = Options.Seed(), threads = Options.Threads();
        Option<bool> resume = Options.Flag("--resume", "Go on after an interruption.");
        var command = new CliCommand("quickstart", "Train on Fashion-MNIST with ArcFace and with softmax, compare them, write a report.")
        {
            Details = () => "Takes a few minutes. A run that is in --out is replaced.",
            Examples =
            [
                ("quickstart", "Train, measure, and write runs/quickstart/report.html."),
                ("quickstart --embedding 2 --epochs 4 --out runs/circle", "Two numbers an image: the report shows the circle."),
            ],
        };
        foreach (Option option in (Option[])[data, folder, epochs, embedding, seed, threads, resume])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            WorkerPool.Configure(parsed.GetValue(threads));
            terminal.Out.WriteLine(Machine.Banner(parsed.GetValue(threads), parsed.GetValue(seed)));
            string spec = parsed.GetValue(data) ?? "idx:" + FashionMnist.Published.Locate(terminal), directory = parsed.GetValue(folder)!;
            var options = new TrainingOptions
            {
                Backbone = string.Create(CultureInfo.InvariantCulture, $"small-cnn(embedding={parsed.GetValue(embedding)})"),
                Epochs = parsed.GetValue(epochs), Seed = (ulong)parsed.GetValue(seed), CheckpointEvery = 100,
                MarginRamp = parsed.GetValue(embedding) == 2 ? 0.5f : 0, // on a circle ten classes must find their places before a margin pushes
            };
            string line = Shell.Join([CommandLine.Program, .. parsed.Tokens.Select(t => t.Value).Where(t => t != "--resume")]);
            Run(terminal, spec, directory, options, parsed.GetValue(resume), line);
        });
        return command;
    }

    private static void Run(Terminal terminal, string spec, string folder, TrainingOptions options, bool resume, string command)
    {
        ImageSource train = ImageSource.Open(spec), test = ImageSource.Open(spec, new ImageSourceOptions { Part = DataPart.Test });
        bool isFashion = spec.Contains("fashion-mnist", StringComparison.OrdinalIgnoreCase) && test.ClassNames.Count == FashionMnist.ClassNames.Count;
        string name = isFashion ? "Fashion-MNIST" : spec;
        terminal.Out.WriteLine($"data   {name}: {train.Count:N0} train, {test.Count:N0} test, {train.ClassNames.Count} classes");
        RunMode mode = resume ? RunMode.Resume : RunMode.Replace;
        var session = new TrainingSession(terminal, command + " --resume");
        TrainedRun margin = session.Train(folder, options with { Loss = MarginLoss }, train, mode, test, Check);
        TrainedRun plain = session.Train(Path.Combine(folder, "softmax"), options with { Loss = PlainLoss }, train, mode, test, Check);
        TrainedRun[] runs = [margin, plain];
        MetricsFile.Write(folder, runs);
        foreach (string line in ResultTable.Lines(runs.Select(r => (r.Name, r.Result!))))
        {
            terminal.Out.WriteLine(line);
        }

        string report = RunReport.Write(folder, $"{name} quickstart", command, runs, train, test, isFashion ? FashionMnist.ClassNames : null);
        terminal.Out.WriteLine($"report {report}");

        void Check(TrainingOptions stored)
        {
            if (stored with { Loss = options.Loss, Sampler = options.Sampler, Preprocessing = options.Preprocessing } != options)
            {
                throw new InputException(
                    $"{folder}: the run there began with other options (--epochs {stored.Epochs}, --seed {stored.Seed}, {stored.Backbone}); "
                    + "give the same with --resume, or leave --resume out to begin anew.");
            }
        }
    }
}
