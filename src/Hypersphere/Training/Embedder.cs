using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Hypersphere.Backbones;
using Hypersphere.Collectives;
using Hypersphere.Data;
using Hypersphere.Evaluation;
using Hypersphere.Formats;
using Hypersphere.Layers;
using Hypersphere.Tensors;

namespace Hypersphere.Training;

/// <summary>A network that turns images into embeddings, with how their bytes become its numbers. Safe to use from several threads, which
/// wait for each other.</summary>
/// <example><code>EmbeddingSet faces = Embedder.Load("runs/mine").Embed(ImageSource.Open("photos"));</code></example>
public class Embedder
{
    private readonly Lock _gate = new();
    private Layer _network;

    /// <summary>Puts network and preprocessing together.</summary>
    /// <param name="backbone">The network.</param>
    /// <param name="preprocessing">How bytes become the network's numbers; null for what its file says, else
    /// <see cref="Data.Preprocessing.Usual"/>.</param>
    /// <exception cref="InputException">The preprocessing is for another number of channels.</exception>
    public Embedder(Backbone backbone, Preprocessing? preprocessing = null)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        preprocessing ??= backbone.Preprocessing ?? Preprocessing.Usual(backbone.Context.Channels);
        preprocessing.RequireFitting(backbone.Context.Channels);
        (Backbone, Preprocessing, _network) = (backbone, preprocessing, backbone);
    }

    /// <summary>The network.</summary>
    public Backbone Backbone { get; }

    /// <summary>How the bytes of an image become the numbers that the network takes.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>Sixteen hexadecimal digits of a hash over weights, running statistics and preprocessing: equal for models that give the same
    /// embeddings, so that what was made with one is not used with another.</summary>
    public string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(Preprocessing.ToString()));
        foreach (Tensor values in Backbone.Parameters().Select(p => p.Parameter.Value).Concat(Backbone.Buffers().Select(b => b.Value)))
        {
            hash.AppendData(MemoryMarshal.AsBytes(values.Span));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }

    /// <summary>Opens a model.</summary>
    /// <param name="path">The folder of a run, a .safetensors file, or a file of a registered kind such as «onnx:model.onnx».</param>
    /// <param name="preprocessing">How bytes become its numbers, as <see cref="Data.Preprocessing.Parse"/> reads it; null for what the model
    /// says.</param>
    /// <exception cref="InputException">The file is damaged or no model.</exception>
    public static Embedder Load(string path, string? preprocessing = null)
    {
        Embedder model = BackboneFiles.Open(path, new Rng(0)) is { } network ? new Embedder(network) : EmbeddingModel.Load(path);
        return preprocessing is null ? model : model.With(Preprocessing.Parse(preprocessing, model.Backbone.Context.Channels));
    }

    /// <summary>Makes embedding faster: batch norms become part of the weights before them. Weights that change later are not seen; a network
    /// that computes with something other than layers stays as it is. Several threads may call its layers at once.</summary>
    public void Fold()
    {
        BackboneContext c = Backbone.Context;
        lock (_gate)
        {
            try
            {
                _network = Folding.Apply(NetworkGraph.Trace(Backbone, new Shape(1, c.Height, c.Width, c.Channels)));
            }
            catch (InvalidOperationException)
            {
                _network = Backbone; // it cannot be traced
            }
        }
    }

    /// <summary>The same network on images that are prepared otherwise.</summary>
    /// <exception cref="InputException">The preprocessing is for another number of channels.</exception>
    public virtual Embedder With(Preprocessing preprocessing) => new(Backbone, preprocessing);

    /// <summary>Embeds images of any size: they are brought to the network's size and channels first.</summary>
    /// <param name="images">At least one.</param>
    /// <param name="mirror">Whether the embedding of the mirror image is added to each, as face recognition often does.</param>
    /// <returns>Embeddings as the network gives them, not normalised; the labels number the images.</returns>
    public EmbeddingSet Embed(IReadOnlyList<RasterImage> images, bool mirror = false)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfZero(images.Count);
        BackboneContext c = Backbone.Context;
        byte[] pixels = [.. images.SelectMany(i => ImageResizer.Resize(
            i.WithChannels(c.Channels), c.Height, c.Width, i.Height >= c.Height && i.Width >= c.Width ? Resampling.Area : Resampling.Bilinear).Pixels)];
        string[] names = [.. Enumerable.Range(0, images.Count).Select(i => $"{i}")];
        MemoryImages source = new("images", new(c.Height, c.Width, c.Channels), pixels, [.. Enumerable.Range(0, images.Count)], names);
        EmbeddingSet set = Embed(source);
        return mirror ? set.Plus(Embed(source, mirrored: true)) : set;
    }

    /// <summary>Embeds images as they are stored, in order.</summary>
    /// <param name="source">Images of the size that the network takes.</param>
    /// <param name="batch">Images at a time.</param>
    /// <param name="progress">Told the number of images done.</param>
    /// <param name="mirrored">Whether the images' mirror images are embedded instead.</param>
    /// <returns>Embeddings as the network gives them, not normalised, with the source's labels and names.</returns>
    /// <exception cref="InputException">The images have another size, or one cannot be read.</exception>
    public EmbeddingSet Embed(ImageSource source, int batch = 256, Action<int>? progress = null, bool mirrored = false)
    {
        ArgumentNullException.ThrowIfNull(source);
        RequireFitting(source);
        lock (_gate)
        {
            return EmbedAll(source, batch, progress, mirrored);
        }
    }

    /// <summary>Embeds images together with other processes that have the same network: each embeds its share of them.</summary>
    /// <param name="source">Images of the size that the network takes, the same for all ranks.</param>
    /// <param name="ranks">The processes, all of which call this.</param>
    /// <param name="progress">Told the number of images of this rank's share that are done.</param>
    /// <returns>What one process alone would get, on every rank, but for rounding where batches at the end of a share are smaller.</returns>
    /// <exception cref="InputException">The images have another size, or one of this rank's share cannot be read.</exception>
    public EmbeddingSet Embed(ImageSource source, ICollective ranks, Action<int>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(ranks);
        if (ranks.Size == 1)
        {
            return Embed(source, progress: progress);
        }

        RequireFitting(source);
        int[] all = [.. Enumerable.Range(0, source.Count)];
        Shares shares = new(source.Count, ranks.Size, Backbone.Embedding);
        float[] values = new float[checked((int)shares.Length)];
        if (shares.Count(ranks.Rank) > 0)
        {
            ImageSource own = source.Subset(all.AsSpan(shares.First(ranks.Rank), shares.Count(ranks.Rank)));
            Embed(own, progress: progress).Values.CopyTo(shares.Of(values.AsSpan(), ranks.Rank));
        }

        ranks.AllGather(values.AsSpan(), shares);
        return new EmbeddingSet(values, Backbone.Embedding, Array.ConvertAll(all, source.Label), Array.ConvertAll(all, source.Name));
    }

    /// <summary>Refuses images of another size than the network takes.</summary>
    /// <exception cref="InputException">They have another size.</exception>
    internal void RequireFitting(ImageSource source)
    {
        BackboneContext c = Backbone.Context;
        if ((source.Height, source.Width, source.Channels) != (c.Height, c.Width, c.Channels))
        {
            throw new InputException(
                $"{source.Origin}: images are {source.DescribeShape()} but the model takes {c.Height}×{c.Width} "
                + $"{(c.Channels == 1 ? "grey" : "RGB")}; give --size {c.Height}x{c.Width}, or use another model.");
        }
    }

    private EmbeddingSet EmbedAll(ImageSource source, int batch, Action<int>? progress, bool mirrored)
    {
        _network.SetTraining(false);
        float[] values = new float[checked(source.Count * Backbone.Embedding)];
        int[] labels = new int[source.Count];
        string[] names = new string[source.Count];
        int done = 0;
        DataLoaderOptions options = DataLoaderOptions.InOrder(Math.Min(batch, source.Count)) with { Preprocessing = Preprocessing };
        using DataLoader loader = new(source, mirrored ? options with { Augmentations = [new Flip(1)] } : options, new Rng(0));
        foreach (ImageBatch images in loader.Epoch(0))
        {
            using (Scope.Begin())
            {
                Tensor embeddings = _network.Forward(images.ToTensor());
                embeddings.Span.CopyTo(values.AsSpan(done * Backbone.Embedding));
            }

            for (int i = 0; i < images.Count; i++)
            {
                labels[done + i] = images.Labels.Span[i];
                names[done + i] = source.Name(images.Indices.Span[i]);
            }

            done += images.Count;
            progress?.Invoke(done);
        }

        return new EmbeddingSet(values, Backbone.Embedding, labels, names);
    }
}
