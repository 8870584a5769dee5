using System.Text;

namespace Hypersphere.Reports.Charts;

/// <summary>The Okabe–Ito colours, safe for colour-blind eyes, with a darker shade for text on white and lighter ones on black.</summary>
/// <remarks>Okabe and Ito, "Color Universal Design", 2002. Style 0 is the neutral ink of baselines. Yellow is darkened for white paper.
/// Style i pairs colour with a dash pattern so that two runs differ in print without colour too.</remarks>
internal static class Palette
{
    public const int Count = 8;

    private static readonly (string Light, string LightText, string Dark, string DarkText)[] Colours =
    [
        ("#23272f", "#23272f", "#e6e8ec", "#e6e8ec"),
        ("#0072b2", "#0067a3", "#4ba3e3", "#62b2ee"),
        ("#d55e00", "#b34d00", "#f0803c", "#f5935a"),
        ("#009e73", "#00775a", "#27b88d", "#35c69b"),
        ("#cc79a7", "#a3487a", "#d88fb8", "#e2a3c6"),
        ("#e69f00", "#8a5f00", "#e9a820", "#efb53c"),
        ("#56b4e9", "#1f729f", "#7cc8f4", "#8fd0f6"),
        ("#d3c400", "#6f6700", "#f0e442", "#f0e442"),
    ];

    private static readonly string[] Dashes = ["5 4", "", "10 4", "1.5 4", "10 3 2 3", "16 4", "4 2 1 2", "1 2 6 2"];

    /// <summary>Light background, dark background.</summary>
    public static (string Light, string Dark) Paper => ("#ffffff", "#15171c");

    /// <summary>(light, dark) colours of series text against <see cref="Paper"/>, for the contrast test.</summary>
    public static (string Light, string Dark) TextColour(int style) => (Colours[style].LightText, Colours[style].DarkText);

    /// <summary>Style of the i-th run that is not the baseline.</summary>
    public static int Run(int index) => 1 + (index % (Count - 1));

    /// <summary>Style of the i-th class: all eight colours in turn.</summary>
    public static int Class(int index) => index % Count == Count - 1 ? 0 : 1 + (index % Count);

    /// <summary>Rules for charts: .s stroke, .f fill, .x text, .d dash, and the greys.</summary>
    public static string Css()
    {
        var css = new StringBuilder();
        css.Append("svg text{font:13px system-ui,-apple-system,\"Segoe UI\",Roboto,\"Helvetica Neue\",sans-serif}");
        css.Append("svg text{font-variant-numeric:tabular-nums}");
        css.Append("svg .m{font-size:12px}svg .b{font-weight:600}svg .ti{font-size:19px;font-weight:650}svg .su{font-size:13.5px}");
        css.Append(".l{fill:none;stroke-width:2.2;stroke-linejoin:round;stroke-linecap:round}.thin{stroke-width:1;stroke-opacity:.3}");
        css.Append(".g,.ax,.ref,.lead{fill:none;stroke-width:1}.ref{stroke-dasharray:3 3}.lead{stroke-opacity:.55}");
        css.Append(".h{paint-order:stroke;stroke-width:3.5px;stroke-linejoin:round}.hit{fill:none;pointer-events:all}");
        for (int i = 0; i < Count; i++)
        {
            css.Append(Dashes[i].Length == 0 ? "" : $".d{i}{{stroke-dasharray:{Dashes[i]}}}");
        }

        Shade(css, dark: false);
        css.Append("@media screen and (prefers-color-scheme:dark){");
        Shade(css, dark: true);
        return css.Append('}').ToString();
    }

    private static void Shade(StringBuilder css, bool dark)
    {
        (string ink, string muted, string grid, string axis) = dark
            ? ("#e6e8ec", "#a3a9b5", "#2b2f38", "#6b7280")
            : ("#1b1e24", "#5a6270", "#e4e7ec", "#8a919e");
        string paper = dark ? Paper.Dark : Paper.Light;
        css.Append($"svg text{{fill:{ink}}}svg .m{{fill:{muted}}}.bg{{fill:{paper}}}.h{{stroke:{paper}}}");
        css.Append($".g{{stroke:{grid}}}.ax,.ref{{stroke:{axis}}}.ink{{fill:{ink}}}");
        for (int i = 0; i < Count; i++)
        {
            (string line, string text) = dark ? (Colours[i].Dark, Colours[i].DarkText) : (Colours[i].Light, Colours[i].LightText);
            css.Append($".s{i}{{stroke:{line}}}.f{i}{{fill:{line}}}svg .x{i}{{fill:{text}}}");
        }
    }
}
