using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json;

namespace Hypersphere.Oracles;

/// <summary>A golden case of another implementation, where a checkout of them lies beside the repository.</summary>
public sealed class GoldenCase
{
    private readonly Dictionary<string, double[]> _arrays = [];
    private readonly Dictionary<string, int[]> _shapes = [];

    private GoldenCase(JsonElement manifest, string folder)
    {
        Manifest = manifest;
        using ZipArchive zip = ZipFile.OpenRead(Path.Combine(folder, manifest.GetProperty("file").GetString()!));
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            string name = Path.GetFileNameWithoutExtension(entry.Name);
            using Stream stream = entry.Open();
            using var memory = new MemoryStream();
            stream.CopyTo(memory);
            (_arrays[name], _shapes[name]) = Parse(memory.ToArray());
        }
    }

    public JsonElement Manifest { get; }

    public string Name => Manifest.GetProperty("name").GetString()!;

    public JsonElement Hyper => Manifest.GetProperty("hyper");

    /// <summary>The folder of golden cases, or null: then tests of them have nothing to do.</summary>
    public static string? Folder
    {
        get
        {
            for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
            {
                string candidate = Path.Combine(at.FullName, "shared", "golden");
                if (File.Exists(Path.Combine(candidate, "manifest.json")))
                {
                    return candidate;
                }
            }

            return null;
        }
    }

    /// <summary>All cases of one function, empty where there is no folder.</summary>
    public static IEnumerable<GoldenCase> Of(string family, string loss)
    {
        if (Folder is not { } folder)
        {
            yield break;
        }

        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "manifest.json")));
        foreach (JsonElement item in manifest.RootElement.EnumerateArray())
        {
            if (item.GetProperty("family").GetString() == family && item.GetProperty("loss").GetString() == loss)
            {
                yield return new GoldenCase(item.Clone(), folder);
            }
        }
    }

    public bool Has(string name) => _arrays.ContainsKey(name);

    public double[] Array(string name) => _arrays[name];

    public int[] Shape(string name) => _shapes[name];

    public double Scalar(string name) => _arrays[name][0];

    public float[] Floats(string name) => System.Array.ConvertAll(_arrays[name], v => (float)v);

    public int[] Ints(string name) => System.Array.ConvertAll(_arrays[name], v => (int)v);

    private static (double[] Values, int[] Shape) Parse(byte[] npy)
    {
        int header = BinaryPrimitives.ReadUInt16LittleEndian(npy.AsSpan(8));
        string text = System.Text.Encoding.ASCII.GetString(npy, 10, header);
        int open = text.IndexOf('(', StringComparison.Ordinal);
        string inside = text[(open + 1)..text.IndexOf(')', open)];
        int[] shape = [.. inside.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
        bool integers = text.Contains("<i8", StringComparison.Ordinal);
        double[] values = new double[(npy.Length - 10 - header) / 8];
        for (int i = 0; i < values.Length; i++)
        {
            ReadOnlySpan<byte> at = npy.AsSpan(10 + header + (i * 8));
            values[i] = integers ? BinaryPrimitives.ReadInt64LittleEndian(at) : BinaryPrimitives.ReadDoubleLittleEndian(at);
        }

        return (values, shape);
    }
}
