using System.Globalization;

namespace Hypersphere.Reports.Charts;

/// <summary>One quantity of margin losses against the angle, whose curves the page's script moves.</summary>
/// <remarks>Every family has its path from the start, empty when it is not shown; the script rewrites paths and the right axis.</remarks>
internal sealed record ExplorerFigure(
    string Id, string Title, string Note, Axis Y, Func<MarginPoint, MarginState, double> Value, bool LogitAxis = false)
{
    private const double Width = 360, Height = 230;

    public static IReadOnlyList<ExplorerFigure> All { get; } =
    [
        new("logit", "Target logit", "what the softmax sees of the own class",
            Axis.Linear(-3.1, 1.1, "ψ(θ)", ticks: 5), (p, _) => p.Psi, LogitAxis: true),
        new("factor", "Gradient factor", "by which the margin multiplies the gradient",
            Axis.Linear(-0.2, 4, "dψ ∕ dcos θ", ticks: 4), (p, _) => p.Slope),
        new("probability", "Probability of the own class", "all other prototypes at 90°",
            Axis.Linear(0, 1, "p", ValueFormat.Percent), (p, state) => state.Probability(p.Psi)),
        new("pull", "Pull on the sample", "|∂ℓ ∕ ∂cos θ| ∕ s = (1 − p) · dψ ∕ dcos θ",
            Axis.Linear(-0.1, 2, "pull ∕ s", ticks: 4), (p, state) => state.Pull(p)),
    ];

    public string Render(IReadOnlyList<MarginFamily> families, IReadOnlyList<int> styles)
    {
        MarginState state = MarginState.Start;
        double left = Frame.Gutter(Y) + 2;
        Axis x = Axis.Linear(0, 180, "θ, angle to the own prototype", ValueFormat.Degrees, 4);
        var frame = new Frame(left, 28, Width - left - (LogitAxis ? 52 : 16), Height, x, Y);
        string shown = string.Join("; ", families.Where((_, i) => styles[i] > 0).Select(f => Describe(f, state)));
        var svg = new SvgWriter($"x-{Id}", Width, frame.Bottom + 42, Title, $"Line chart of {Y.Title} against θ from 0° to 180°. {shown}.");
        frame.Draw(svg);
        if (LogitAxis)
        {
            Logits(svg, frame, state);
        }

        frame.Open(svg);
        for (int i = 0; i < families.Count; i++)
        {
            string data = styles[i] > 0 ? Polyline.Data(frame, Points(families[i].Start.Points, state)) : "";
            string name = styles[i] > 0 ? $" data-n=\"{Text.Escape(families[i].Name)}\"" : "";
            svg.Path(data, $"l s{styles[i]} d{styles[i]}", $" data-f=\"{i.ToString(CultureInfo.InvariantCulture)}\"{name}");
        }

        svg.Path(Polyline.Data(frame, Points(MarginCurve.Softmax.Points, state)), "l s0 d0", " data-f=\"softmax\" data-n=\"softmax\"");
        frame.Close(svg);
        return svg.Finish();
    }

    private IEnumerable<(double X, double Y)> Points(IReadOnlyList<MarginPoint> points, MarginState state) =>
        points.Select(p => (p.Degrees, Value(p, state)));

    private string Describe(MarginFamily family, MarginState state)
    {
        IReadOnlyList<MarginPoint> points = family.Start.Points;
        string At(double degrees) =>
            $"{Text.Short(Value(points[(int)Math.Round(degrees / 180 * (points.Count - 1))], state))} at {Text.Fixed(degrees, 0)}°";
        return $"{family.Name}, {family.Parameter} {family.Label(family.Start)}: {At(30)}, {At(60)}, {At(90)}";
    }

    private static void Logits(SvgWriter svg, Frame frame, MarginState state)
    {
        foreach (double tick in frame.Y.Ticks)
        {
            string place = $"x=\"{SvgWriter.N(frame.Right + 7)}\" y=\"{SvgWriter.N(frame.PlaceY(tick) + 4)}\"";
            svg.Raw($"<text {place} class=\"m\" data-psi=\"{tick.ToString("R", CultureInfo.InvariantCulture)}\">");
            svg.Raw($"{Text.Escape(Text.Fixed(tick * state.Scale, 0))}</text>");
        }

        svg.Write(Width - 4, frame.Top - frame.TitleGap, "logit s·ψ", "m", Anchor.End);
    }
}
