using System.Text;
using Hypersphere.Data;
using Hypersphere.Evaluation;
using Hypersphere.Formats;
using Hypersphere.Oracles;

namespace Formats;

/// <summary>Readers that open files themselves; see <see cref="Fuzzing"/>.</summary>
public sealed class FileFuzzTests
{
    private static readonly string[] _images = [.. Enumerable.Range(0, 12).Select(i => $"Ann_Lee/Ann_Lee_{i:D4}.jpg")];

    [Fact]
    public void Safetensors()
    {
        float[] weights = [1, 2, 3, 4, 5, 6];
        using MemoryStream file = new();
        SafetensorsWriter.Write(file, new Dictionary<string, string> { ["loss"] = "arcface" }, [new("a.weight", [2, 3], () => weights), new("b", [1], () => weights.AsSpan(0, 1))]);
        Fuzzing.RunFile("safetensors", [file.ToArray()], path =>
        {
            using SafetensorsFile stored = SafetensorsFile.Open(path);
            foreach (SafetensorsEntry entry in stored.Entries)
            {
                stored.Read(entry.Name, new float[entry.Shape.Aggregate(1L, (a, b) => a * b)]);
            }
        });
    }

    [Fact]
    public void Pairs()
    {
        byte[][] seeds = [.. new[] { "2\t3\nAnn_Lee\t1\t3\nAnn_Lee\t4\tAnn_Lee\t5\n", "Ann_Lee/Ann_Lee_0001.jpg Ann_Lee/Ann_Lee_0002.jpg 1\n0 5 0\n" }.Select(Encoding.UTF8.GetBytes)];
        Fuzzing.RunFile("pairs", seeds, path => VerificationPairs.Read(path, _images));
        Fuzzing.RunFile("pairs of rows", [Encoding.UTF8.GetBytes("0,1,1\n3,4,0\n")], path => VerificationPairs.Read(path, 12));
    }

    [Fact]
    public void Templates()
    {
        byte[] list = Encoding.UTF8.GetBytes("Ann_Lee_0001.jpg 20 5\nAnn_Lee_0002 20 6\nAnn_Lee/Ann_Lee_0003.jpg 21 6\n");
        Fuzzing.RunFile("templates", [list], path => TemplateSet.Read(path, _images));
        string sound = Path.Combine(Path.GetTempPath(), $"hypersphere-templates-{Guid.NewGuid():N}");
        File.WriteAllBytes(sound, list);
        TemplateSet templates = TemplateSet.Read(sound, _images);
        File.Delete(sound);
        Fuzzing.RunFile("people of templates", [Encoding.UTF8.GetBytes("TEMPLATE_ID,SUBJECT_ID\n20,ann\n21,bob\n20,ann\n")], path => templates.ReadPeople(path));
        Fuzzing.RunFile("pairs of templates", [Encoding.UTF8.GetBytes("20 21 0\n21 21 1\n")], path => templates.ReadPairs(path));
    }

    /// <summary>A damaged list mostly names another file, which is looked for when the set is opened.</summary>
    [Fact]
    public void Lists() =>
        Fuzzing.RunFile("list", [Encoding.UTF8.GetBytes("a/1.png\tann\nb/2.png\tbob\n"), Encoding.UTF8.GetBytes("0\t5\ta/1.png\n1\t6\tb/2.png\n")], path => Named(path, () => ImageSource.Open(path)), ".lst");

    [Fact]
    public void Embeddings()
    {
        EmbeddingSet set = new([1, 0, 0, 2], 2, [0, 1], ["a", "b"]);
        string path = Path.Combine(Path.GetTempPath(), $"hypersphere-embeddings-{Guid.NewGuid():N}.npz");
        new EmbeddingFile(set, ["Ann", "Bob"]).Save(path);
        byte[] seed = File.ReadAllBytes(path);
        File.Delete(path);
        Fuzzing.RunFile("embeddings", [seed], file => EmbeddingFile.Load(file));
    }

    /// <summary>A message may also be about an image that the list names, beside it.</summary>
    private static void Named(string path, Action read)
    {
        try
        {
            read();
        }
        catch (Hypersphere.InputException e) when (e.Message.StartsWith(Path.GetDirectoryName(path)!, StringComparison.Ordinal) || e.Message.StartsWith('/'))
        {
            throw new Hypersphere.InputException($"{path}: {e.Message}", e);
        }
    }
}
