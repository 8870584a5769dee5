using System.CommandLine;
using Hypersphere.Cli.Running;
using Hypersphere.Data;
using Hypersphere.Evaluation;
using Hypersphere.Kernels.Threading;
using Hypersphere.Training;

namespace Hypersphere.Cli.Commands;

/// <summary>Measures a trained model on images, or embeddings.</summary>
internal static class Evaluate
{
    public static Command Create(Terminal terminal)
    {
        var model = new ModelArgument(required: false);
        var data = new DataArguments(required: false);
        Option<string> file = Options.Text("--embeddings", "FILE", "Measure the embeddings of an .npz file (“embed” writes it, so can NumPy) instead of --model and --data."),
            json = Options.Text("--json", "FILE", "Write all numbers to a JSON file; “-” prints them instead of the table."),
            pairs = Options.Text("--pairs", "FILE", "Pairs to verify: LFW’s pairs.txt, or lines of image, image, 1 or 0. Without it, up to 6,000 are drawn.");
        Option<string> report = Options.Text("--report", "FILE", "With --protocol lfw or all-pairs: write an .html page with curves, angles, the hardest pairs.");
        Option<string> calibrate = Options.Text("--calibrate", "FILE", "With --protocol lfw or all-pairs: write which score means which false accept rate, for verify and identify.");
        Option<string> protocol = Options.Choice("--protocol", "What to measure: everything about classes and pairs; verification in ten folds, or over every pair there is; "
            + "search among known people; IJB’s templates; Omniglot’s one-shot runs.", "all", "lfw", "all-pairs", "identification", "templates", "one-shot"),
            gallery = Options.Text("--gallery", "DATA", "With --protocol identification: the known people; --data are the probes. A folder, or an .npz file that “embed” "
                + "wrote. With templates: lists of template and person, with commas between."),
            templates = Options.Text("--templates", "FILE", "With --protocol templates: lines of image, template, medium."),
            probes = Options.Text("--probes", "FILE", "With --protocol templates: lines of template and person, to search for in --gallery.");
        Option<int> batch = Options.Whole("--batch", "N", "Images at a time.", 256), threads = Options.Threads();
        var command = new CliCommand("evaluate", "Measure a trained model, or embeddings: retrieval, verification, search, angles.")
        {
            Details = () => DataArguments.Forms,
            Examples =
            [
                ("evaluate --model runs/mine --data photos-of-others", "Measure on images of other identities."),
                ("evaluate --model runs/mine --data lfw --protocol lfw --pairs pairs.txt", "LFW’s ten folds, plain and flip-summed."),
                ("evaluate --model runs/mine --data probes --protocol identification --gallery known", "Are people found among known ones?"),
                ("evaluate --embeddings ijbc.npz --protocol templates --templates ijbc_face_tid_mid.txt --pairs ijbc_template_pair_label.txt", "IJB-C’s 1:1 verification of embeddings that are there already."),
                ("evaluate --model runs/quickstart --data idx:/usr/share/datasets/fashion-mnist --json result.json", "The test part of Fashion-MNIST."),
            ],
        };
        model.AddTo(command);
        data.AddTo(command);
        foreach (Option option in (Option[])[file, protocol, gallery, templates, probes, report, calibrate, pairs, json, batch, threads])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            WorkerPool.Configure(parsed.GetValue(threads));
            string measured = parsed.GetValue(protocol)!;
            if (measured == "one-shot")
            {
                OneShotReport.Run(terminal, model.Open(parsed), data.Spec(parsed), parsed.GetValue(json));
                return;
            }

            EvaluationSubject subject = parsed.GetValue(file) is { } stored
                ? new FileSubject(stored, EmbeddingFile.Load(stored))
                : new ImageSubject(terminal, model.Open(parsed), data.Open(parsed, DataPart.Test, loose: measured is "templates" or "lfw"), parsed.GetValue(batch));
            switch (measured)
            {
                case "identification":
                    string known = parsed.GetValue(gallery) ?? throw new InputException("--protocol identification: searches among whom? Give --gallery too.");
                    IdentificationReport.Run(terminal, subject, known, parsed.GetValue(json));
                    break;
                case "templates":
                    string list = parsed.GetValue(templates) ?? throw new InputException("--protocol templates: which images belong together? Give --templates too.");
                    string[] galleries = parsed.GetValue(gallery)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
                    TemplateReport.Run(terminal, subject, new TemplateLists(list, parsed.GetValue(pairs), galleries, parsed.GetValue(probes)), parsed.GetValue(json));
                    break;
                case "lfw" or "all-pairs":
                    string line = Shell.Join([CommandLine.Program, .. parsed.Tokens.Select(t => t.Value)]);
                    VerificationOutputs outputs = new(parsed.GetValue(json), parsed.GetValue(calibrate), parsed.GetValue(report), line);
                    if (measured == "lfw")
                    {
                        LfwReport.Run(terminal, subject, subject.Pairs(parsed.GetValue(pairs)), outputs);
                    }
                    else
                    {
                        AllPairsReport.Run(terminal, subject, outputs);
                    }

                    break;
                default:
                    ShowAll(terminal, subject, parsed.GetValue(pairs), parsed.GetValue(json));
                    break;
            }
        });
        return command;
    }

    private static void ShowAll(Terminal terminal, EvaluationSubject subject, string? pairs, string? json)
    {
        VerificationPairs? given = subject.GivenPairs(pairs);
        EvaluationResult result = TrainingSession.Measure(subject.Model, subject.EmbedAll(), subject.ClassNames, given);
        string head = $"test   {(subject.Images is { } images ? $"{new DatasetSummary(images)}" : $"{subject.Names.Count:N0} embeddings of {subject.ClassNames.Count:N0} classes")}";
        ProtocolOutput.Show(terminal, [head, .. ResultTable.Lines([((subject.Model as EmbeddingModel)?.Loss.Name ?? "", result)])], result.ToJson(), json);
    }
}
