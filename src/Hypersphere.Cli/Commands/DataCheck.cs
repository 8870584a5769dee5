using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Hypersphere.Cli.Display;
using Hypersphere.Data;
using Hypersphere.Evaluation;
using Hypersphere.Training;

namespace Hypersphere.Cli.Commands;

/// <summary>Finds what is wrong with a set of images.</summary>
internal static class DataCheck
{
    private const int Shown = 20;

    public static CliCommand Create(Terminal terminal)
    {
        Argument<string> data = DataTools.Images();
        var model = new ModelArgument(required: false);
        Option<string> against = Options.Text("--against", "DATA", "Another set, such as the one to test on: images and people that are in both are named.");
        Option<double> score = Options.Real("--score", "X", "With --model: the lowest cosine between two identities that may be one person.", 0.6, minimum: -1, maximum: 1);
        Option<bool> json = Options.Json();
        var command = new CliCommand("check", "Decode everything: broken files, sizes, duplicates, identities with one image, people under two names.")
        {
            Details = () => "Duplicates have the same pixels; near ones have perceptual hashes that differ in at most 12 of 256 bits. With --model, identities are "
                + "compared by the mean direction of their images’ embeddings. The exit code is 1 when a file is broken.",
            Examples =
            [
                ("data check photos --against test-photos", "Is anything wrong, and is a test image among them?"),
                ("data check photos --against test-photos --model onnx:embedder.onnx", "Are people of the test set among them, perhaps under other names?"),
            ],
        };
        command.Arguments.Add(data);
        command.Options.Add(against);
        model.AddTo(command);
        command.Options.Add(score);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            (string spec, string? other) = (parsed.GetValue(data)!, parsed.GetValue(against));
            DatasetCheck check = Run(terminal, spec);
            List<(string Key, string Title, IReadOnlyList<string> Items)> found =
            [
                ("broken", "broken", check.Broken), ("single", "identities with one image", check.Single),
                ("duplicates_within", "duplicates within an identity", Names(check.Duplicates.Where(d => d.SameIdentity))),
                ("duplicates_across", "duplicates across identities", Names(check.Duplicates.Where(d => !d.SameIdentity))),
            ];
            if (other is not null)
            {
                found.Add(("in_both", $"in both {spec} and {other}", Names(check.Overlap(Run(terminal, other)))));
            }

            if (model.IsGiven(parsed))
            {
                found.AddRange(People(model.Open(parsed), spec, other, parsed.GetValue(score)));
            }

            if (parsed.GetValue(json))
            {
                terminal.Out.WriteLine(Json.Object(j => Write(j, check, found)));
            }
            else
            {
                terminal.Out.WriteLine($"images {check.Count:N0} can be read: {Sizes(check.Sizes)}");
                foreach ((_, string title, IReadOnlyList<string> items) in found)
                {
                    List(terminal, title, items);
                }
            }

            return check.Broken.Count == 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static IEnumerable<(string Key, string Title, IReadOnlyList<string> Items)> People(Embedder network, string spec, string? other, double score)
    {
        Backbones.BackboneContext c = network.Backbone.Context;
        (EmbeddingSet Set, IReadOnlyList<string> Names) Embed(string images)
        {
            ImageSource source = ImageSource.Open(images, new ImageSourceOptions { Size = (c.Height, c.Width), Channels = c.Channels });
            return (network.Embed(source), source.ClassNames);
        }

        string[] Lines(IReadOnlyList<AlikeIdentities> pairs) =>
            [.. pairs.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.First} and {p.Second} ({p.Score:0.000})"))];
        (EmbeddingSet set, IReadOnlyList<string> names) = Embed(spec);
        yield return ("alike_within", "identities that may be one person", Lines(AlikeIdentities.Within(set, names, score)));
        if (other is not null)
        {
            (EmbeddingSet otherSet, IReadOnlyList<string> otherNames) = Embed(other);
            yield return ("alike_across", $"people of {spec} who may be in {other}", Lines(AlikeIdentities.Between(set, names, otherSet, otherNames, score)));
        }
    }

    private static void Write(Utf8JsonWriter json, DatasetCheck check, IEnumerable<(string Key, string Title, IReadOnlyList<string> Items)> found)
    {
        json.WriteNumber("images", check.Count);
        WriteCounts(json, "sizes", check.Sizes);
        foreach ((string key, _, IReadOnlyList<string> items) in found)
        {
            json.WriteStartArray(key);
            foreach (string item in items)
            {
                json.WriteStringValue(item);
            }

            json.WriteEndArray();
        }
    }

    internal static void WriteCounts(Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<string, int>> counts)
    {
        json.WriteStartObject(name);
        foreach ((string key, int count) in counts)
        {
            json.WriteNumber(key, count);
        }

        json.WriteEndObject();
    }

    /// <summary>The commonest sizes: photographs from everywhere have thousands.</summary>
    internal static string Sizes(IReadOnlyDictionary<string, int> sizes) => string.Join(", ", sizes.OrderByDescending(s => s.Value).Take(5).Select(s => $"{s.Value:N0} of {s.Key}"))
        + (sizes.Count > 5 ? $", and {sizes.Count - 5:N0} other sizes" : "");

    private static DatasetCheck Run(Terminal terminal, string spec)
    {
        using var counter = new CountDisplay(terminal, 0, "check ");
        return DatasetCheck.Run(spec, counter.Update);
    }

    private static string[] Names(IEnumerable<DuplicateImages> pairs) => [.. pairs.Select(d => $"{d.First} and {d.Second}{(d.Exact ? "" : " (nearly)")}")];

    private static void List(Terminal terminal, string what, IReadOnlyList<string> items)
    {
        terminal.Out.WriteLine($"{what}: {(items.Count == 0 ? "none" : items.Count.ToString("N0", CultureInfo.InvariantCulture))}");
        foreach (string item in items.Take(Shown))
        {
            terminal.Out.WriteLine("  " + item);
        }

        if (items.Count > Shown)
        {
            terminal.Out.WriteLine($"  and {items.Count - Shown:N0} more");
        }
    }
}
