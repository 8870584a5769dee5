using Hypersphere.Backbones;
using Hypersphere.Data;
using Hypersphere.Registry;
using Hypersphere.Tensors;
using Hypersphere.Training;

namespace Hypersphere.Cli.Benchmarks;

/// <summary>A network in use: images to embeddings.</summary>
internal static class EmbeddingBench
{
    /// <summary>One network on random images.</summary>
    /// <param name="network">The backbone, or a file such as onnx:FILE.</param>
    /// <param name="images">Number, height, width and channels of the images.</param>
    public static BenchCase Case(string network, Shape images) => new(
        $"embed-{(BackboneFiles.Knows(network) ? Path.GetFileName(network) : Spec.Parse(network).Name)}", string.Join('x', images.ToArray()), 0, images[0], () =>
        {
            Rng random = new(0);
            Backbone backbone = BackboneFiles.Open(network, random)
                ?? Registry<Backbone>.Create(network, new BackboneContext(images[1], images[2], images[3], random));
            Embedder model = new(backbone);
            model.Fold();
            byte[] pixels = [.. Enumerable.Range(0, images.Count).Select(_ => (byte)random.NextInt(256))];
            MemoryImages source = new("random", new(images[1], images[2], images[3]), pixels, new int[images[0]], ["one"]);
            return new BenchBody(() => model.Embed(source, images[0]), () => { });
        });
}
