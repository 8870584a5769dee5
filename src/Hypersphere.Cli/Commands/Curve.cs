using System.CommandLine;
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
            HelpName = "LOSS", Description = "Margin losses, such as “arcface(margin=0.5)”.", Arity = ArgumentArity.OneOrMore,
        };
        Option<string> file = Options.Text("--out", "FILE", "Where to: .svg, or .html with values under the pointer.", "curves.html");
        var command = new CliCommand("curve", "Draw margin curves: the target logit and its gradient factor against the angle, beside softmax.")
        {
            Examples =
            [
                ("curve \"arcface(margin=0.5)\" \"cosface(margin=0.35)\"", "Two losses in curves.html."),
                ("curve \"arcface(easy_margin=true)\" arcface --out easy-and-hard.svg", "The classic pair: easy and hard margin."),
            ],
        };
        command.Arguments.Add(losses);
        command.Options.Add(file);
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(file)!;
            MarginCurvePage.Write([.. parsed.GetValue(losses)!.Select(Of)], path);
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

        double[] angles = [.. Enumerable.Range(0, Steps + 1).Select(i => Math.PI * i / Steps)];
        (float[] values, float[] slopes) = loss.Curve(angles);
        MarginPoint[] points = [.. angles.Select((angle, i) => new MarginPoint(angle * 180 / Math.PI, values[i], slopes[i]))];
        return new MarginCurve(spec, points, Registry<Loss>.Find(Spec.Parse(spec).Name).Attribute.Paper);
    }
}
