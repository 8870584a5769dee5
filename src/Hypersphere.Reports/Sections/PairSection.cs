using System.Buffers.Binary;

namespace Hypersphere.Reports.Sections;

/// <summary>The pairs that the network gets most wrong, as images.</summary>
internal static class PairSection
{
    private const int MostPairs = 8;

    public static void Write(Page page)
    {
        page.Section("pairs", "What it finds hardest", "");
        foreach (ReportRun run in page.Data.Runs)
        {
            Row(page, run.HardestGenuine, $"{run.Name}: same class, yet far apart", "Genuine pairs with the largest angles.");
            Row(page, run.HardestImpostor, $"{run.Name}: different classes, yet close", "Impostor pairs with the smallest angles.");
        }

        page.MissingRuns(ReportPart.Pairs, r => r.HardestGenuine.Count + r.HardestImpostor.Count == 0, "pairs were not kept");
        page.EndSection();
    }

    private static void Row(Page page, IReadOnlyList<HardPair> pairs, string title, string note)
    {
        if (pairs.Count == 0)
        {
            return;
        }

        page.Raw($"<div class=\"row\"><h3>{Text.Escape(title)}</h3><p class=\"note\">{note}</p><div class=\"pairs\">");
        foreach (HardPair pair in pairs.Take(MostPairs))
        {
            string names = pair.FirstLabel == pair.SecondLabel ? pair.FirstLabel : $"{pair.FirstLabel} ≠ {pair.SecondLabel}";
            string files = string.Join(" · ", new[] { pair.FirstName, pair.SecondName }.Where(n => n.Length > 0));
            string small = files.Length > 0 ? $"<small>{Text.Escape(Text.Clip(files, 48))}</small>" : "";
            string first = Image(pair.First, pair.FirstLabel, pair.FirstName);
            string second = Image(pair.Second, pair.SecondLabel, pair.SecondName);
            page.Raw($"<figure class=\"pair\"><div>{first}{second}</div><figcaption><b>{Text.Degrees(pair.AngleDegrees)}</b> "
                + $"{Text.Escape(Text.Clip(names, 48))}{small}</figcaption></figure>");
        }

        page.Raw("</div></div>");
    }

    /// <summary>True for a picture so small that its pixels should stay sharp; the width stands in the PNG's header.</summary>
    private static bool Narrow(ReadOnlySpan<byte> png) => png.Length >= 24 && BinaryPrimitives.ReadUInt32BigEndian(png[16..]) < 80;

    private static string Image(ReadOnlyMemory<byte> png, string label, string name)
    {
        string words = Text.Escape(name.Length > 0 ? $"{label}, {name}" : label);
        string sharp = Narrow(png.Span) ? " class=\"px\"" : "";
        return png.Length == 0
            ? $"<span class=\"noimage\" role=\"img\" aria-label=\"{words}\">no image</span>"
            : $"<img{sharp} alt=\"{words}\" src=\"data:image/png;base64,{Convert.ToBase64String(png.Span)}\">";
    }
}
