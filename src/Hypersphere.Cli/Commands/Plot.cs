using System.CommandLine;
using Hypersphere.Cli.Running;
using Hypersphere.Reports;

namespace Hypersphere.Cli.Commands;

/// <summary>Draws one measure of several runs over their training.</summary>
internal static class Plot
{
    public static Command Create(Terminal terminal)
    {
        var runs = new Argument<string[]>("run") { HelpName = "RUN", Description = "Folders of runs; NAME=FOLDER names the curve.", Arity = ArgumentArity.OneOrMore };
        Option<string> measure = Options.Text("--measure", "NAME", "A number of metrics.jsonl, such as loss, own_angle_deg, validation_tar.", "loss"),
            title = Options.Text("--title", "TEXT", "What the picture shows."), file = Options.Text("--out", "FILE", "Where to: .svg.", "measure.svg");
        var command = new CliCommand("plot", "Draw how a measure of one or several runs moved while they trained.")
        {
            Examples = [("plot all=runs/all tenth=runs/tenth --measure validation_tar --out tar.svg", "Two runs, tested while they trained (train --validate).")],
        };
        command.Arguments.Add(runs);
        foreach (Option option in (Option[])[measure, title, file])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            string name = parsed.GetValue(measure)!, path = parsed.GetValue(file)!;
            MeasureCurve[] curves = [.. parsed.GetValue(runs)!.Select(run => CurveOf(run, name))];
            bool isShare = name.StartsWith("validation_", StringComparison.Ordinal);
            MeasureChart.Write(path, MeasureChart.RenderSvg(curves, parsed.GetValue(title) ?? name, "step", name, isShare));
            terminal.Out.WriteLine($"curves {path}");
        });
        return command;
    }

    private static MeasureCurve CurveOf(string run, string measure)
    {
        string[] sides = run.Split('=', 2);
        (string folder, string name) = sides.Length == 2 ? (sides[1], sides[0]) : (run, Path.GetFileName(run.TrimEnd('/')));
        (double X, double Y)[] points = [.. TrainingCurve.Measure(folder, measure)];
        return points.Length > 0 ? new(name, points) : throw new InputException($"{folder}: its {TrainingCurve.FileName} has no {measure}.");
    }
}
