using System.Globalization;
using System.Text;
using Hypersphere.Registry;

namespace Hypersphere.Cli.Catalogue;

/// <summary>What there is to say of a component, for the terminal and for docs/losses.md.</summary>
internal static class CatalogueText
{
    /// <summary>A line each.</summary>
    public static IEnumerable<string> List(IReadOnlyList<CatalogueKind> kinds)
    {
        int width = kinds.SelectMany(k => k.Entries).Max(e => e.Attribute.Name.Length) + 3;
        foreach (CatalogueKind kind in kinds.Where(k => k.Entries.Count > 0))
        {
            yield return kind.Title;
            foreach (ComponentInfo entry in kind.Entries)
            {
                yield return $"  {entry.Attribute.Name.PadRight(width)}{entry.Attribute.Summary}".TrimEnd();
            }

            yield return "";
        }
    }

    /// <summary>All about one.</summary>
    public static IEnumerable<string> Tell(CatalogueKind kind, ComponentInfo entry)
    {
        yield return $"{string.Join(", ", entry.Names)}: {entry.Attribute.Summary}";
        foreach ((string label, string text) in Facts(entry))
        {
            yield return $"  {(label.Length > 0 ? label + ": " : "")}{text}";
        }

        if (entry.Parameters.Count > 0)
        {
            yield return "";
            foreach (string line in TextTable.Lines(["parameter", "default", "range", "meaning"], Rows(kind, entry), numbers: false))
            {
                yield return line;
            }
        }

        yield return "";
        yield return $"{CommandLine.Program} {Use(kind, entry)}";
    }

    /// <summary>The whole catalogue as a page.</summary>
    public static string Page(IReadOnlyList<CatalogueKind> kinds)
    {
        StringBuilder page = new("""
            # The catalogue

            Written by a test from what the components say of themselves; `hypersphere losses NAME` prints the same. A loss is written as
            `name(option=value, …)`, wherever one is asked for; options left out take their defaults. Losses can be added: `arcface + 0.003*center`.
            Angles are in radians, embeddings need not be normalised. How closely each gradient was measured: [gradients.md](gradients.md);
            what goes wrong in the wild: [traps.md](traps.md); a loss of your own: [adding-a-loss.md](adding-a-loss.md).

            N rows of a batch, C classes, D numbers of an embedding, K prototypes of a class, M references, P positives of an anchor.


            """);
        foreach (CatalogueKind kind in kinds.Where(k => k.Entries.Count > 0))
        {
            page.Append(CultureInfo.InvariantCulture, $"- {kind.Title}: ")
                .AppendJoin(", ", kind.Entries.Select(e => $"[{e.Attribute.Name}](#{Anchor(kind, e)})")).Append('\n');
        }

        foreach (CatalogueKind kind in kinds.Where(k => k.Entries.Count > 0))
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {kind.Title}\n");
            foreach (ComponentInfo entry in kind.Entries)
            {
                Section(page, kind, entry);
            }
        }

        return page.ToString();
    }

    private static void Section(StringBuilder page, CatalogueKind kind, ComponentInfo entry)
    {
        page.Append(CultureInfo.InvariantCulture, $"\n<a id=\"{Anchor(kind, entry)}\"></a>\n### {string.Join(", ", entry.Names)}\n\n{Sentence(entry.Attribute.Summary)}\n\n");
        foreach ((string label, string text) in Facts(entry))
        {
            page.Append(CultureInfo.InvariantCulture, $"- {(label.Length > 0 ? $"*{label}*: {text}" : $"`{text}`")}\n");
        }

        if (entry.Parameters.Count > 0)
        {
            page.Append("\n| parameter | default | range | meaning |\n|---|---|---|---|\n");
            foreach (string[] row in Rows(kind, entry))
            {
                page.Append("| ").AppendJoin(" | ", row.Select(c => c.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
            }
        }
    }

    private static IEnumerable<HelpRow> Facts(ComponentInfo entry)
    {
        ComponentAttribute a = entry.Attribute;
        bool isLoss = entry.Type.IsAssignableTo(typeof(Losses.Loss));
        return new HelpRow[]
        {
            ("", a.Equation), ("paper", a.Paper), ("agrees with", a.Peers),
            ("gradient", !isLoss ? "" : a.Detached.Length == 0 ? "the true derivative" : a.Detached), ("cost", a.Cost),
        }.Where(f => f.Text.Length > 0);
    }

    private static IEnumerable<string[]> Rows(CatalogueKind kind, ComponentInfo entry) =>
        entry.Parameters.Select(p => (string[])[p.Name, entry.DefaultOf(p, kind.Context), p.Range, p.Description]);

    private static string Use(CatalogueKind kind, ComponentInfo entry)
    {
        IEnumerable<string> options = entry.Parameters.Where(p => !p.IsComponent).Take(2).Select(p => $"{p.Name}={entry.DefaultOf(p, kind.Context)}");
        string inside = string.Join(", ", options);
        return string.Format(CultureInfo.InvariantCulture, kind.Use, inside.Length > 0 ? $"{entry.Attribute.Name}({inside})" : entry.Attribute.Name);
    }

    private static string Anchor(CatalogueKind kind, ComponentInfo entry) =>
        entry.Type.IsAssignableTo(typeof(Losses.Loss))
            ? entry.Attribute.Name : $"{kind.Title.ToLowerInvariant().Replace(' ', '-')}-{entry.Attribute.Name}";

    private static string Sentence(string text) => text.Length == 0 ? "" : $"{char.ToUpperInvariant(text[0])}{text[1..]}.";
}
