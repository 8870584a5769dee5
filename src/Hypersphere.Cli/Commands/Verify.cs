using System.CommandLine;
using System.Globalization;
using Hypersphere.Cli.Running;
using Hypersphere.Formats;
using Hypersphere.Training;

namespace Hypersphere.Cli.Commands;

/// <summary>Are two images of the same?</summary>
internal static class Verify
{
    public static Command Create(Terminal terminal)
    {
        var model = new ModelArgument();
        var threshold = new ThresholdArguments();
        Argument<string> first = new("A") { Description = "An image." }, second = new("B") { Description = "Another." };
        Option<bool> json = Options.Json();
        var command = new CliCommand("verify", "Tell whether two images show the same identity.")
        {
            Details = () => $"{ThresholdArguments.Explanation} The exit code is 0 for the same, 1 for different, 2 for wrong input.",
            Examples = [("verify a.jpg b.jpg --model runs/mine --far 1e-3", "Accept one impostor in a thousand.")],
        };
        command.Arguments.Add(first);
        command.Arguments.Add(second);
        model.AddTo(command);
        threshold.AddTo(command);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            Embedder network = model.Open(parsed);
            Decision decision = threshold.Read(parsed, model.Name(parsed), network);
            RasterImage[] images = [ImageDecoders.Load(parsed.GetValue(first)!), ImageDecoders.Load(parsed.GetValue(second)!)];
            double score = network.Embed(images, decision.Mirror).Cosine(0, 1);
            bool same = score >= decision.Threshold;
            terminal.Out.WriteLine(parsed.GetValue(json)
                ? Json.Object(
                    j =>
                    {
                        j.WriteNumber("score", score);
                        j.WriteNumber("threshold", decision.Threshold);
                        j.WriteBoolean("same", same);
                    },
                    indented: false)
                : string.Create(CultureInfo.InvariantCulture, $"{(same ? "same" : "different")}   score {score:0.0000}, threshold {decision.Threshold:0.0000} {decision.Origin}"));
            return same ? 0 : 1;
        });
        return command;
    }
}
