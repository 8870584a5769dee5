namespace Hypersphere.Data;

/// <summary>Some images of a source, perhaps with other class numbers.</summary>
internal sealed class SubsetImages : ImageSource
{
    private readonly ImageSource _source;
    private readonly int[] _indices;
    private readonly int[] _labels;

    /// <param name="source">The whole.</param>
    /// <param name="indices">Which images.</param>
    /// <param name="classes">Old numbers of the classes, ordered as the new ones; null: as they are. Every image's class must be among
    /// them.</param>
    public SubsetImages(ImageSource source, int[] indices, int[]? classes = null)
        : base(source.Origin, indices.Length, new(source.Height, source.Width, source.Channels),
            classes is null ? source.ClassNames : [.. classes.Select(c => source.ClassNames[c])])
    {
        (_source, _indices) = (source, indices);
        _labels = Array.ConvertAll(indices, source.Label);
        if (classes is not null)
        {
            Dictionary<int, int> renumbered = classes.Select((old, i) => (old, i)).ToDictionary(p => p.old, p => p.i);
            _labels = Array.ConvertAll(_labels, l => renumbered[l]);
        }
    }

    public override int Label(int index) => _labels[index];

    public override string Name(int index) => _source.Name(_indices[index]);

    protected override void Fill(int index, Span<byte> pixels) => _source.Read(_indices[index], pixels);
}
