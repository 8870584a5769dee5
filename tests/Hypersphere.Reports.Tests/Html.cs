using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Hypersphere.Reports.Tests;

/// <summary>Takes a page apart for the tests.</summary>
internal static partial class Html
{
    public static XElement[] Charts(string page) => [.. Chart().Matches(page).Select(m => XElement.Parse(m.Value))];

    /// <summary>The page without script, style and markup: what a person reads.</summary>
    public static string Words(string page) => System.Net.WebUtility.HtmlDecode(Tag().Replace(Hidden().Replace(page, " "), " "));

    [GeneratedRegex("<svg class=\"chart\".*?</svg>", RegexOptions.Singleline, 10_000)]
    private static partial Regex Chart();

    [GeneratedRegex("<(script|style)>.*?</\\1>", RegexOptions.Singleline, 10_000)]
    private static partial Regex Hidden();

    [GeneratedRegex("<[^>]+>", RegexOptions.None, 10_000)]
    private static partial Regex Tag();
}
