using System.CommandLine;
using System.Globalization;
using Hypersphere.Cli.Running;
using Hypersphere.Evaluation;
using Hypersphere.Formats;
using Hypersphere.Training;

namespace Hypersphere.Cli.Commands;

/// <summary>Who is this?</summary>
internal static class Identify
{
    public static Command Create(Terminal terminal)
    {
        var model = new ModelArgument();
        var threshold = new ThresholdArguments();
        Argument<string[]> probes = new("IMAGE") { Description = "Images of unknown people.", Arity = ArgumentArity.OneOrMore };
        Option<string> gallery = Options.Text("--gallery", "DATA", "Known people: a folder with one sub-folder each, or an .npz file that “embed” wrote.", required: true);
        Option<int> top = Options.Whole("--top", "N", "How many candidates to name.", 3);
        Option<bool> json = Options.Json();
        var command = new CliCommand("identify", "Tell whom an image shows, out of known people.")
        {
            Details = () => ThresholdArguments.Explanation + " Whoever resembles nobody that much is unknown.",
            Examples = [("identify --model runs/mine --gallery people.npz door.jpg", "The three most similar people.")],
        };
        command.Arguments.Add(probes);
        model.AddTo(command);
        command.Options.Add(gallery);
        threshold.AddTo(command);
        command.Options.Add(top);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            Embedder network = model.Open(parsed);
            Decision decision = threshold.Read(parsed, model.Name(parsed), network);
            Gallery people = IdentificationReport.OpenGallery(network, network.Fingerprint(), parsed.GetValue(gallery)!, decision.Mirror);
            string[] files = parsed.GetValue(probes)!;
            EmbeddingSet unknown = network.Embed([.. files.Select(ImageDecoders.Load)], decision.Mirror);
            IReadOnlyList<IReadOnlyList<Match>> found = people.Find(unknown, parsed.GetValue(top));
            if (parsed.GetValue(json))
            {
                terminal.Out.WriteLine(ToJson(files, found, decision));
                return;
            }

            terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"known  {people.Identities.Count:N0} people, {people.Count:N0} images; threshold {decision.Threshold:0.0000} {decision.Origin}"));
            foreach (string line in TextTable.Lines(["image", "is", "candidates"], files.Select((f, i) => Row(f, found[i], decision)), numbers: false))
            {
                terminal.Out.WriteLine(line);
            }
        });
        return command;
    }

    private static string[] Row(string file, IReadOnlyList<Match> found, Decision decision) =>
    [
        file, found[0].Score >= decision.Threshold ? found[0].Identity : "unknown",
        string.Join(", ", found.Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Identity} {m.Score:0.000}"))),
    ];

    private static string ToJson(string[] files, IReadOnlyList<IReadOnlyList<Match>> found, Decision decision) => Json.Array(json =>
    {
        for (int i = 0; i < files.Length; i++)
        {
            json.WriteStartObject();
            json.WriteString("image", files[i]);
            json.WriteString("identity", found[i][0].Score >= decision.Threshold ? found[i][0].Identity : null);
            json.WriteNumber("threshold", decision.Threshold);
            json.WriteStartArray("candidates");
            foreach (Match m in found[i])
            {
                json.WriteStartObject();
                json.WriteString("identity", m.Identity);
                json.WriteNumber("score", m.Score);
                json.WriteString("nearest_image", m.Image);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }
    });
}
