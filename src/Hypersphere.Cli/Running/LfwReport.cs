using System.Globalization;
using Hypersphere.Evaluation;

namespace Hypersphere.Cli.Running;

/// <summary>Where the numbers of a protocol go besides the terminal.</summary>
/// <param name="Json">A file; “-” prints them instead of the table; null for none.</param>
/// <param name="Calibration">The file for verify and identify, or null.</param>
/// <param name="Page">The .html page, or null.</param>
/// <param name="Command">The command line that gives it again.</param>
internal sealed record VerificationOutputs(string? Json, string? Calibration, string? Page, string Command);

/// <summary>Verification in ten folds, plain and with the mirror image's embedding added, side by side.</summary>
internal static class LfwReport
{
    public static void Run(Terminal terminal, EvaluationSubject subject, VerificationPairs pairs, VerificationOutputs outputs)
    {
        (int[] samples, pairs) = pairs.Compact();
        EmbeddingSet plain = subject.Embed(samples);
        List<(string Name, LfwProtocol Result)> results = [(subject.Mirror ? "flip-summed" : "plain", LfwProtocol.Evaluate(plain, pairs))];
        if (subject.EmbedMirrored(samples) is { } mirrored)
        {
            results.Add(("flip-summed", LfwProtocol.Evaluate(plain.Plus(mirrored), pairs)));
        }

        if (outputs.Page is { } page)
        {
            LfwPage.Write(page, outputs.Command, results, subject, samples);
        }

        if (outputs.Calibration is { } calibration)
        {
            Calibration.Of(results[^1].Result.Verification.Curve, mirror: results[^1].Name != "plain", subject.Fingerprint).Save(calibration);
        }

        string head = $"lfw    {pairs.Count:N0} pairs of {samples.Length:N0} images, 10 folds";
        ProtocolOutput.Show(terminal, [head, .. Table(results)], ToJson(results), outputs.Json);
        if (outputs is { Page: { } written, Json: not "-" })
        {
            terminal.Out.WriteLine($"report {written}");
        }
    }

    private static IEnumerable<string> Table(List<(string Name, LfwProtocol Result)> results)
    {
        LfwProtocol first = results[0].Result;
        string[] Row(string name, Func<LfwProtocol, string> cell, string rule) => [name, .. results.Select(r => cell(r.Result)), rule];
        List<string[]> rows = [["", .. results.Select(r => r.Name), "rule"]];
        foreach ((int i, LfwVariant variant) in first.Variants.Index())
        {
            rows.Add(Row(variant.Name, r => Accuracy(r.Variants[i].Accuracy), variant.Rule));
        }

        rows.Add(Row("95 % interval", r => Percent(r.Intervals.Accuracy), "of “exact”, bootstrap over pairs"));
        rows.Add(Row("AUC", r => Text(r.Verification.Curve.Auc), "chance that a genuine pair is more alike than an impostor one"));
        rows.Add(Row("EER", r => ProtocolOutput.Percent(r.Verification.Curve.Eer), "where FAR = FRR"));
        foreach (TarAtFar rate in first.TarAtFar)
        {
            rows.Add(Row(
                FormattableString.Invariant($"TAR@FAR {rate.Far:0e-0}"), r => ProtocolOutput.Percent(r.Verification.Curve.TarAt(rate.Far).Tar), "over all pairs"));
        }

        return TextTable.Lines(rows[0], rows[1..], numbers: false);
    }

    private static string Accuracy(FoldAccuracy a) => a.Folds.Length == 1 ? ProtocolOutput.Percent(a.Mean)
        : string.Create(CultureInfo.InvariantCulture, $"{100 * a.Mean:0.00} ± {100 * a.Std:0.00} %");

    private static string Percent(Interval? interval) =>
        interval is { } i ? string.Create(CultureInfo.InvariantCulture, $"{100 * i.Low:0.00} – {100 * i.High:0.00} %") : "–";

    private static string Text(double? value) => value is { } v ? v.ToString("0.0000", CultureInfo.InvariantCulture) : "–";

    private static string ToJson(List<(string Name, LfwProtocol Result)> results) => Json.Object(json =>
    {
        results[0].Result.WriteTo(json);
        foreach ((_, LfwProtocol mirrored) in results.Skip(1))
        {
            json.WriteStartObject("flip_summed");
            mirrored.WriteTo(json);
            json.WriteEndObject();
        }
    });
}
