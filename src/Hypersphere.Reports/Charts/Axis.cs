using Hypersphere.Evaluation;

namespace Hypersphere.Reports.Charts;

internal enum AxisKind
{
    Linear,
    Log,
    Normal,
}

internal enum ValueFormat
{
    Number,
    Percent,
    Degrees,
}

/// <summary>A range of values, where they fall between 0 and 1, and the ticks worth a label.</summary>
internal sealed record Axis(AxisKind Kind, double Low, double High, string Title, ValueFormat Format, IReadOnlyList<double> Ticks)
{
    /// <summary>An axis that ends this close to its next tick, in steps, is extended to it.</summary>
    private const double Nearly = 0.15;

    private static readonly double[] Rates =
        [1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999];

    /// <summary>Even steps of 1, 2 or 5 times a power of ten, or of 15, 30, 45 degrees.</summary>
    /// <remarks><paramref name="round"/> widens the range to whole steps.</remarks>
    public static Axis Linear(double low, double high, string title, ValueFormat format = ValueFormat.Number, int ticks = 5,
        bool round = false)
    {
        if (!(high - low > 1e-12 * Math.Max(Math.Abs(low), Math.Abs(high))) || double.IsInfinity(high - low))
        {
            (low, high) = double.IsFinite(low) ? (low - (Math.Abs(low) * 0.1) - 1e-6, low + (Math.Abs(low) * 0.1) + 1e-6) : (0, 1);
        }

        double step = Step(high - low, ticks, format);
        if (round)
        {
            (low, high) = (Math.Floor((low / step) + 1e-9) * step, Math.Ceiling((high / step) - 1e-9) * step);
        }

        else if (Math.Ceiling(high / step) - (high / step) < Nearly)
        {
            high = Math.Ceiling(high / step) * step;
        }

        var marks = new List<double>();
        for (double k = Math.Ceiling((low / step) - 1e-9); k * step <= high + (step * 1e-9); k++)
        {
            marks.Add(k * step);
        }

        return new Axis(AxisKind.Linear, low, high, title, format, marks);
    }

    /// <summary>A decade a tick.</summary>
    public static Axis Log(double low, double high, string title, ValueFormat format)
    {
        int from = (int)Math.Floor(Math.Log10(low) + 1e-9);
        int to = Math.Max(from + 1, (int)Math.Ceiling(Math.Log10(high) - 1e-9));
        return new Axis(AxisKind.Log, Math.Pow(10, from), Math.Pow(10, to), title, format,
            [.. Enumerable.Range(from, to - from + 1).Select(e => Math.Pow(10, e))]);
    }

    /// <summary>Rates on the scale of the normal deviate: two normal score distributions give a straight line.</summary>
    public static Axis Normal(double low, double high, string title) =>
        new(AxisKind.Normal, low, high, title, ValueFormat.Percent, [.. Rates.Where(r => r >= low * 0.999 && r <= high * 1.001)]);

    /// <summary>The greatest labelled rate that does not exceed the least one measured.</summary>
    public static double RateBelow(double least) => Rates.LastOrDefault(r => r <= Math.Min(least, 0.01), Rates[0]);

    /// <summary>Position of a value: 0 at the low end, 1 at the high end, outside of that beyond the ends.</summary>
    public double Unit(double value) => (Transform(value) - Transform(Low)) / (Transform(High) - Transform(Low));

    public string Label(double tick) => Format switch
    {
        ValueFormat.Percent => Text.Fixed(tick * 100, Decimals(tick) - 2) + Text.Space + "%",
        ValueFormat.Degrees => Text.Fixed(tick, Decimals(tick)) + "°",
        _ => Kind == AxisKind.Linear && Math.Abs(tick) is > 0 and < 1e-4 ? Text.Short(tick) : Text.Fixed(tick, Decimals(tick)),
    };

    private static double Step(double span, int ticks, ValueFormat format)
    {
        double raw = span / Math.Max(ticks, 1);
        if (format == ValueFormat.Degrees && raw > 5)
        {
            return raw > 45 ? 90 : raw > 30 ? 45 : raw > 15 ? 30 : raw > 10 ? 15 : 10;
        }

        double power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        double lead = raw / power;
        return (lead > 5 ? 10 : lead > 2 ? 5 : lead > 1 ? 2 : 1) * power;
    }

    private int Decimals(double tick)
    {
        double unit = Kind == AxisKind.Linear && Ticks.Count > 1 ? Ticks[1] - Ticks[0] : Math.Abs(tick);
        double power = Math.Log10(unit);
        return double.IsFinite(power) ? Math.Max(Format == ValueFormat.Percent ? 2 : 0, -(int)Math.Floor(power + 1e-9)) : 0;
    }

    private double Transform(double value) => Kind switch
    {
        AxisKind.Log => Math.Log(value),
        AxisKind.Normal => value <= 0 ? double.NegativeInfinity : value >= 1 ? double.PositiveInfinity : NormalDistribution.Quantile(value),
        _ => value,
    };
}
