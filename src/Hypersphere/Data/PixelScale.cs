namespace Hypersphere.Data;

/// <summary>Turns bytes into floats, (x − mean)/std per channel, by a table: 256 values a channel, computed once.</summary>
internal sealed class PixelScale
{
    private readonly float[][] _tables;

    public PixelScale(IReadOnlyList<float> mean, IReadOnlyList<float> std, int channels)
    {
        _tables = new float[Math.Max(mean.Count, std.Count)][];
        for (int c = 0; c < _tables.Length; c++)
        {
            (float m, float s) = (At(mean, c), At(std, c));
            if (_tables.Length != 1 && _tables.Length != channels || !float.IsFinite(m) || !(s > 0) || !float.IsFinite(1 / s))
            {
                throw new InputException(
                    $"normalisation by mean [{string.Join(", ", mean)}] and std [{string.Join(", ", std)}] does not suit "
                    + $"{channels} channels; give one value or {channels}, std above 0");
            }

            _tables[c] = [.. Enumerable.Range(0, 256).Select(x => (x - m) / s)];
        }
    }

    /// <summary>Converts whole pixels.</summary>
    public void Apply(ReadOnlySpan<byte> bytes, Span<float> floats)
    {
        int step = _tables.Length;
        for (int c = 0; c < step; c++)
        {
            ReadOnlySpan<float> table = _tables[c];
            for (int i = c; i < bytes.Length; i += step)
            {
                floats[i] = table[bytes[i]];
            }
        }
    }

    private static float At(IReadOnlyList<float> values, int c) => values.Count == 1 ? values[0] : c < values.Count ? values[c] : float.NaN;
}
