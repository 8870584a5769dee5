using System.CommandLine;
using Hypersphere.Cli.Running;
using Hypersphere.Data;
using Hypersphere.Kernels.Threading;
using Hypersphere.Training;

namespace Hypersphere.Cli.Commands;

/// <summary>Trains a network on images of one's own.</summary>
internal static class Train
{
    public static Command Create(Terminal console)
    {
        var data = new DataArguments();
        var training = new TrainingArguments();
        var holdout = new HoldoutArguments();
        var validation = new ValidationArguments();
        Option<string> folder = Options.Text("--out", "DIR", "Where model, checkpoints, metrics and report go.", required: true);
        Option<bool> resume = Options.Flag("--resume", "Go on with the run in --out, to the same bits as if it had never stopped."),
            overwrite = Options.Flag("--overwrite", "Replace the run that is in --out."),
            turns = Options.Flag("--turns", "Train on each image turned by 90°, 180° and 270°, too, as identities of their own; for characters and symbols.");
        Option<int> threads = Options.Threads();
        var command = new CliCommand("train", "Train a network that turns images into embeddings, then measure it and write a report.")
        {
            Details = () => DataArguments.Forms + "\n" + TrainingArguments.Choices()
                + "\nOver several processes or machines: mpirun -np 4 hypersphere train …; see docs/distributed.md.",
            Examples =
            [
                ("train --data photos --size 112x112 --out runs/mine", "Train on a folder with one sub-folder per identity."),
                ("train --data photos --loss \"cosface(margin=0.2, scale=16)\" --epochs 20 --flip 0.5 --out runs/cosface", "Another loss, more passes, mirrored images."),
                ("train --data faces --recipe slim-faces --validate others --out runs/faces", "Faces of 112×112 with a recipe, tested on other people while it trains."),
                ("train --data mine --recipe finetune --from runs/faces --out runs/tuned", "Fine-tune a trained network on other images."),
                ("train --data photos --size 112x112 --out runs/mine --resume", "Go on after an interruption."),
            ],
        };
        data.AddTo(command);
        command.Options.Add(folder);
        training.AddTo(command);
        holdout.AddTo(command);
        validation.AddTo(command);
        foreach (Option option in (Option[])[turns, resume, overwrite, threads])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed => RankedRun.Do(console, parsed.GetValue(folder)!, (terminal, ranked) =>
        {
            int used = parsed.GetResult(threads) is { Implicit: false } ? parsed.GetValue(threads) : Machine.ThreadsPerRank();
            WorkerPool.Configure(used);
            int seed = training.Seed(parsed);
            string directory = parsed.GetValue(folder)!;
            terminal.Out.WriteLine(Machine.Banner(used, seed));
            foreach (string place in ranked?.Describe() ?? [])
            {
                terminal.Out.WriteLine(place);
            }

            ranked?.Require(RankedRun.Facts(parsed, except: threads));
            (ImageSource? images, ImageSource? measured, PairValidation? tested) = (null, null, null);
            RankedRun.Together(ranked, () =>
            {
                (images, measured) = holdout.Open(parsed, data, seed);
                images = parsed.GetValue(turns) ? images.WithTurns() : images;
                tested = validation.Open(parsed, data);
            });
            terminal.Out.WriteLine($"data   {new DatasetSummary(images!)}");
            RunMode mode = parsed.GetValue(resume) ? RunMode.Resume : parsed.GetValue(overwrite) ? RunMode.Replace : RunMode.Begin;
            string line = Shell.Join([CommandLine.Program, .. parsed.Tokens.Select(t => t.Value).Where(t => t is not "--resume" and not "--overwrite")]);
            var session = new TrainingSession(terminal, line + " --resume", ranked);
            TrainedRun run = session.Train(
                directory, training.Read(parsed), images!, mode, measured, stored => training.RequireSame(parsed, stored), tested);
            if (ranked is null or { Ranks.Rank: 0 })
            {
                Finish(terminal, run, line, data.Name(parsed, images!), images!, measured);
            }
        }));
        return command;
    }

    private static void Finish(Terminal terminal, TrainedRun run, string command, string name, ImageSource images, ImageSource? measured)
    {
        MetricsFile.Write(run.Folder, [run]);
        if (OutlierFile.Write(run, images) is { } outliers)
        {
            terminal.Out.WriteLine(outliers);
        }

        if (run.Result is null || measured is null)
        {
            terminal.Out.WriteLine($"model  {Path.Combine(run.Folder, "model.safetensors")} (not measured: no images were set aside; see --test and --holdout)");
            return;
        }

        foreach (string line in ResultTable.Lines([(run.Name, run.Result)]))
        {
            terminal.Out.WriteLine(line);
        }

        string title = $"{run.Name} on {name}";
        terminal.Out.WriteLine($"report {RunReport.Write(run.Folder, title, command, [run], images, measured)}");
    }
}
