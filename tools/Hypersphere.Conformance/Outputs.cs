using System.Collections;
using Hypersphere.Formats;

namespace Hypersphere.Conformance;

/// <summary>What a function returns: named arrays, float64 or int64. Made as <c>new Outputs { { "loss", 0.5 }, … }</c>.</summary>
internal sealed class Outputs : IEnumerable<string>
{
    private readonly List<(string Name, NpyArray Array)> _arrays = [];

    /// <summary>A single number.</summary>
    public void Add(string name, double value) => _arrays.Add((name, NpyArray.Scalar(value)));

    /// <summary>Numbers; without a shape, a vector.</summary>
    public void Add(string name, double[] values, params ReadOnlySpan<int> shape) => _arrays.Add((name, NpyArray.Of(values, shape)));

    /// <summary>Numbers of the library; without a shape, a vector.</summary>
    public void Add(string name, float[] values, params ReadOnlySpan<int> shape) =>
        Add(name, Array.ConvertAll(values, v => (double)v), shape);

    /// <summary>Indices.</summary>
    public void Add(string name, int[] values) => _arrays.Add((name, NpyArray.Of(Array.ConvertAll(values, v => (long)v))));

    /// <summary>A single number that was added.</summary>
    public double Number(string name) => _arrays.Single(a => a.Name == name).Array.Values<double>()[0];

    /// <summary>Writes them to an npz.</summary>
    public void Save(string path) => NpzWriter.Save(path, compress: false, _arrays);

    /// <summary>The names.</summary>
    public IEnumerator<string> GetEnumerator() => _arrays.Select(a => a.Name).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
