using Hypersphere.Formats;
using Hypersphere.Layers;
using Hypersphere.Tensors;

namespace Hypersphere.Training;

/// <summary>Modules to and from safetensors entries, in the layout that files use.</summary>
internal static class StateFile
{
    /// <summary>One for all: each array is written before the next is asked for.</summary>
    [ThreadStatic]
    private static float[]? _buffer;

    public static IEnumerable<SafetensorsSource> Entries(string prefix, Module module)
    {
        foreach (NamedParameter p in module.Parameters())
        {
            yield return p.Parameter.Value.Spread is null
                ? new(prefix + p.Name, p.Parameter.Layout.Shape.ToArray(), () => InFileOrder(p.Parameter))
                : SpreadFile.Entry(prefix + p.Name, p.Parameter.Value);
        }

        foreach (SafetensorsSource source in Entries(prefix, module.Buffers()))
        {
            yield return source;
        }
    }

    public static IEnumerable<SafetensorsSource> Entries(string prefix, IEnumerable<NamedBuffer> buffers) => buffers.Select(b => b.Value.Spread is null
        ? new SafetensorsSource(prefix + b.Name, b.Value.Shape.ToArray(), () => b.Value.Span)
        : SpreadFile.Entry(prefix + b.Name, b.Value));

    /// <summary>Reads all parameters and buffers of a module, or none: shapes are checked before the first is changed.</summary>
    /// <exception cref="InputException">The file lacks one or holds it in another shape.</exception>
    public static void Load(SafetensorsFile file, string path, string prefix, Module module)
    {
        foreach (NamedParameter p in module.Parameters())
        {
            Require(file, path, prefix + p.Name, SpreadFile.WholeShape(p.Parameter.Value) ?? p.Parameter.Layout.Shape);
        }

        foreach (NamedBuffer b in module.Buffers())
        {
            Require(file, path, prefix + b.Name, b.Value.Shape);
        }

        foreach (NamedParameter p in module.Parameters())
        {
            if (p.Parameter.Value.Spread is not null)
            {
                SpreadFile.Read(file, prefix + p.Name, p.Parameter.Value);
                continue;
            }

            float[] values = new float[p.Parameter.Value.Count];
            file.Read(prefix + p.Name, values.AsSpan());
            p.Parameter.Layout.FromFile(values, p.Parameter.Value.Span);
        }

        Load(file, prefix, module.Buffers());
    }

    public static void Load(SafetensorsFile file, string prefix, IEnumerable<NamedBuffer> buffers)
    {
        foreach (NamedBuffer b in buffers)
        {
            if (b.Value.Spread is null)
            {
                file.Read(prefix + b.Name, b.Value.Span);
            }
            else
            {
                SpreadFile.Read(file, prefix + b.Name, b.Value);
            }
        }
    }

    private static void Require(SafetensorsFile file, string path, string name, Shape shape)
    {
        SafetensorsEntry? entry = file.Find(name);
        if (entry is null)
        {
            throw new InputException($"{path}: it has no '{name}'; it holds another architecture.");
        }

        if (!entry.Shape.SequenceEqual(shape.ToArray().Select(e => (long)e)))
        {
            throw new InputException(
                $"{path}: '{name}' is [{string.Join(", ", entry.Shape)}] but {shape} is needed; it holds another architecture.");
        }
    }

    private static ReadOnlySpan<float> InFileOrder(Parameter parameter)
    {
        if (parameter.Layout.IsSame)
        {
            return parameter.Value.Span;
        }

        int count = parameter.Value.Count;
        _buffer = _buffer?.Length >= count ? _buffer : new float[count];
        parameter.Layout.ToFile(parameter.Value.Span, _buffer.AsSpan(0, count));
        return _buffer.AsSpan(0, count);
    }
}
