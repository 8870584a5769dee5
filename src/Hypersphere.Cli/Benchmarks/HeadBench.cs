using Hypersphere.Losses;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Cli.Benchmarks;

/// <summary>A loss as training meets it: forward and the gradients of embeddings and prototypes.</summary>
internal static class HeadBench
{
    /// <summary>One loss on random embeddings.</summary>
    /// <param name="spec">The loss.</param>
    /// <param name="batch">N.</param>
    /// <param name="classes">C.</param>
    /// <param name="dimension">D.</param>
    public static BenchCase Case(string spec, int batch, int classes, int dimension)
    {
        string shape = $"{batch}x{classes}x{dimension}";
        return new BenchCase($"head-{Registry<Loss>.Find(Spec.Parse(spec).Name).Attribute.Name}", shape, 6.0 * batch * classes * dimension, batch, () =>
        {
            Rng random = new(0);
            Loss loss = Registry<Loss>.Create(spec, new LossContext(classes, dimension, random));
            var embeddings = new Parameter(new Shape(batch, dimension), ParameterKind.Weight);
            Rng values = random.Fork("embeddings"), choice = random.Fork("labels");
            foreach (ref float value in embeddings.Value.Span)
            {
                value = (float)values.NextGaussian();
            }

            int[] labels = [.. Enumerable.Range(0, batch).Select(_ => choice.NextInt(classes))];
            return new BenchBody(() => Step(loss, embeddings.Value, labels), () => { });
        });
    }

    private static void Step(Loss loss, Tensor embeddings, int[] labels)
    {
        using Tape tape = Tape.Record();
        tape.Backward(loss.Forward(embeddings, labels));
    }
}
