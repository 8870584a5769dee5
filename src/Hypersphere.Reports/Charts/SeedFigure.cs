using Hypersphere.Reports.Sections;

namespace Hypersphere.Reports.Charts;

/// <summary>A metric of several losses: a row a loss, a point a seed, a stroke at the mean in a bar of ± one standard deviation.</summary>
internal static class SeedFigure
{
    private const double Width = 440, Row = 30, Top = 8;

    public static string Render(string id, string title, MetricDefinition definition, ComparisonData data, IReadOnlyList<int> styles)
    {
        ComparedLoss[] losses = [.. data.Losses];
        string[] names = [.. losses.Select(l => Text.Clip(l.Name, 22))];
        string[] means = [.. losses.Select(l => l.Mean(definition.Key) is { } m ? Comparison.Show(definition, m) : "–")];
        double left = 12 + names.Max(n => Text.Width(n, Text.Bold));
        double right = 14 + means.Max(m => Text.Width(m, Text.Bold));
        Axis x = Scale(definition, losses);
        var rows = new Axis(AxisKind.Linear, 0, losses.Length, "", ValueFormat.Number, []);
        var frame = new Frame(left, Top, Width - left - right, losses.Length * Row, x, rows);
        var svg = new SvgWriter(id, Width, frame.Bottom + 42, title, Describe(definition, losses, means));
        foreach (double tick in x.Ticks)
        {
            svg.Line(frame.PlaceX(tick), Top, frame.PlaceX(tick), frame.Bottom, "g");
        }

        frame.Draw(svg);
        ComparedLoss? best = data.Best(definition.Key);
        for (int i = 0; i < losses.Length; i++)
        {
            double y = Top + ((i + 0.5) * Row);
            svg.Write(left - 10, y + 4.5, names[i], $"b x{styles[i]}", Anchor.End);
            Points(svg, frame, losses[i], definition.Key, y, styles[i]);
            svg.Write(frame.Right + 10, y + 4, means[i], losses[i] == best ? "b" : "m");
        }

        return svg.Finish();
    }

    private static void Points(SvgWriter svg, Frame frame, ComparedLoss loss, string key, double y, int style)
    {
        if (loss.Mean(key) is { } mean)
        {
            double reach = mean.Spread ?? 0;
            double from = Math.Max(frame.Left, frame.PlaceX(mean.Value - reach)), to = Math.Min(frame.Right, frame.PlaceX(mean.Value + reach));
            svg.Rect(from, y - 8, Math.Max(0, to - from), 16, $"f{style}", " fill-opacity=\".16\"");
            svg.Line(frame.PlaceX(mean.Value), y - 10, frame.PlaceX(mean.Value), y + 10, $"l s{style}");
        }

        foreach (double value in loss.Values(key))
        {
            svg.Circle(frame.PlaceX(value), y, 4, $"f{style}", " fill-opacity=\".75\"");
        }
    }

    private static Axis Scale(MetricDefinition definition, ComparedLoss[] losses)
    {
        double[] values = [.. losses.SelectMany(l => l.Values(definition.Key))];
        double[] edges = [.. losses.Select(l => l.Mean(definition.Key)).OfType<Metric>()
            .SelectMany(m => new[] { m.Value - (m.Spread ?? 0), m.Value + (m.Spread ?? 0) })];
        bool share = definition.Unit == MetricUnit.Fraction;
        double low = values.Concat(edges).Min(), high = values.Concat(edges).Max();
        double room = Math.Max((high - low) * 0.08, share ? 0.002 : Math.Abs(high) * 0.01);
        (low, high) = (low - room, high + room);
        (low, high) = share ? (Math.Max(0, low), Math.Min(1, high)) : (low, high);
        ValueFormat format = share ? ValueFormat.Percent : definition.Unit == MetricUnit.Degrees ? ValueFormat.Degrees : ValueFormat.Number;
        return Axis.Linear(low, high, definition.Name, format, ticks: 3);
    }

    private static string Describe(MetricDefinition definition, ComparedLoss[] losses, string[] means) =>
        $"Point chart of {definition.Name}, a row a loss and a point a seed. "
        + string.Join("; ", losses.Select((l, i) => $"{l.Name}: {means[i]}")) + ".";
}
