namespace Hypersphere.Data;

/// <summary>Turns bytes into floats as a <see cref="Preprocessing"/> says, by a table: 256 values a channel, computed once.</summary>
internal sealed class PixelScale
{
    private readonly float[][] _tables;
    private readonly bool _reversed;

    public PixelScale(Preprocessing preprocessing, int channels)
    {
        preprocessing.RequireFitting(channels);
        _reversed = preprocessing.Order == ChannelOrder.Bgr;
        _tables = new float[Math.Max(preprocessing.Mean.Count, preprocessing.Std.Count)][];
        for (int c = 0; c < _tables.Length; c++)
        {
            (float mean, float std) = (At(preprocessing.Mean, c), At(preprocessing.Std, c));
            _tables[c] = [.. Enumerable.Range(0, 256).Select(x => (x - mean) / std)];
        }
    }

    /// <summary>Converts whole pixels.</summary>
    public void Apply(ReadOnlySpan<byte> bytes, Span<float> floats)
    {
        int step = _reversed ? 3 : _tables.Length;
        for (int c = 0; c < step; c++)
        {
            ReadOnlySpan<float> table = _tables[_tables.Length == 1 ? 0 : c];
            int swap = _reversed ? 2 - (2 * c) : 0;
            for (int i = c; i < bytes.Length; i += step)
            {
                floats[i] = table[bytes[i + swap]];
            }
        }
    }

    private static float At(IReadOnlyList<float> values, int c) => values.Count == 1 ? values[0] : values[c];
}
