using System.Text.Json;
using Hypersphere.Formats;
using Hypersphere.Oracles;

namespace Hypersphere.Conformance.Tests;

/// <summary>A case of another implementation, where a folder of them lies beside the repository.</summary>
internal sealed class GoldenCase(JsonElement manifest)
{
    private static readonly Lazy<Dictionary<string, JsonElement>> _manifest = new(ReadManifest);

    /// <summary>Temperatures at which float32 itself breaks down: finite is enough.</summary>
    private static readonly string[] _breakdowns = ["pml_ntxent_p3_temperat0.0005", "pml_supcon_tiny"];

    /// <summary>The names of all; none where there is no folder.</summary>
    public static IEnumerable<string> Names => GoldenFolder.Path is null ? [] : _manifest.Value.Keys;

    public string Function { get; } = manifest.GetProperty("loss").GetString()!;

    public string Family { get; } = manifest.GetProperty("family").GetString()!;

    public string Verb => Family switch { "miner" => "mine", "eval" => "eval", "partial_fc" => "partial-fc", _ => "loss" };

    public JsonElement Hyper => manifest.GetProperty("hyper");

    public Arrays Inputs => ToolFolder.Read(Path, "in_");

    private string Path => System.IO.Path.Combine(GoldenFolder.Path!, manifest.GetProperty("file").GetString()!);

    public static GoldenCase Of(string name) => new(_manifest.Value[name]);

    /// <summary>What is wrong with the outputs of a run.</summary>
    public IEnumerable<string> Differences(Arrays got)
    {
        Arrays want = ToolFolder.Read(Path, "out_");
        JsonElement rules = manifest.GetProperty("outputs");
        if (Family == "miner")
        {
            bool unordered = rules.EnumerateObject().Any(r => r.Value.GetProperty("compare").GetString() == "unordered_pair_set");
            return TupleSet.AreSame(want, got, unordered) ? [] : ["other tuples are chosen"];
        }

        return from rule in rules.EnumerateObject()
               let difference = !got.TryGetValue(rule.Name, out NpyArray? actual)
                   ? "is missing"
                   : (IsFiniteEnough ? new("skip", 0, 0) : Rule.Of(rule.Value, Family)).Difference(want[rule.Name], actual)
               where difference is not null
               select $"{rule.Name} {difference}";
    }

    private bool IsFiniteEnough => _breakdowns.Any(b => NameOf(manifest).Contains(b, StringComparison.Ordinal));

    private static Dictionary<string, JsonElement> ReadManifest()
    {
        byte[] text = File.ReadAllBytes(System.IO.Path.Combine(GoldenFolder.Path!, "manifest.json"));
        return JsonSerializer.Deserialize<JsonElement[]>(text)!.ToDictionary(NameOf, StringComparer.Ordinal);
    }

    private static string NameOf(JsonElement manifest) => manifest.GetProperty("name").GetString()!;
}
