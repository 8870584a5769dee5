using System.Text.Json;
using Hypersphere.Formats;

namespace Hypersphere.Conformance;

/// <summary>What a published function is called with: arrays and hyper-parameters.</summary>
internal sealed class Case
{
    private readonly Dictionary<string, NpyArray> _arrays;
    private readonly JsonElement _hyper;

    private Case(Dictionary<string, NpyArray> arrays, JsonElement hyper) => (_arrays, _hyper) = (arrays, hyper);

    /// <summary>The distance that pairs are compared by, or null for the function's own.</summary>
    public DistanceChoice? Distance => Hyper("distance") is { } choice ? DistanceChoice.Of(choice) : null;

    /// <summary>How the terms become one number, such as "MeanReducer", or null for the function's own way.</summary>
    public string? Reducer => Hyper("reducer")?.GetString();

    /// <summary>Reads all arrays of a file.</summary>
    /// <param name="path">An npz.</param>
    /// <param name="hyper">An object of hyper-parameters; a member that is null or missing stands for the default.</param>
    public static Case Load(string path, JsonElement hyper)
    {
        using NpzReader npz = new(path);
        return new(npz.Names.ToDictionary(n => n, npz.Read, StringComparer.Ordinal), hyper);
    }

    /// <summary>The same arrays with other hyper-parameters, those of a function inside this one.</summary>
    public Case With(JsonElement hyper) => new(_arrays, hyper);

    /// <summary>Whether there is an array of this name.</summary>
    public bool Has(string array) => _arrays.ContainsKey(array);

    /// <summary>The lengths of an array's dimensions.</summary>
    public int[] Shape(string array) => [.. Array(array).Shape];

    /// <summary>An array as the library takes it.</summary>
    public float[] Floats(string array) => Array(array).Floats();

    /// <summary>An array in full precision.</summary>
    public double[] Doubles(string array) =>
        Array(array) is { Type: "float64" } full ? full.Values<double>() : System.Array.ConvertAll(Array(array).Floats(), v => (double)v);

    /// <summary>An array of integers.</summary>
    public int[] Ints(string array) => Array(array).Integers();

    /// <summary>A hyper-parameter.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="fallback">The published default.</param>
    public double Number(string name, double fallback) => Hyper(name)?.GetDouble() ?? fallback;

    /// <summary>A hyper-parameter as the library takes it.</summary>
    public float Single(string name, double fallback) => (float)Number(name, fallback);

    /// <summary>A whole hyper-parameter.</summary>
    public int Whole(string name, int fallback) => (int)Number(name, fallback);

    /// <summary>A hyper-parameter that is true or false.</summary>
    public bool Flag(string name, bool fallback) => Hyper(name)?.GetBoolean() ?? fallback;

    /// <summary>A hyper-parameter that is a word.</summary>
    public string Text(string name, string fallback) => Hyper(name)?.GetString() ?? fallback;

    /// <summary>A hyper-parameter as it stands, or null for the default.</summary>
    public JsonElement? Hyper(string name) => _hyper.Member(name);

    private NpyArray Array(string name) =>
        _arrays.TryGetValue(name, out NpyArray? array) ? array : throw new InputException($"the case has no array \"{name}\"");
}
