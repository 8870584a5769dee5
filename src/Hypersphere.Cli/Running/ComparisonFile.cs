using System.Text;
using System.Text.Json;
using Hypersphere.Formats;
using Hypersphere.Reports;

namespace Hypersphere.Cli.Running;

/// <summary>compare.json: with what a comparison began, the numbers of every finished run, and their means.</summary>
internal sealed class ComparisonFile
{
    public const string FileName = "compare.json";

    private readonly string _path;
    private readonly IReadOnlyList<(string Option, string Value)> _settings;
    private readonly Dictionary<(string Spec, ulong Seed), (string Folder, IReadOnlyList<Metric> Metrics)> _runs = [];

    private ComparisonFile(string path, IReadOnlyList<(string Option, string Value)> settings) => (_path, _settings) = (path, settings);

    /// <summary>Begins a comparison, or goes on with the one that its folder holds.</summary>
    /// <param name="folder">The comparison's folder.</param>
    /// <param name="settings">What decides the result.</param>
    /// <param name="mode">What to do with a comparison that is there.</param>
    /// <exception cref="InputException">One is there and should not be, or began with other settings, or the file is damaged.</exception>
    public static ComparisonFile Open(string folder, IReadOnlyList<(string Option, string Value)> settings, RunMode mode)
    {
        var file = new ComparisonFile(Path.Combine(folder, FileName), settings);
        bool exists = File.Exists(file._path);
        if (exists && mode == RunMode.Begin)
        {
            throw new InputException($"{folder}: holds a comparison already; --resume goes on with it, --overwrite replaces it, or choose another --out.");
        }

        if (exists && mode == RunMode.Resume)
        {
            file.Read(folder);
        }

        return file;
    }

    /// <summary>What was measured of a run, or null if it has not finished.</summary>
    public IReadOnlyList<Metric>? Find(string spec, ulong seed) => _runs.TryGetValue((spec, seed), out var run) ? run.Metrics : null;

    public void Add(string spec, ulong seed, string folder, IReadOnlyList<Metric> metrics) => _runs.Add((spec, seed), (folder, metrics));

    /// <summary>Writes all that is known by now.</summary>
    /// <param name="data">The finished comparison with its means, or null while it runs.</param>
    /// <param name="path">Where to; null for the file of its own.</param>
    public void Save(ComparisonData? data = null, string? path = null)
    {
        string text = Json.Object(json =>
        {
            json.WriteStartObject("settings");
            foreach ((string option, string value) in _settings)
            {
                json.WriteString(option, value);
            }

            json.WriteEndObject();
            json.WriteStartArray("runs");
            foreach (((string spec, ulong seed), (string folder, IReadOnlyList<Metric> metrics)) in _runs)
            {
                json.WriteStartObject();
                json.WriteString("loss", spec);
                json.WriteNumber("seed", seed);
                json.WriteString("folder", folder);
                json.WriteStartObject("metrics");
                foreach (Metric metric in metrics)
                {
                    json.WriteNumber(metric.Key, metric.Value);
                }

                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            Means(json, data);
        });
        AtomicFile.Write(path ?? _path, file => file.Write(Encoding.UTF8.GetBytes(text + "\n")));
    }

    private static void Means(Utf8JsonWriter json, ComparisonData? data)
    {
        json.WriteStartArray("means");
        foreach (ComparedLoss loss in data?.Losses ?? [])
        {
            json.WriteStartObject();
            json.WriteString("loss", loss.Spec);
            json.WriteNumber("seeds", loss.Runs.Count);
            foreach (string key in loss.Runs.SelectMany(r => r.Metrics).Select(m => m.Key).Distinct(StringComparer.Ordinal))
            {
                if (loss.Mean(key) is { } mean)
                {
                    json.WriteStartObject(key);
                    json.WriteNumber("mean", mean.Value);
                    if (mean.Spread is { } deviation)
                    {
                        json.WriteNumber("std", deviation);
                    }

                    json.WriteBoolean("best", data!.Best(key) == loss);
                    json.WriteEndObject();
                }
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void Read(string folder)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(_path));
            Dictionary<string, string> began = json.RootElement.GetProperty("settings").EnumerateObject()
                .ToDictionary(p => p.Name, p => p.Value.GetString()!);
            foreach ((string option, string value) in _settings)
            {
                if (began.GetValueOrDefault(option, "") is var then && then != value)
                {
                    throw new InputException(
                        $"{folder}: the comparison there began with {option} {(then.Length > 0 ? then : "not given")}, not {value}; give the same, "
                        + "or choose another --out.");
                }
            }

            foreach (JsonElement run in json.RootElement.GetProperty("runs").EnumerateArray())
            {
                Metric[] metrics = [.. run.GetProperty("metrics").EnumerateObject().Select(m => new Metric(m.Name, m.Value.GetDouble()))];
                Add(run.GetProperty("loss").GetString()!, run.GetProperty("seed").GetUInt64(), run.GetProperty("folder").GetString()!, metrics);
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new InputException($"{_path}: is damaged ({e.Message.TrimEnd('.')}); --overwrite begins anew.", e);
        }
    }
}
