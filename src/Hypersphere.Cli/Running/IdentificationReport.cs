using Hypersphere.Data;
using Hypersphere.Evaluation;
using Hypersphere.Training;

namespace Hypersphere.Cli.Running;

/// <summary>Search for the people of some images among known ones.</summary>
internal static class IdentificationReport
{
    public static void Run(Terminal terminal, EvaluationSubject probes, string known, string? file)
    {
        Gallery gallery = OpenGallery(probes.Model, probes.Fingerprint, known, probes.Mirror);
        IdentificationProtocol result = IdentificationProtocol.Evaluate(gallery, probes.EmbedAll(), probes.ClassNames);
        string head = $"known  {gallery.Identities.Count:N0} people, {gallery.Count:N0} images; probes {result.Mated:N0} of them, {result.Unmated:N0} of strangers";
        ProtocolOutput.Show(terminal, [head, .. Table([("share", result)])], Json.Object(result.WriteTo), file);
    }

    /// <summary>Known people from a folder, or from the file that «embed» writes.</summary>
    /// <param name="model">The network, if there is one.</param>
    /// <param name="fingerprint">Of the network that embedded the probes; empty where it is not known.</param>
    /// <param name="data">A folder, or an .npz file.</param>
    /// <param name="mirror">Whether the probes' embeddings are sums with those of their mirror images.</param>
    /// <exception cref="InputException">The gallery cannot be read, or was embedded in another way than the probes.</exception>
    public static Gallery OpenGallery(Embedder? model, string fingerprint, string data, bool mirror)
    {
        if (data.EndsWith(".npz", StringComparison.OrdinalIgnoreCase))
        {
            var file = EmbeddingFile.Load(data);
            if (file.Model != fingerprint && file.Model.Length > 0 && fingerprint.Length > 0)
            {
                throw new InputException($"{data}: was embedded by another network, or one that has changed since; write it again with embed.");
            }

            return file.Mirror == mirror ? new Gallery(file.Set, file.ClassNames) : throw new InputException(mirror
                ? $"{data}: was written without mirror images, but the probes are compared with them; write it again with embed --mirror."
                : $"{data}: was written with mirror images, but the probes are compared without them; write it again with embed without --mirror.");
        }

        Backbones.BackboneContext c = model?.Backbone.Context ?? throw new InputException($"{data}: --gallery must be an .npz file of “embed” where the probes are one.");
        ImageSource images = ImageSource.Open(data, new ImageSourceOptions { Size = (c.Height, c.Width), Channels = c.Channels });
        EmbeddingSet set = model.Embed(images);
        return new Gallery(mirror ? set.Plus(model.Embed(images, mirrored: true)) : set, images.ClassNames);
    }

    /// <summary>Results side by side.</summary>
    public static IEnumerable<string> Table(IReadOnlyList<(string Heading, IdentificationProtocol Result)> columns)
    {
        IdentificationProtocol first = columns[0].Result;
        IEnumerable<string[]> ranks = first.RankShares.Select((r, i) => (string[])[
            $"rank {r.Rank}", .. columns.Select(c => ProtocolOutput.Percent(c.Result.RankShares[i].Share)), "own identity among so many candidates"]);
        IEnumerable<string[]> rates = first.TpirAtFpir.Select((t, i) => (string[])[
            FormattableString.Invariant($"TPIR@FPIR {t.Fpir:0e-0}"), .. columns.Select(c => ProtocolOutput.Percent(c.Result.TpirAtFpir[i].Tpir)),
            FormattableString.Invariant($"found first with a score of {t.Threshold:0.0000} or more")]);
        return TextTable.Lines(["", .. columns.Select(c => c.Heading), "of probes of known people"], ranks.Concat(rates), numbers: false);
    }
}
