using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Hypersphere.Formats;

namespace Hypersphere.Conformance.Tests;

/// <summary>A small case of our own, kept in cases/ID.json.</summary>
/// <param name="Verb">What the tool is asked to do.</param>
/// <param name="Id">Name of the function; behind a hyphen, which of its cases.</param>
/// <param name="Hyper">Its hyper-parameters, JSON.</param>
/// <param name="Inputs">Its arrays.</param>
/// <param name="Outputs">Computes what is expected, in plain double precision.</param>
internal sealed record OwnCase(string Verb, string Id, string Hyper, Arrays Inputs, Func<Arrays> Outputs)
{
    public string Function => Id.Split('-')[0];

    /// <summary>The file, in the repository that the test was built from.</summary>
    public string Path => System.IO.Path.Combine(Folder(), Id + ".json");

    public static string Folder([CallerFilePath] string file = "") =>
        System.IO.Path.Combine(System.IO.Path.GetDirectoryName(file)!, "cases");

    public void Write() => File.WriteAllText(Path, $$"""
        {
          "verb": "{{Verb}}",
          "name": "{{Function}}",
          "hyper": {{Hyper}},
          "in": {
            {{Text(Inputs)}}
          },
          "out": {
            {{Text(Outputs())}}
          }
        }

        """);

    /// <summary>The arrays under a member of the file.</summary>
    public static Arrays Read(JsonElement file, string member) =>
        file.GetProperty(member).EnumerateObject().ToDictionary(a => a.Name, a => Parse(a.Value), StringComparer.Ordinal);

    private static string Text(Arrays arrays) => string.Join(",\n    ", arrays.Select(a => $"\"{a.Key}\": {Text(a.Value)}"));

    private static string Text(NpyArray array)
    {
        string[] numbers = array.Type == "int64"
            ? Array.ConvertAll(array.Values<long>(), v => v.ToString(CultureInfo.InvariantCulture))
            : Array.ConvertAll(array.Values<double>(), Text);
        return array.Shape switch
        {
            [] => numbers[0],
            [_] => Row(numbers),
            [_, int columns] => $"[\n      {string.Join(",\n      ", numbers.Chunk(columns).Select(Row))}\n    ]",
            _ => throw new InvalidOperationException("arrays have at most two dimensions"),
        };

        static string Row(string[] row) => $"[{string.Join(", ", row)}]";
    }

    private static string Text(double number)
    {
        string text = number.ToString("G9", CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0";
    }

    /// <summary>Nested lists; an array of numbers without a point is one of integers.</summary>
    private static NpyArray Parse(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number)
        {
            return NpyArray.Scalar(value.GetDouble());
        }

        bool matrix = value.EnumerateArray().FirstOrDefault().ValueKind == JsonValueKind.Array;
        JsonElement[] numbers = [.. matrix ? value.EnumerateArray().SelectMany(r => r.EnumerateArray()) : value.EnumerateArray()];
        int[] shape = matrix ? [value.GetArrayLength(), numbers.Length / value.GetArrayLength()] : [numbers.Length];
        return numbers.All(n => n.TryGetInt64(out _))
            ? NpyArray.Of(Array.ConvertAll(numbers, n => n.GetInt64()), shape)
            : NpyArray.Of(Array.ConvertAll(numbers, n => n.GetDouble()), shape);
    }
}
