using System.Globalization;
using System.Text.Json;
using Hypersphere.Evaluation;
using Hypersphere.Reports;

namespace Hypersphere.Cli.Running;

/// <summary>Verification over every pair of a set: false accept rates as low as its millions of impostor pairs can tell.</summary>
internal static class AllPairsReport
{
    private static readonly double[] Fars = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8];

    public static void Run(Terminal terminal, EvaluationSubject subject, VerificationOutputs outputs)
    {
        int[] samples = [.. Enumerable.Range(0, subject.Names.Count)];
        EmbeddingSet plain = subject.Embed(samples);
        List<(string Name, AllPairsResult Result)> results = [(subject.Mirror ? "flip-summed" : "plain", AllPairs.Measure(plain))];
        if (subject.EmbedMirrored(samples) is { } mirrored)
        {
            results.Add(("flip-summed", AllPairs.Measure(plain.Plus(mirrored))));
        }

        RocCurve curve = results[0].Result.Curve;
        if (!curve.IsDefined)
        {
            throw new InputException(
                $"{subject.Origin}: {curve.Genuine:N0} genuine and {curve.Impostors:N0} impostor pairs; all-pairs needs identities with two images, and two identities.");
        }

        if (outputs.Page is { } page)
        {
            HtmlReport.Write(Describe(results, subject, outputs.Command), page);
        }

        if (outputs.Calibration is { } calibration)
        {
            Calibration.Of(results[^1].Result.Curve, mirror: results[^1].Name != "plain", subject.Fingerprint).Save(calibration);
        }

        string head = $"pairs  {curve.Genuine:N0} genuine and {curve.Impostors:N0} impostor, of {samples.Length:N0} samples of {subject.ClassNames.Count:N0} identities";
        ProtocolOutput.Show(terminal, [head, .. Table(results)], Json.Object(json => Write(json, results)), outputs.Json);
        if (outputs is { Page: { } written, Json: not "-" })
        {
            terminal.Out.WriteLine($"report {written}");
        }
    }

    private static IEnumerable<string> Table(List<(string Name, AllPairsResult Result)> results)
    {
        string[] Row(string name, Func<RocCurve, string> cell, string rule) => [name, .. results.Select(r => cell(r.Result.Curve)), rule];
        IEnumerable<string[]> rows = Told(results[0].Result.Curve).Select(far => Row(
            FormattableString.Invariant($"TAR@FAR {far:0e-0}"), c => ProtocolOutput.Percent(c.TarAt(far).Tar),
            string.Join(", ", results.Select(r => Threshold(r.Result.Curve.TarAt(far))))));
        return TextTable.Lines(
            ["", .. results.Select(r => r.Name), "threshold"],
            [
                .. rows, Row("EER", c => ProtocolOutput.Percent(c.Eer), ""),
                Row(
                    "AUC", c => c.Auc!.Value.ToString("0.000000", CultureInfo.InvariantCulture),
                    string.Create(CultureInfo.InvariantCulture, $"± {results[0].Result.AucError:0e-0} by rounding of scores")),
            ],
            numbers: false);
    }

    private static string Threshold(TarAtFar rate) =>
        rate.Threshold is { } t ? string.Create(CultureInfo.InvariantCulture, $"cosine ≥ {t:0.0000}") : "nothing";

    private static IEnumerable<double> Told(RocCurve curve) => Fars.Where(f => curve.TarAt(f).Tar is not null);

    private static void Write(Utf8JsonWriter json, List<(string Name, AllPairsResult Result)> results)
    {
        foreach ((string name, AllPairsResult result) in results)
        {
            json.WriteStartObject(name.Replace('-', '_'));
            json.WriteNumber("genuine", result.Curve.Genuine);
            json.WriteNumber("impostors", result.Curve.Impostors);
            json.WriteNumber("auc", result.Curve.Auc!.Value);
            json.WriteNumber("eer", result.Curve.Eer!.Value);
            json.WriteStartObject("tar_at_far");
            foreach (double far in Told(result.Curve))
            {
                json.WriteNumber(FormattableString.Invariant($"{far:0e-0}"), result.Curve.TarAt(far).Tar!.Value);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }
    }

    private static ReportData Describe(List<(string Name, AllPairsResult Result)> results, EvaluationSubject subject, string command) => new()
    {
        Title = $"All pairs of {Path.GetFileName(subject.Origin.TrimEnd('/'))}",
        Data = $"{results[0].Result.Curve.Genuine:N0} genuine and {results[0].Result.Curve.Impostors:N0} impostor pairs",
        Runs = [.. Enumerable.Reverse(results).Select((r, i) => new ReportRun
        {
            Name = r.Name,
            Baseline = i == 1,
            Metrics =
            [
                .. Told(r.Result.Curve).Where(f => f is 1e-2 or 1e-3 or 1e-4)
                    .Select(f => new Metric(FormattableString.Invariant($"tar_at_far_{f:0e-0}"), r.Result.Curve.TarAt(f).Tar!.Value)),
                new("eer", r.Result.Curve.Eer!.Value), new("auc", r.Result.Curve.Auc!.Value),
            ],
            Angles = RunReport.Histogram(r.Result.Curve, r.Result.Genuine, r.Result.Impostor),
            Rates = RunReport.Rates(r.Result.Curve),
            Missing = LfwPage.Missing,
        })],
        Primary = "tar_at_far_1e-3",
        Command = command,
        Environment = [.. Machine.Facts(), new("data", subject.Origin)],
    };
}
