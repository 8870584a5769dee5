using System.Globalization;

namespace Hypersphere.Training;

/// <summary>A mean over the steps since it was last taken; saved with a checkpoint so that a resumed run logs what an uninterrupted one
/// would.</summary>
internal sealed class RunningMean
{
    private double _sum;
    private long _count;

    public double Value => _count == 0 ? double.NaN : _sum / _count;

    public void Add(double value)
    {
        _sum += value;
        _count++;
    }

    public double Take()
    {
        double value = Value;
        (_sum, _count) = (0, 0);
        return value;
    }

    public string Save() => string.Create(CultureInfo.InvariantCulture, $"{_sum:R} {_count}");

    public void Load(string text)
    {
        string[] parts = text.Split(' ');
        if (parts.Length != 2 || !double.TryParse(parts[0], CultureInfo.InvariantCulture, out _sum)
            || !long.TryParse(parts[1], CultureInfo.InvariantCulture, out _count))
        {
            throw new InputException($"a checkpoint's running mean reads '{text}'; the file was not written by this program.");
        }
    }
}
