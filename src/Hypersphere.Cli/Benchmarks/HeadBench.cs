using Hypersphere.Losses;
using Hypersphere.Optimizers;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Cli.Benchmarks;

/// <summary>A loss as training meets it: forward and the gradients of embeddings and prototypes.</summary>
internal static class HeadBench
{
    private const float LearningRate = 0.01f;

    /// <summary>One loss on random embeddings.</summary>
    /// <param name="spec">The loss.</param>
    /// <param name="batch">N.</param>
    /// <param name="classes">C.</param>
    /// <param name="dimension">D.</param>
    /// <param name="step">Whether the prototypes take their step, too.</param>
    public static BenchCase Case(string spec, int batch, int classes, int dimension, bool step)
    {
        Rng choice = new Rng(0).Fork("labels");
        int[] labels = [.. Enumerable.Range(0, batch).Select(_ => choice.NextInt(classes))];
        return Case(
            $"head-{Registry<Loss>.Find(Spec.Parse(spec).Name).Attribute.Name}{(step ? "-step" : "")}", $"{batch}x{classes}x{dimension}", spec, classes,
            dimension, labels, 6.0 * batch * classes * dimension, step);
    }

    /// <summary>One loss over pairs, in batches of as many images of every class.</summary>
    /// <param name="spec">The loss.</param>
    /// <param name="batch">N.</param>
    /// <param name="samples">Images of a class.</param>
    /// <param name="dimension">D.</param>
    public static BenchCase Pairs(string spec, int batch, int samples, int dimension)
    {
        int[] labels = [.. Enumerable.Range(0, batch).Select(i => i / samples)];
        return Case(spec, $"{batch}x{dimension}", spec, (batch + samples - 1) / samples, dimension, labels, 6.0 * batch * batch * dimension);
    }

    private static BenchCase Case(string name, string shape, string spec, int classes, int dimension, int[] labels, double flops, bool step = false) =>
        new(name, shape, flops, labels.Length, () =>
        {
            Rng random = new(0);
            Loss loss = Loss.Create(spec, new LossContext(classes, dimension, random));
            var embeddings = new Parameter(new Shape(labels.Length, dimension), ParameterKind.Weight);
            Rng values = random.Fork("embeddings");
            foreach (ref float value in embeddings.Value.Span)
            {
                value = (float)values.NextGaussian();
            }

            Optimizer? optimizer = step ? new Sgd() : null;
            optimizer?.Attach(loss.Parameters());
            return new BenchBody(() => Step(loss, embeddings.Value, labels, optimizer), () => { });
        });

    private static void Step(Loss loss, Tensor embeddings, int[] labels, Optimizer? optimizer)
    {
        using Tape tape = Tape.Record();
        Tensor value = loss.Forward(embeddings, labels);
        optimizer?.StepInBackward(loss, LearningRate);
        tape.Backward(value);
        optimizer?.Step(LearningRate);
    }
}
