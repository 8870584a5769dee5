using Hypersphere.Cli.Display;
using Hypersphere.Data;
using Hypersphere.Evaluation;
using Hypersphere.Training;

namespace Hypersphere.Cli.Running;

/// <summary>What a protocol measures: named samples whose embeddings come from a network or from a file.</summary>
internal abstract class EvaluationSubject
{
    /// <summary>Where the samples come from.</summary>
    public abstract string Origin { get; }

    public abstract IReadOnlyList<string> Names { get; }

    public abstract IReadOnlyList<string> ClassNames { get; }

    public abstract int[] Labels { get; }

    /// <summary>The samples as images, where there are some.</summary>
    public virtual ImageSource? Images => null;

    /// <summary>The network, where there is one.</summary>
    public virtual Embedder? Model => null;

    /// <summary>Which network they come from; empty where it is not known.</summary>
    public abstract string Fingerprint { get; }

    /// <summary>Whether the embeddings are sums with those of the mirror images already.</summary>
    public virtual bool Mirror => false;

    /// <summary>Embeddings of some samples.</summary>
    public abstract EmbeddingSet Embed(IReadOnlyList<int> samples);

    /// <summary>Embeddings of their mirror images; null where there are no images.</summary>
    public virtual EmbeddingSet? EmbedMirrored(IReadOnlyList<int> samples) => null;

    public EmbeddingSet EmbedAll() => Embed([.. Enumerable.Range(0, Names.Count)]);

    /// <summary>The pairs of a file, or those that a verification set comes with, or drawn ones.</summary>
    /// <exception cref="InputException">The file cannot be read, or there are too few identities to draw from.</exception>
    public VerificationPairs Pairs(string? file) => GivenPairs(file) ?? TrainingSession.Draw(Labels)
        ?? throw new InputException($"{Origin}: too few identities with two images to draw pairs from; give --pairs.");

    /// <summary>The pairs of a file, or those that a verification set comes with, if there are any.</summary>
    /// <exception cref="InputException">The file cannot be read.</exception>
    public VerificationPairs? GivenPairs(string? file) =>
        file is not null ? VerificationPairs.Read(file, Names) : Images is { } images ? VerificationPairs.Of(images) : null;
}

/// <summary>Images and a network.</summary>
internal sealed class ImageSubject(Terminal terminal, Embedder model, ImageSource images, int batch) : EvaluationSubject
{
    public override string Origin => images.Origin;

    public override IReadOnlyList<string> Names { get; } = [.. Enumerable.Range(0, images.Count).Select(images.Name)];

    public override IReadOnlyList<string> ClassNames => images.ClassNames;

    public override int[] Labels { get; } = [.. Enumerable.Range(0, images.Count).Select(images.Label)];

    public override ImageSource? Images => images;

    public override Embedder? Model => model;

    public override string Fingerprint { get; } = model.Fingerprint();

    public override EmbeddingSet Embed(IReadOnlyList<int> samples) => Embed(samples, mirrored: false);

    public override EmbeddingSet? EmbedMirrored(IReadOnlyList<int> samples) => Embed(samples, mirrored: true);

    private EmbeddingSet Embed(IReadOnlyList<int> samples, bool mirrored)
    {
        ImageSource some = samples.Count == images.Count ? images : images.Subset([.. samples]);
        using var counter = new CountDisplay(terminal, some.Count);
        return model.Embed(some, batch, counter.Update, mirrored);
    }
}

/// <summary>Embeddings of a file.</summary>
internal sealed class FileSubject(string path, EmbeddingFile file) : EvaluationSubject
{
    public override string Origin => path;

    public override IReadOnlyList<string> Names => file.Set.Names!;

    public override IReadOnlyList<string> ClassNames => file.ClassNames;

    public override int[] Labels => file.Set.Labels;

    public override string Fingerprint => file.Model;

    public override bool Mirror => file.Mirror;

    public override EmbeddingSet Embed(IReadOnlyList<int> samples) => file.Set.Rows(samples);
}
