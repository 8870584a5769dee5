using System.CommandLine;
using System.Globalization;
using Hypersphere.Cli.Running;
using Hypersphere.Data;
using Hypersphere.Kernels.Threading;
using Hypersphere.Reports;
using Hypersphere.Training;

namespace Hypersphere.Cli.Commands;

/// <summary>Trains several losses with the same seeds and budget, and compares what they reach.</summary>
internal static class Compare
{
    private const string ReportName = "compare.html";

    /// <summary>Numbers that are the same for every loss.</summary>
    private static readonly string[] _common = ["epochs", "parameters"];

    public static Command Create(Terminal terminal)
    {
        var data = new DataArguments();
        var training = new TrainingArguments(oneLoss: false);
        var holdout = new HoldoutArguments();
        var losses = new Option<string[]>("--losses")
        {
            HelpName = "LOSS …", Description = "The losses, one after another or with commas between.", Required = true,
            AllowMultipleArgumentsPerToken = true, Arity = ArgumentArity.OneOrMore,
        };
        Option<string> folder = Options.Text("--out", "DIR", "Where all runs, compare.json and compare.html go.", required: true),
            json = Options.Text("--json", "FILE", "Write the numbers there too.");
        Option<int> seeds = Options.Whole("--seeds", "K", "Trainings of each loss, from --seed on.", 3, maximum: 1000), threads = Options.Threads();
        Option<bool> resume = Options.Flag("--resume", "Go on where the comparison in --out stopped; finished runs are kept."),
            overwrite = Options.Flag("--overwrite", "Replace the comparison that is in --out.");
        var command = new CliCommand("compare", "Train several losses with the same seeds and budget, and tell which differences exceed chance.")
        {
            Details = () => DataArguments.Forms + "\n" + TrainingArguments.Choices(),
            Examples =
            [
                ("compare --losses \"arcface(margin=0.3, scale=16)\" cosface softmax --data photos --size 112x112 --out runs/compared", "Three losses, three seeds each."),
                ("compare --losses arcface,cosface --data photos --seeds 5 --epochs 20 --out runs/compared", "Commas do too; five seeds."),
                ("compare --losses arcface,cosface --data photos --seeds 5 --epochs 20 --out runs/compared --resume", "Go on after an interruption."),
            ],
        };
        command.Options.Add(losses);
        data.AddTo(command);
        command.Options.Add(folder);
        command.Options.Add(seeds);
        training.AddTo(command);
        holdout.AddTo(command);
        foreach (Option option in (Option[])[json, resume, overwrite, threads])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            WorkerPool.Configure(parsed.GetValue(threads));
            int seed = training.Seed(parsed);
            terminal.Out.WriteLine(Machine.Banner(parsed.GetValue(threads), seed));
            (ImageSource images, ImageSource? test) = holdout.Open(parsed, data, seed);
            IReadOnlyList<(string Name, string Spec)> compared = ComparedLosses.Read(parsed.GetValue(losses)!, images.ClassNames.Count);
            test = test ?? throw new InputException("there is nothing to measure on: no identity has images to spare; see --test and --holdout.");
            List<(string Option, string Value)> settings =
            [
                ("images", DatasetSummary.Fingerprint(images)), ("test images", DatasetSummary.Fingerprint(test)), ("--losses", string.Join(", ", compared.Select(l => l.Spec))), ("--seeds", parsed.GetValue(seeds).ToString(CultureInfo.InvariantCulture)),
                .. data.Settings(parsed), .. holdout.Settings(parsed), .. training.Settings(parsed),
            ];
            var comparison = new Comparing(
                terminal, parsed.GetValue(folder)!, compared, parsed.GetValue(seeds), training.Read(parsed), images, test,
                data.Name(parsed, images), Shell.Join([CommandLine.Program, .. parsed.Tokens.Select(t => t.Value).Where(t => t is not "--resume" and not "--overwrite")]));
            RunMode mode = parsed.GetValue(resume) ? RunMode.Resume : parsed.GetValue(overwrite) ? RunMode.Replace : RunMode.Begin;
            comparison.Run(settings, mode, parsed.GetValue(json));
        });
        return command;
    }

    /// <summary>A comparison while it runs.</summary>
    private sealed class Comparing(
        Terminal terminal, string folder, IReadOnlyList<(string Name, string Spec)> losses, int seeds, TrainingOptions options, ImageSource images,
        ImageSource test, string title, string line)
    {
        public void Run(IReadOnlyList<(string Option, string Value)> settings, RunMode mode, string? json)
        {
            terminal.Out.WriteLine($"data   {new DatasetSummary(images)}; measured on {test.Count:N0} others");
            using var alone = new RunLock(folder);
            ComparisonFile file = ComparisonFile.Open(folder, settings, mode);
            file.Save();
            foreach ((int seed, int loss) in Enumerable.Range(0, seeds).SelectMany(s => Enumerable.Range(0, losses.Count).Select(l => (s, l))))
            {
                Train(file, loss, options.Seed + (ulong)seed, mode);
            }

            ComparisonData data = Gather(file);
            file.Save(data);
            if (json is not null)
            {
                file.Save(data, json);
            }

            foreach (string row in ResultTable.Lines(data))
            {
                terminal.Out.WriteLine(row);
            }

            string page = Path.Combine(folder, ReportName);
            ComparisonPage.Write(data, page);
            terminal.Out.WriteLine($"report {page}");
        }

        private void Train(ComparisonFile file, int loss, ulong seed, RunMode mode)
        {
            (string name, string spec) = losses[loss];
            terminal.Out.WriteLine($"run    {name}, seed {seed}{(file.Find(spec, seed) is null ? "" : ": done before")}");
            if (file.Find(spec, seed) is not null)
            {
                return;
            }

            string place = Place(loss, seed);
            var session = new TrainingSession(terminal, line + " --resume");
            TrainedRun run = session.Train(Path.Combine(folder, place), options with { Loss = spec, Seed = seed }, images, mode, test);
            MetricsFile.Write(run.Folder, [run]);
            file.Add(spec, seed, place, [.. RunMetrics.Of(run).Where(m => !_common.Contains(m.Key)).Select(m => m with { Spread = null })]);
            file.Save();
        }

        /// <summary>Where a run is, inside the comparison's folder.</summary>
        private string Place(int loss, ulong seed) => Path.Combine(
            string.Create(CultureInfo.InvariantCulture, $"{loss + 1}-{NameOf(losses[loss].Spec)}"),
            string.Create(CultureInfo.InvariantCulture, $"seed-{seed}"));

        /// <summary>The names of a specification's losses, fit for a folder.</summary>
        private static string NameOf(string spec) =>
            string.Join('+', spec.Split('+').Select(term => Registry.Spec.Parse(term[(term.IndexOf('*', StringComparison.Ordinal) + 1)..]).Name));

        private ComparisonData Gather(ComparisonFile file)
        {
            double stepsPerEpoch = Math.Max(1, images.Count / options.Batch);
            return new ComparisonData
            {
                Title = $"{losses.Count} {(losses.Count == 1 ? "loss" : "losses")} on {title}",
                Data = $"{new DatasetSummary(images)}; measured on {test.Count:N0} images that they were not trained on; {seeds} seeds, "
                    + $"{options.Epochs} {(options.Epochs == 1 ? "epoch" : "epochs")} each",
                Command = line,
                Environment = [.. Machine.Facts(), new("seeds", $"{options.Seed} to {options.Seed + (ulong)seeds - 1}"), new("data", images.Origin)],
                Losses = [.. losses.Select((l, i) => new ComparedLoss(l.Name, l.Spec, [.. Enumerable.Range(0, seeds).Select(k =>
                {
                    ulong seed = options.Seed + (ulong)k;
                    IReadOnlyList<TrainingPoint> course = TrainingCurve.Read(Path.Combine(folder, Place(i, seed)), stepsPerEpoch);
                    return new ComparedRun(seed, Place(i, seed), file.Find(l.Spec, seed)!, course);
                })]))],
            };
        }
    }
}
