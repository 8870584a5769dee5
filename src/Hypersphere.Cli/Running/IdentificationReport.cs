using System.Globalization;
using System.Text;
using Hypersphere.Data;
using Hypersphere.Evaluation;
using Hypersphere.Formats;
using Hypersphere.Training;

namespace Hypersphere.Cli.Running;

/// <summary>Search for the people of some images among known ones.</summary>
internal static class IdentificationReport
{
    public static void Run(Terminal terminal, Embedder model, ImageSource probes, string known, string? file)
    {
        Gallery gallery = OpenGallery(model, known, mirror: false);
        IdentificationProtocol result = IdentificationProtocol.Evaluate(gallery, model.Embed(probes), probes.ClassNames);
        string json = Json.Object(result.WriteTo);
        if (file == "-")
        {
            terminal.Out.WriteLine(json);
            return;
        }

        terminal.Out.WriteLine(
            $"known  {gallery.Identities.Count:N0} people, {gallery.Count:N0} images; probes {result.Mated:N0} of them, {result.Unmated:N0} of strangers");
        IEnumerable<string[]> ranks = result.RankShares.Select(r => (string[])[$"rank {r.Rank}", Percent(r.Share), "own identity among so many candidates"]);
        IEnumerable<string[]> rates = result.TpirAtFpir.Select(t => (string[])[
            FormattableString.Invariant($"TPIR@FPIR {t.Fpir:0e-0}"), Percent(t.Tpir), FormattableString.Invariant($"found first with a score of {t.Threshold:0.0000} or more")]);
        foreach (string line in TextTable.Lines(["", "share", "of probes of known people"], ranks.Concat(rates), numbers: false))
        {
            terminal.Out.WriteLine(line);
        }

        if (file is not null)
        {
            AtomicFile.Write(file, stream => stream.Write(Encoding.UTF8.GetBytes(json + "\n")));
            terminal.Out.WriteLine($"numbers {file}");
        }
    }

    /// <summary>Known people from a folder, or from the file that «embed» writes.</summary>
    public static Gallery OpenGallery(Embedder model, string data, bool mirror)
    {
        if (data.EndsWith(".npz", StringComparison.OrdinalIgnoreCase))
        {
            return Gallery.Load(data);
        }

        Backbones.BackboneContext c = model.Backbone.Context;
        ImageSource images = ImageSource.Open(data, new ImageSourceOptions { Size = (c.Height, c.Width), Channels = c.Channels });
        EmbeddingSet set = model.Embed(images);
        return new Gallery(mirror ? set.Plus(model.Embed(images, mirror: true)) : set, images.ClassNames);
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.00} %");
}
