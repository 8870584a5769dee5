using Hypersphere.Backbones;
using Hypersphere.Registry;
using Hypersphere.Tensors;

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
            backbone.SetTraining(false);
            var input = Tensor.Zeros(images);
            foreach (ref float pixel in input.Span)
            {
                pixel = random.Uniform(-1, 1);
            }

            return new BenchBody(() => Embed(backbone, input), () => { });
        });

    private static void Embed(Backbone backbone, Tensor images)
    {
        using Scope scope = Scope.Begin();
        _ = backbone.Forward(images);
    }
}
