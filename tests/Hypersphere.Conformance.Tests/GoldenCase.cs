using System.Text.Json;
using Hypersphere.Formats;

namespace Hypersphere.Conformance.Tests;

/// <summary>A case of another implementation, where a folder of them lies beside the repository.</summary>
internal sealed class GoldenCase(JsonElement manifest)
{
    private static readonly Lazy<Dictionary<string, JsonElement>> _manifest = new(ReadManifest);

    /// <summary>The names of all; none where there is no folder.</summary>
    public static IEnumerable<string> Names => Oracles.GoldenCase.Folder is null ? [] : _manifest.Value.Keys;

    public string Function { get; } = manifest.GetProperty("loss").GetString()!;

    public string Family { get; } = manifest.GetProperty("family").GetString()!;

    public string Verb => Family switch { "miner" => "mine", "eval" => "eval", "partial_fc" => "partial-fc", _ => "loss" };

    public JsonElement Hyper => manifest.GetProperty("hyper");

    public IEnumerable<(string Name, NpyArray Array)> Inputs => ToolFolder.Read(Path, "in_").Select(a => (a.Key, a.Value));

    private string Path => System.IO.Path.Combine(Oracles.GoldenCase.Folder!, manifest.GetProperty("file").GetString()!);

    public static GoldenCase Of(string name) => new(_manifest.Value[name]);

    /// <summary>What is wrong with the outputs of a run.</summary>
    public IEnumerable<string> Differences(Dictionary<string, NpyArray> got)
    {
        Dictionary<string, NpyArray> want = ToolFolder.Read(Path, "out_");
        JsonElement rules = manifest.GetProperty("outputs");
        bool unordered = rules.EnumerateObject().Any(r => Compare(r) == "unordered_pair_set");
        if (unordered || rules.EnumerateObject().Any(r => Compare(r) == "tuple_set"))
        {
            return Tuples(want, unordered).SequenceEqual(Tuples(got, unordered)) ? [] : ["other tuples are chosen"];
        }

        return from rule in rules.EnumerateObject()
               let difference = !got.TryGetValue(rule.Name, out NpyArray? actual)
                   ? "is missing"
                   : (IsFiniteEnough ? new("skip", 0, 0) : Rule.Of(rule.Value, Family)).Difference(want[rule.Name], actual)
               where difference is not null
               select $"{rule.Name} {difference}";
    }

    /// <summary>Temperatures at which float32 itself breaks down.</summary>
    private bool IsFiniteEnough => manifest.GetProperty("name").GetString()! is var name
        && (name.Contains("pml_ntxent_p3_temperat0.0005", StringComparison.Ordinal) || name.Contains("pml_supcon_tiny", StringComparison.Ordinal));

    private static string Compare(JsonProperty rule) => rule.Value.GetProperty("compare").GetString()!;

    /// <summary>The chosen tuples in an order of their own: triplets, or positive pairs and negative pairs apart.</summary>
    private static IEnumerable<(int Kind, long, long, long)> Tuples(Dictionary<string, NpyArray> arrays, bool unordered)
    {
        long[] Indices(string name) => arrays[name].Values<long>();
        IEnumerable<(int, long, long, long)> Pairs(int kind, string anchors, string others) => Indices(anchors).Zip(
            Indices(others), (a, b) => unordered ? (kind, Math.Min(a, b), Math.Max(a, b), 0L) : (kind, a, b, 0L));
        IEnumerable<(int, long, long, long)> all = arrays.ContainsKey("a")
            ? Indices("a").Zip(Indices("p"), Indices("n")).Select(t => (0, t.First, t.Second, t.Third))
            : Pairs(0, "a1", "p").Concat(Pairs(1, "a2", "n"));
        int positives = unordered ? Indices("p").Length : 0;
        int negatives = unordered ? Indices("n").Length : 0;
        return all.Distinct().Order().Prepend((-1, positives, negatives, 0L));
    }

    private static Dictionary<string, JsonElement> ReadManifest()
    {
        byte[] text = File.ReadAllBytes(System.IO.Path.Combine(Oracles.GoldenCase.Folder!, "manifest.json"));
        return JsonSerializer.Deserialize<JsonElement[]>(text)!.ToDictionary(c => c.GetProperty("name").GetString()!, StringComparer.Ordinal);
    }
}
