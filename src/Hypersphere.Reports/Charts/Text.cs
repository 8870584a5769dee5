using System.Globalization;
using System.Text;

namespace Hypersphere.Reports.Charts;

/// <summary>Numbers and strings as they appear in a report: invariant culture, escaped, no 0.30000000000000004.</summary>
internal static class Text
{
    /// <summary>A space at which no line breaks.</summary>
    public const string Space = "\u00a0";

    /// <summary>Size of axis labels and notes, px.</summary>
    public const double Small = 12;

    /// <summary>Size to measure bold names with: 13 px, and bold letters are a tenth wider.</summary>
    public const double Bold = 14.2;

    public static string Fixed(double value, int decimals)
    {
        string text = value.ToString("N" + Math.Clamp(decimals, 0, 9).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return text.StartsWith('-') ? (text.AsSpan(1).IndexOfAnyInRange('1', '9') < 0 ? text[1..] : "−" + text[1..]) : text;
    }

    /// <summary>About three significant digits.</summary>
    public static string Short(double value)
    {
        double size = Math.Abs(value);
        return size switch
        {
            0 => "0",
            >= 100 => Fixed(value, 0),
            >= 10 => Fixed(value, 1),
            >= 0.01 => Fixed(value, 2 + (size < 0.1 ? 1 : 0)),
            _ => value.ToString("0.#e-0", CultureInfo.InvariantCulture).Replace("-", "−", StringComparison.Ordinal),
        };
    }

    public static string Percent(double fraction, int decimals = 1) => Fixed(fraction * 100, decimals) + Space + "%";

    public static string Degrees(double degrees, int decimals = 1) => Fixed(degrees, decimals) + "°";

    /// <summary>A coordinate: at most two decimals, '.' as separator.</summary>
    public static string Coordinate(double value)
    {
        string text = value.ToString("0.##", CultureInfo.InvariantCulture);
        return text == "-0" ? "0" : text;
    }

    /// <summary>Makes a string safe inside text and inside double-quoted attributes, in HTML and in XML.</summary>
    public static string Escape(string? text)
    {
        var safe = new StringBuilder(text?.Length ?? 0);
        foreach (Rune rune in (text ?? "").EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '&' => safe.Append("&amp;"),
                '<' => safe.Append("&lt;"),
                '>' => safe.Append("&gt;"),
                '"' => safe.Append("&quot;"),
                '\'' => safe.Append("&#39;"),
                < ' ' and not ('\n' or '\t') or 0x7f or 0xfffe or 0xffff => safe.Append('\ufffd'),
                _ => safe.Append(rune.ToString()),
            };
        }

        return safe.ToString();
    }

    /// <summary>Cuts a long name in the middle, where names differ least.</summary>
    public static string Clip(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        int head = (length - 1) * 2 / 3;
        return text[..head] + "…" + text[^(length - 1 - head)..];
    }

    /// <summary>Width in px on the generous side: the widths are those of DejaVu Sans, the widest of the common system fonts.</summary>
    public static double Width(string text, double size)
    {
        double em = 0;
        foreach (char c in text)
        {
            em += c switch
            {
                'i' or 'j' or 'l' or 'I' or '.' or ',' or ':' or ';' or '\'' or '|' or ' ' or '\u00a0' => 0.33,
                't' or 'f' or 'r' or '(' or ')' or '-' => 0.40,
                'm' or 'w' or 'M' or 'W' or '@' or '%' => 0.95,
                >= 'A' and <= 'Z' => 0.71,
                '=' or '+' or '−' or '<' or '>' or '≈' => 0.84,
                >= '\u2e80' => 1,
                _ => 0.635,
            };
        }

        return em * size;
    }
}
