using System.Text.Json;
using Hypersphere.Evaluation;

namespace Hypersphere.Cli.Running;

/// <summary>The lists of a template protocol.</summary>
/// <param name="Templates">Image, template, medium.</param>
/// <param name="Pairs">Template, template, 1 or 0; null for no verification.</param>
/// <param name="Galleries">Template, person: one or more lists of enrolled templates.</param>
/// <param name="Probes">Template, person: those to search for; null for no search.</param>
internal sealed record TemplateLists(string Templates, string? Pairs, IReadOnlyList<string> Galleries, string? Probes);

/// <summary>Verification and search with templates, as IJB-A, -B and -C.</summary>
internal static class TemplateReport
{
    private static readonly double[] Fars = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6];

    public static void Run(Terminal terminal, EvaluationSubject subject, TemplateLists lists, string? file)
    {
        if (lists.Pairs is null && (lists.Probes is null || lists.Galleries.Count == 0))
        {
            throw new InputException("--protocol templates: what to measure? Give --pairs for verification, or --gallery and --probes for search.");
        }

        TemplateSet templates = TemplateSet.Read(lists.Templates, subject.Names);
        EmbeddingSet images = subject.EmbedAll();
        if (subject.EmbedMirrored([.. Enumerable.Range(0, subject.Names.Count)]) is { } mirrored)
        {
            images = images.Plus(mirrored);
        }

        (string Name, string Key, EmbeddingSet Set)[] columns =
        [
            ("length kept", "length_kept", templates.Pool(images, unit: false)), ("unit length", "unit_length", templates.Pool(images, unit: true)),
        ];
        List<string> lines = [$"templates {templates.Count:N0} of {templates.Images:N0} images"];
        List<(string Key, Action<Utf8JsonWriter> Write)> numbers = [];
        if (lists.Pairs is { } pairFile)
        {
            VerificationPairs pairs = templates.ReadPairs(pairFile);
            RocCurve[] curves = [.. columns.Select(c => RocCurve.FromScores(Verification.Scores(c.Set, pairs), pairs.Same))];
            lines.AddRange(["", $"1:1    {curves[0].Genuine:N0} genuine and {curves[0].Impostors:N0} impostor pairs", .. Table(columns, curves)]);
            numbers.AddRange(columns.Zip(curves, (c, curve) => ($"verification_{c.Key}", (Action<Utf8JsonWriter>)(json => Write(json, curve)))));
        }

        IReadOnlyList<(int Template, string Person)> probes = lists.Probes is { } probeFile ? templates.ReadPeople(probeFile) : [];
        foreach ((int i, string gallery) in probes.Count == 0 ? [] : lists.Galleries.Index())
        {
            IReadOnlyList<(int Template, string Person)> enrolled = templates.ReadPeople(gallery);
            IdentificationProtocol[] found = [.. columns.Select(c => Search(c.Set, enrolled, probes))];
            lines.AddRange(["", $"1:N    {Path.GetFileName(gallery)}: probes {found[0].Mated:N0} of known people, {found[0].Unmated:N0} of strangers"]);
            lines.AddRange(IdentificationReport.Table([.. columns.Zip(found, (c, f) => (c.Name, f))]));
            numbers.AddRange(columns.Zip(found, (c, f) => ($"identification_{i + 1}_{c.Key}", (Action<Utf8JsonWriter>)f.WriteTo)));
        }

        string text = Json.Object(json =>
        {
            json.WriteNumber("templates", templates.Count);
            foreach ((string key, Action<Utf8JsonWriter> write) in numbers)
            {
                json.WriteStartObject(key);
                write(json);
                json.WriteEndObject();
            }
        });
        ProtocolOutput.Show(terminal, lines, text, file);
    }

    private static IdentificationProtocol Search(
        EmbeddingSet templates, IReadOnlyList<(int Template, string Person)> gallery, IReadOnlyList<(int Template, string Person)> probes)
    {
        string[] people = [.. gallery.Concat(probes).Select(p => p.Person).Distinct().Order(StringComparer.Ordinal)];
        EmbeddingSet Labelled(IReadOnlyList<(int Template, string Person)> some, string[] names)
        {
            EmbeddingSet rows = templates.Rows([.. some.Select(s => s.Template)]);
            return new EmbeddingSet(rows.Values, rows.Size, [.. some.Select(s => Array.BinarySearch(names, s.Person, StringComparer.Ordinal))], rows.Names);
        }

        string[] known = [.. gallery.Select(p => p.Person).Distinct().Order(StringComparer.Ordinal)];
        return IdentificationProtocol.Evaluate(new Gallery(Labelled(gallery, known), known), Labelled(probes, people), people);
    }

    private static IEnumerable<string> Table((string Name, string Key, EmbeddingSet Set)[] columns, RocCurve[] curves)
    {
        double[] told = [.. Fars.Where(f => curves[0].TarAt(f).Tar is not null)];
        string[] Row(string name, Func<RocCurve, double?> cell, string rule) => [name, .. curves.Select(c => ProtocolOutput.Percent(cell(c))), rule];
        IEnumerable<string[]> rows =
        [
            .. told.Select(f => Row(FormattableString.Invariant($"TAR@FAR {f:0e-0}"), c => c.TarAt(f).Tar, "FAR at most that")),
            .. told.Select(f => Row(FormattableString.Invariant($"TAR at FAR ~{f:0e-0}"), c => c.TarNearest(f), "at the FAR nearest to it, as the published IJB script")),
            Row("EER", c => c.Eer, "where FAR = FRR"), Row("AUC", c => c.Auc, ""),
        ];
        return TextTable.Lines(["", .. columns.Select(c => c.Name), "rule"], rows, numbers: false);
    }

    private static void Write(Utf8JsonWriter json, RocCurve curve)
    {
        json.WriteNumber("genuine", curve.Genuine);
        json.WriteNumber("impostors", curve.Impostors);
        json.WriteNumber("auc", curve.Auc ?? 0);
        json.WriteNumber("eer", curve.Eer ?? 0);
        (string, Func<double, double?>)[] kinds = [("tar_at_far", f => curve.TarAt(f).Tar), ("tar_nearest_far", curve.TarNearest)];
        foreach ((string name, Func<double, double?> tar) in kinds)
        {
            json.WriteStartObject(name);
            foreach (double far in Fars.Where(f => curve.TarAt(f).Tar is not null))
            {
                json.WriteNumber(FormattableString.Invariant($"{far:0e-0}"), tar(far)!.Value);
            }

            json.WriteEndObject();
        }
    }
}
