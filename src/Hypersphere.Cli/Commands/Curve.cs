using System.CommandLine;
using Hypersphere.Cli.Running;
using Hypersphere.Reports;

namespace Hypersphere.Cli.Commands;

/// <summary>Draws margin curves of losses.</summary>
internal static class Curve
{
    public static Command Create(Terminal terminal)
    {
        var losses = new Argument<string[]>("loss")
        {
            HelpName = "LOSS", Description = "Margin losses, such as “arcface(margin=0.5)”.", Arity = ArgumentArity.ZeroOrMore,
        };
        Option<string> file = Options.Text("--out", "FILE", "Where to: .svg, or .html with values under the pointer.", "curves.html"),
            interactive = Options.Text("--interactive", "FILE", "Write an .html page with sliders over all margin losses instead.");
        Option<bool> plane = Options.Flag("--plane", "Draw the strength of pull and push over the similarities to a positive and a negative instead.");
        var command = new CliCommand("curve", "Draw margin curves: the target logit and its gradient factor against the angle, beside softmax.")
        {
            Examples =
            [
                ("curve \"arcface(margin=0.5)\" \"cosface(margin=0.35)\"", "Two losses in curves.html."),
                ("curve \"arcface(easy_margin=true)\" arcface --out easy-and-hard.svg", "The classic pair: easy and hard margin."),
                ("curve --interactive margins.html", "All margin losses with sliders, and the decision boundary of two classes."),
                ("curve --plane triplet \"cosface(scale=16)\" multi-similarity --out plane.html", "How strongly losses pull positives and push negatives."),
            ],
        };
        command.Arguments.Add(losses);
        command.Options.Add(file);
        command.Options.Add(interactive);
        command.Options.Add(plane);
        command.SetAction(parsed =>
        {
            string[] specs = parsed.GetValue(losses)!;
            string path = parsed.GetValue(interactive) ?? parsed.GetValue(file)!;
            if (parsed.GetValue(interactive) is not null)
            {
                IReadOnlyList<MarginFamily> families = MarginFamilies.All(specs);
                MarginExplorer.Write(families, MarginFamilies.Circles(families), path);
            }
            else
            {
                Draw(specs, parsed.GetValue(plane), path);
            }

            terminal.Out.WriteLine($"curves {path}");
        });
        return command;
    }

    private static void Draw(string[] specs, bool plane, string path)
    {
        if (specs.Length == 0)
        {
            throw new InputException("name at least one loss, such as “arcface(margin=0.5)”, or give --interactive FILE for all of them.");
        }

        if (plane)
        {
            SimilarityPlanePage.Write([.. specs.Select(SimilarityPlanes.Of)], path);
            return;
        }

        MarginCurvePage.Write([.. specs.SelectMany(s => MarginCurves.Of(s, specs.Length == 1))], path);
    }
}
