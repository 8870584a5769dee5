using System.Globalization;
using System.Text;
using Hypersphere.Cli.Display;
using Hypersphere.Data;
using Hypersphere.Evaluation;
using Hypersphere.Formats;
using Hypersphere.Training;

namespace Hypersphere.Cli.Running;

/// <summary>Where the numbers of a protocol go besides the terminal.</summary>
/// <param name="Json">A file; “-” prints them instead of the table; null for none.</param>
/// <param name="Calibration">The file for verify and identify, or null.</param>
/// <param name="Page">The .html page, or null.</param>
/// <param name="Command">The command line that gives it again.</param>
internal sealed record LfwOutputs(string? Json, string? Calibration, string? Page, string Command);

/// <summary>Verification in ten folds, plain and with the mirror image's embedding added, side by side.</summary>
internal static class LfwReport
{
    public static void Run(Terminal terminal, Embedder model, ImageSource images, VerificationPairs? pairs, int batch, LfwOutputs outputs)
    {
        pairs ??= TrainingSession.Draw([.. Enumerable.Range(0, images.Count).Select(images.Label)])
            ?? throw new InputException($"{images.Origin}: too few identities with two images to draw pairs from; give --pairs.");
        (int[] samples, pairs) = pairs.Compact();
        images = images.Subset(samples);
        EmbeddingSet plain = Embed(terminal, model, images, batch, mirror: false), mirrored = Embed(terminal, model, images, batch, mirror: true);
        LfwProtocol[] results = [LfwProtocol.Evaluate(plain, pairs), LfwProtocol.Evaluate(plain.Plus(mirrored), pairs)];
        if (outputs.Page is { } page)
        {
            LfwPage.Write(page, $"Verification of {Path.GetFileName(images.Origin.TrimEnd('/'))}", outputs.Command, results, images);
        }

        string json = ToJson(results);
        if (outputs.Calibration is { } calibration)
        {
            Calibration.Of(results[1].Verification, mirror: true).Save(calibration);
        }

        if (outputs.Json == "-")
        {
            terminal.Out.WriteLine(json);
            return;
        }

        terminal.Out.WriteLine($"lfw    {pairs.Count:N0} pairs of {images.Count:N0} images, 10 folds");
        foreach (string line in Table(results))
        {
            terminal.Out.WriteLine(line);
        }

        if (outputs.Json is { } file)
        {
            AtomicFile.Write(file, stream => stream.Write(Encoding.UTF8.GetBytes(json + "\n")));
            terminal.Out.WriteLine($"numbers {file}");
        }

        if (outputs.Page is { } written)
        {
            terminal.Out.WriteLine($"report {written}");
        }
    }

    private static EmbeddingSet Embed(Terminal terminal, Embedder model, ImageSource images, int batch, bool mirror)
    {
        using var counter = new CountDisplay(terminal, images.Count);
        return model.Embed(images, batch, counter.Update, mirror);
    }

    private static IEnumerable<string> Table(LfwProtocol[] results)
    {
        List<string[]> rows = [["", "plain", "flip-summed", "rule"]];
        foreach ((int i, LfwVariant variant) in results[0].Variants.Index())
        {
            rows.Add([variant.Name, .. results.Select(r => Accuracy(r.Variants[i].Accuracy)), variant.Rule]);
        }

        rows.Add(["95 % interval", .. results.Select(r => Percent(r.Intervals.Accuracy)), "of “exact”, bootstrap over pairs"]);
        rows.Add(["AUC", .. results.Select(r => Text(r.Verification.Curve.Auc)), "chance that a genuine pair is more alike than an impostor one"]);
        rows.Add(["EER", .. results.Select(r => Percent(r.Verification.Curve.Eer)), "where FAR = FRR"]);
        foreach (TarAtFar rate in results[0].TarAtFar)
        {
            rows.Add([
                FormattableString.Invariant($"TAR@FAR {rate.Far:0e-0}"), .. results.Select(r => Percent(r.Verification.Curve.TarAt(rate.Far).Tar)),
                "over all pairs",
            ]);
        }

        return TextTable.Lines(rows[0], rows[1..], numbers: false);
    }

    private static string Accuracy(FoldAccuracy a) => a.Folds.Length == 1 ? Percent(a.Mean)
        : string.Create(CultureInfo.InvariantCulture, $"{100 * a.Mean:0.00} ± {100 * a.Std:0.00} %");

    private static string Percent(double? share) => share is { } s ? string.Create(CultureInfo.InvariantCulture, $"{100 * s:0.00} %") : "–";

    private static string Percent(Interval? interval) =>
        interval is { } i ? string.Create(CultureInfo.InvariantCulture, $"{100 * i.Low:0.00} – {100 * i.High:0.00} %") : "–";

    private static string Text(double? value) => value is { } v ? v.ToString("0.0000", CultureInfo.InvariantCulture) : "–";

    private static string ToJson(LfwProtocol[] results) => Json.Object(json =>
    {
        results[0].WriteTo(json);
        json.WriteStartObject("flip_summed");
        results[1].WriteTo(json);
        json.WriteEndObject();
    });
}
