using System.Globalization;
using System.Text;

namespace Hypersphere.Reports.Sections;

/// <summary>The body of the interactive page: sliders at the side, charts beside them, circles below, the tables at the end.</summary>
internal static class ExplorerSection
{
    private const int AngleLow = 10, AngleHigh = 180;

    private static readonly double[] _scales = [1, 2, 4, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 128, 192, 256];

    private static readonly double[] _classes = [2, 3, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6];

    public static string Render(IReadOnlyList<MarginFamily> families, IReadOnlyList<BoundaryCircle> circles)
    {
        int next = 0;
        int[] styles = [.. families.Select(f => f.Shown ? Palette.Run(next++) : 0)];
        var page = new StringBuilder();
        page.Append("<header><p class=\"kicker\">Margin losses on the hypersphere</p>");
        page.Append("<h1>How margin and scale shape the softmax</h1><p class=\"lead\">");
        page.Append("A margin replaces the cosine to the own prototype by ");
        page.Append("a smaller ψ(θ); the scale s decides how sharply the softmax sees the difference. ");
        page.Append("Dashed ink is the softmax without margin. Every curve was computed by the code that trains.</p></header><div class=\"explorer\">");
        Controls(page, families, styles);
        page.Append("<div><div class=\"grid two\">");
        foreach (ExplorerFigure figure in ExplorerFigure.All)
        {
            page.Append($"<figure><figcaption><h3>{Text.Escape(figure.Title)}</h3><p>{Text.Escape(figure.Note)}</p></figcaption>");
            page.Append(figure.Render(families, styles)).Append("</figure>");
        }

        page.Append("</div>");
        Circles(page, families, circles);
        page.Append("</div></div>").Append(Tables(families));
        return page.ToString();
    }

    private static void Controls(StringBuilder page, IReadOnlyList<MarginFamily> families, int[] styles)
    {
        MarginState start = MarginState.Start;
        page.Append("<aside aria-label=\"Settings\"><ul class=\"shared\">");
        Shared(page, "scale", "scale s", Text.Fixed(start.Scale, 0), _scales.Length - 1, Array.IndexOf(_scales, start.Scale));
        Shared(page, "classes", "classes C", Text.Fixed(start.Classes, 0), _classes.Length - 1, Array.IndexOf(_classes, start.Classes));
        Shared(page, "between", "angle between prototypes", Text.Degrees(start.PrototypeDegrees, 0),
            AngleHigh - AngleLow, (int)start.PrototypeDegrees - AngleLow);
        page.Append("</ul><ul class=\"families\">");
        page.Append($"<li class=\"on\"><label>{Key.Swatch(0)}<b>softmax</b> no margin</label></li>");
        for (int i = 0; i < families.Count; i++)
        {
            MarginFamily f = families[i];
            bool on = styles[i] > 0;
            string number = i.ToString(CultureInfo.InvariantCulture);
            page.Append($"<li data-f=\"{number}\"{(on ? " class=\"on\"" : "")} title=\"{Text.Escape(f.Source)}\">");
            page.Append($"<label><input class=\"ctl\" type=\"checkbox\"{(on ? " checked" : "")}>{Key.Swatch(styles[i])}");
            page.Append($"<b>{Text.Escape(f.Name)}</b> {Text.Escape(f.Parameter)}</label><output>{Text.Escape(f.Label(f.Start))}</output>");
            page.Append(Slider($"{f.Name}: {f.Parameter}", f.Steps.Count - 1, f.Default)).Append("</li>");
        }

        page.Append("</ul><noscript><p class=\"note\">Sliders need script; without it the page shows these values.</p></noscript></aside>");
    }

    private static void Shared(StringBuilder page, string id, string name, string value, int last, int at) =>
        page.Append($"<li data-shared=\"{id}\"><label>{name}</label><output>{value}</output>{Slider(name, last, at)}</li>");

    private static string Slider(string name, int last, int at) => string.Create(
        CultureInfo.InvariantCulture,
        $"<input class=\"ctl\" type=\"range\" min=\"0\" max=\"{last}\" step=\"1\" value=\"{at}\" aria-label=\"{Text.Escape(name)}\">");

    private static void Circles(StringBuilder page, IReadOnlyList<MarginFamily> families, IReadOnlyList<BoundaryCircle> circles)
    {
        if (circles.Count == 0)
        {
            return;
        }

        page.Append("<section class=\"circles\"><h2>What each margin leaves to two classes</h2><div class=\"grid four\">");
        for (int i = 0; i < circles.Count; i++)
        {
            (string title, MarginFamily? family) = circles[i];
            int index = family is null ? -1 : families.ToList().IndexOf(family);
            string number = index.ToString(CultureInfo.InvariantCulture);
            string value = family is null ? "no margin" : $"{family.Parameter} {family.Label(family.Start)}";
            page.Append($"<figure data-circle=\"{number}\"><figcaption>");
            page.Append($"<h3>{Text.Escape(title)}</h3><p>{Text.Escape(value)}</p></figcaption>");
            page.Append(BoundaryFigure.Render(
                string.Create(CultureInfo.InvariantCulture, $"x-circle-{i}"), title, family?.Start.Points ?? MarginCurve.Softmax.Points,
                MarginState.Start.PrototypeDegrees)).Append("</figure>");
        }

        page.Append("</div><p class=\"note\">Prototypes are the dots. An arc is where a sample of that class satisfies the loss: ");
        page.Append("ψ(θ₁) &gt; cos θ₂. The gap that it leaves between the two classes stands above the circle.</p></section>");
    }

    private static string Tables(IReadOnlyList<MarginFamily> families)
    {
        string data = ExplorerTables.Json(families, _scales, _classes, AngleLow);
        return $"<script type=\"application/json\" id=\"tables\">{data}</script>";
    }
}
