namespace Hypersphere.Reports.Sections;

/// <summary>The pairs that the network gets most wrong, as images.</summary>
internal static class PairSection
{
    private const int MostPairs = 8;

    public static void Write(Page page)
    {
        page.Section("pairs", "What it finds hardest", "");
        page.MissingRuns(ReportPart.Pairs, r => r.HardestGenuine.Count + r.HardestImpostor.Count == 0, "its pairs were not kept");
        foreach (ReportRun run in page.Data.Runs)
        {
            Row(page, run.HardestGenuine, $"{run.Name}: same class, yet far apart", "Genuine pairs with the largest angle.");
            Row(page, run.HardestImpostor, $"{run.Name}: different classes, yet close", "Impostor pairs with the smallest angle.");
        }

        page.EndSection();
    }

    private static void Row(Page page, IReadOnlyList<HardPair> pairs, string title, string note)
    {
        if (pairs.Count == 0)
        {
            return;
        }

        page.Raw($"<h3 class=\"row\">{Text.Escape(title)}</h3><p class=\"note\">{note}</p><div class=\"pairs\">");
        foreach (HardPair pair in pairs.Take(MostPairs))
        {
            string names = pair.FirstLabel == pair.SecondLabel ? pair.FirstLabel : $"{pair.FirstLabel} ≠ {pair.SecondLabel}";
            string files = string.Join(" · ", new[] { pair.FirstName, pair.SecondName }.Where(n => n.Length > 0));
            page.Raw($"<figure class=\"pair\"><div>{Image(pair.First, pair.FirstLabel, pair.FirstName)}{Image(pair.Second, pair.SecondLabel, pair.SecondName)}</div>"
                + $"<figcaption><b>{Text.Degrees(pair.AngleDegrees)}</b> {Text.Escape(Text.Clip(names, 48))}{(files.Length > 0 ? $"<small>{Text.Escape(Text.Clip(files, 48))}</small>" : "")}</figcaption></figure>");
        }

        page.Raw("</div>");
    }

    private static string Image(ReadOnlyMemory<byte> png, string label, string name)
    {
        string words = Text.Escape(name.Length > 0 ? $"{label}, {name}" : label);
        return png.Length == 0
            ? $"<span class=\"noimage\" role=\"img\" aria-label=\"{words}\">no image</span>"
            : $"<img alt=\"{words}\" src=\"data:image/png;base64,{Convert.ToBase64String(png.Span)}\">";
    }
}
