using Hypersphere.Backbones;
using Hypersphere.Losses;
using Hypersphere.Optimizers;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Cli.Benchmarks;

/// <summary>A whole training step: forward, backward, optimizer.</summary>
internal static class TrainingBench
{
    /// <summary>One network and loss on random images.</summary>
    /// <param name="network">The backbone.</param>
    /// <param name="spec">The loss.</param>
    /// <param name="classes">Classes.</param>
    /// <param name="images">Number, height, width and channels of the images.</param>
    public static BenchCase Case(string network, string spec, int classes, Shape images)
    {
        string shape = string.Join('x', images.ToArray());
        return new BenchCase($"train-{Spec.Parse(network).Name}", shape, 0, images[0], () =>
        {
            Rng random = new(0);
            Backbone backbone = Registry<Backbone>.Create(network, new BackboneContext(images[1], images[2], images[3], random));
            Loss loss = Loss.Create(spec, new LossContext(classes, backbone.Embedding, random));
            Optimizer optimizer = Registry<Optimizer>.Create("sgd");
            optimizer.Attach([.. backbone.Parameters(), .. loss.Parameters().Select(p => p with { Name = "loss." + p.Name })]);
            var input = Tensor.Zeros(images);
            foreach (ref float pixel in input.Span)
            {
                pixel = random.Uniform(-1, 1);
            }

            int[] labels = [.. Enumerable.Range(0, images[0]).Select(i => i % classes)];
            return new BenchBody(() => Step(backbone, loss, optimizer, input, labels), () => { });
        });
    }

    private static void Step(Backbone backbone, Loss loss, Optimizer optimizer, Tensor images, int[] labels)
    {
        using (Tape tape = Tape.Record())
        {
            tape.Backward(loss.Forward(backbone.Forward(images), labels));
        }

        optimizer.Step(0.01f);
    }
}
