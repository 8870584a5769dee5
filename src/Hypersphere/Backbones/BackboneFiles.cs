namespace Hypersphere.Backbones;

/// <summary>Kinds of files that hold a whole network, such as onnx:FILE. Other assemblies register theirs.</summary>
public static class BackboneFiles
{
    private static readonly Dictionary<string, Func<string, Rng, Backbone>> Readers = new(StringComparer.Ordinal);

    /// <summary>Adds a kind of file; call it before models are opened.</summary>
    /// <param name="scheme">What stands before the colon, such as «onnx».</param>
    /// <param name="reader">Builds the network from a path.</param>
    public static void Register(string scheme, Func<string, Rng, Backbone> reader)
    {
        ArgumentException.ThrowIfNullOrEmpty(scheme);
        ArgumentNullException.ThrowIfNull(reader);
        lock (Readers)
        {
            Readers[scheme] = reader;
        }
    }

    /// <summary>Whether a text begins with a registered kind and a colon.</summary>
    /// <param name="specification">Such as «onnx:model.onnx».</param>
    public static bool Knows(string specification)
    {
        ArgumentNullException.ThrowIfNull(specification);
        int colon = specification.IndexOf(':', StringComparison.Ordinal);
        lock (Readers)
        {
            return colon > 0 && Readers.ContainsKey(specification[..colon]);
        }
    }

    /// <summary>Builds the network of a file.</summary>
    /// <param name="specification">Such as «onnx:model.onnx».</param>
    /// <param name="random">Where weights come from that the file does not hold.</param>
    /// <returns>Null when it does not begin with a registered kind and a colon.</returns>
    /// <exception cref="InputException">The file cannot be read.</exception>
    public static Backbone? Open(string specification, Rng random)
    {
        if (!Knows(specification))
        {
            return null;
        }

        int colon = specification.IndexOf(':', StringComparison.Ordinal);
        lock (Readers)
        {
            return Readers[specification[..colon]](specification[(colon + 1)..], random);
        }
    }
}
