using System.CommandLine;
using Hypersphere.Cli.Running;
using Hypersphere.Losses;
using Hypersphere.Registry;
using Hypersphere.Reports;

namespace Hypersphere.Cli.Commands;

/// <summary>Draws margin curves of losses.</summary>
internal static class Curve
{
    private const int Steps = 720;

    public static Command Create(Terminal terminal)
    {
        var losses = new Argument<string[]>("loss")
        {
            HelpName = "LOSS", Description = "Margin losses, such as “arcface(margin=0.5)”.", Arity = ArgumentArity.ZeroOrMore,
        };
        Option<string> file = Options.Text("--out", "FILE", "Where to: .svg, or .html with values under the pointer.", "curves.html"),
            interactive = Options.Text("--interactive", "FILE", "Write an .html page with sliders over all margin losses instead.");
        var command = new CliCommand("curve", "Draw margin curves: the target logit and its gradient factor against the angle, beside softmax.")
        {
            Examples =
            [
                ("curve \"arcface(margin=0.5)\" \"cosface(margin=0.35)\"", "Two losses in curves.html."),
                ("curve \"arcface(easy_margin=true)\" arcface --out easy-and-hard.svg", "The classic pair: easy and hard margin."),
                ("curve --interactive margins.html", "All margin losses with sliders, and the decision boundary of two classes."),
            ],
        };
        command.Arguments.Add(losses);
        command.Options.Add(file);
        command.Options.Add(interactive);
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
                Draw(specs, path);
            }

            terminal.Out.WriteLine($"curves {path}");
        });
        return command;
    }

    /// <summary>The curve of a loss, by the very code that trains.</summary>
    /// <param name="spec">Such as “arcface(margin=0.5)”.</param>
    /// <exception cref="InputException">No such loss, or one without a margin curve.</exception>
    public static MarginCurve Of(string spec)
    {
        if (Registry<Loss>.Create(spec, new LossContext(Classes: 2, Embedding: 2, new Rng(0))) is not MarginSoftmaxLoss loss)
        {
            throw new InputException($"{spec} has no margin curve; curves are drawn of losses with a margin, and softmax is always beside them.");
        }

        return new MarginCurve(spec, Points(loss, Steps), Registry<Loss>.Find(Spec.Parse(spec).Name).Attribute.Paper);
    }

    /// <summary>ψ and slope at equal steps from 0° to 180°.</summary>
    /// <param name="loss">The margin.</param>
    /// <param name="steps">Number of intervals.</param>
    /// <param name="norm">Length of the embeddings, for margins that depend on it.</param>
    public static MarginPoint[] Points(MarginSoftmaxLoss loss, int steps, float norm = 1)
    {
        double[] angles = [.. Enumerable.Range(0, steps + 1).Select(i => Math.PI * i / steps)];
        (float[] values, float[] slopes) = loss.Curve(angles, norm);
        return [.. angles.Select((angle, i) => new MarginPoint(angle * 180 / Math.PI, values[i], slopes[i]))];
    }

    private static void Draw(string[] specs, string path)
    {
        if (specs.Length == 0)
        {
            throw new InputException("name at least one loss, such as “arcface(margin=0.5)”, or give --interactive FILE for all of them.");
        }

        MarginCurvePage.Write([.. specs.Select(Of)], path);
    }
}
