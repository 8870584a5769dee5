using Hypersphere.Formats;

namespace Hypersphere.Evaluation;

/// <summary>Embeddings in an .npz file, as «hypersphere embed» writes it and NumPy can.</summary>
/// <param name="Set">The embeddings with labels and names.</param>
/// <param name="ClassNames">What the labels mean.</param>
/// <param name="Mirror">Whether the embeddings of the mirror images were added.</param>
/// <param name="Model">Fingerprint of the network that computed them; empty where it is not known.</param>
public sealed record EmbeddingFile(EmbeddingSet Set, IReadOnlyList<string> ClassNames, bool Mirror = false, string Model = "")
{
    /// <summary>Reads a file. Of its arrays, embeddings float [N,D] is needed; labels [N], numbers or words (none: nobody is known),
    /// names [N] (none: row numbers), class_names [C] (none: the labels themselves), mirror (none: false) and model need not be there.</summary>
    /// <exception cref="InputException">The file is damaged, or its arrays do not fit each other.</exception>
    public static EmbeddingFile Load(string path)
    {
        using NpzReader npz = new(path);
        NpyArray embeddings = npz.Read("embeddings").OfRank(2, 2, "float32 [N,D]");
        (int count, int size) = (embeddings.Shape[0], embeddings.Shape[1]);
        (int[] labels, IReadOnlyList<string> classNames) = Labels(npz, count);
        string[] names = npz.Contains("names") ? npz.Read("names").Values<string>() : [.. Enumerable.Range(0, count).Select(i => $"{i}")];
        bool mirror = npz.Contains("mirror") && npz.Read("mirror").Integers() is [not 0];
        string model = npz.Contains("model") && npz.Read("model").Values<string>() is [var one] ? one : "";
        try
        {
            return new EmbeddingFile(new EmbeddingSet(embeddings.Floats(), size, labels, names), classNames, mirror, model);
        }
        catch (InputException e)
        {
            throw new InputException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>Writes the file, atomically.</summary>
    /// <exception cref="InputException">It cannot be written.</exception>
    public void Save(string path) => NpzWriter.Save(
        path,
        compress: false,
        ("embeddings", NpyArray.Of(Set.Values, Set.Count, Set.Size)),
        ("labels", NpyArray.Of(Set.Labels)),
        ("names", NpyArray.Of(Set.Names ?? [.. Enumerable.Range(0, Set.Count).Select(i => $"{i}")])),
        ("class_names", NpyArray.Of(ClassNames.ToArray())),
        ("mirror", NpyArray.Of([Mirror ? 1 : 0])),
        ("model", NpyArray.Of([Model])));

    private static (int[] Labels, IReadOnlyList<string> ClassNames) Labels(NpzReader npz, int count)
    {
        if (!npz.Contains("labels"))
        {
            return ([.. Enumerable.Repeat(-1, count)], []);
        }

        NpyArray stored = npz.Read("labels");
        if (stored.IsText)
        {
            string[] words = stored.Values<string>(), known = [.. words.Distinct().Order(StringComparer.Ordinal)];
            return ([.. words.Select(w => Array.BinarySearch(known, w, StringComparer.Ordinal))], known);
        }

        int[] labels = stored.Integers();
        int classes = labels.Length == 0 ? 0 : labels.Max() + 1;
        string[] names = npz.Contains("class_names") ? npz.Read("class_names").Values<string>() : classes <= Math.Max(1000, 10L * count)
            ? [.. Enumerable.Range(0, classes).Select(i => $"{i}")]
            : throw new InputException($"{stored.Origin}: goes up to {classes - 1} for {count} samples; number the classes from 0 without gaps");
        return classes <= names.Length ? (labels, names) : throw new InputException($"{stored.Origin}: names class {classes - 1}, but class_names holds {names.Length}");
    }
}
