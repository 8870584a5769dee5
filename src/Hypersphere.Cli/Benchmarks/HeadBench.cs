using System.Globalization;
using Hypersphere.Collectives;
using Hypersphere.Losses;
using Hypersphere.Optimizers;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Cli.Benchmarks;

/// <summary>A loss as training meets it: forward and the gradients of embeddings and prototypes. Ranks split the classes, and each brings its share of
/// the embeddings.</summary>
internal static class HeadBench
{
    private const float LearningRate = 0.01f;

    /// <summary>One loss on random embeddings.</summary>
    /// <param name="spec">The loss.</param>
    /// <param name="batch">N.</param>
    /// <param name="classes">C.</param>
    /// <param name="dimension">D.</param>
    /// <param name="rate">Share of the classes that a step compares with.</param>
    /// <param name="optimizer">What steps the prototypes after each run; empty: nothing does.</param>
    /// <param name="ranks">Who runs it.</param>
    public static BenchCase Case(string spec, int batch, int classes, int dimension, double rate, string optimizer, ICollective ranks)
    {
        Rng choice = new Rng(0).Fork("labels");
        int[] labels = [.. Enumerable.Range(0, batch).Select(_ => choice.NextInt(classes))];
        string name = $"head-{Registry<Loss>.Find(Spec.Parse(spec).Name).Attribute.Name}";
        string sampled = rate < 1 ? string.Create(CultureInfo.InvariantCulture, $"*{rate:0.####}") : "";
        return Case(
            optimizer.Length > 0 ? $"{name}+{Spec.Parse(optimizer).Name}" : name, $"{batch}x{classes}{sampled}x{dimension}", spec, classes, dimension, labels,
            6.0 * batch * Math.Max(Math.Floor(rate * classes), labels.Distinct().Count()) * dimension, ranks, rate, optimizer);
    }

    /// <summary>One loss over pairs, in batches of as many images of every class.</summary>
    /// <param name="spec">The loss.</param>
    /// <param name="batch">N.</param>
    /// <param name="samples">Images of a class.</param>
    /// <param name="dimension">D.</param>
    public static BenchCase Pairs(string spec, int batch, int samples, int dimension)
    {
        int[] labels = [.. Enumerable.Range(0, batch).Select(i => i / samples)];
        return Case(spec, $"{batch}x{dimension}", spec, (batch + samples - 1) / samples, dimension, labels, 6.0 * batch * batch * dimension, SingleProcess.Instance);
    }

    private static BenchCase Case(
        string name, string shape, string spec, int classes, int dimension, int[] labels, double flops, ICollective ranks, double rate = 1, string optimizer = "") =>
        new(name, shape, flops, labels.Length, () =>
        {
            Rng random = new(0);
            Loss loss = Loss.Create(spec, new LossContext(classes, dimension, random) { Ranks = ranks });
            Optimizer? stepping = optimizer.Length > 0 ? Registry<Optimizer>.Create(optimizer) : null;
            stepping?.Attach(loss.Parameters());
            Sample(loss, rate);
            long step = 0;
            var embeddings = new Parameter(new Shape(labels.Length, dimension), ParameterKind.Weight);
            Rng values = random.Fork("embeddings");
            foreach (ref float value in embeddings.Value.Span)
            {
                value = (float)values.NextGaussian();
            }

            Shares shares = new(labels.Length, ranks.Size, dimension);
            return new BenchBody(
                () =>
                {
                    ranks.AllGather(embeddings.Value.Span, shares);
                    loss.BeginStep(random.Fork("step", step++));
                    Step(loss, embeddings.Value, labels, stepping);
                },
                () => { });
        });

    private static void Sample(Loss loss, double rate)
    {
        if (rate < 1)
        {
            (loss as MarginSoftmaxLoss ?? throw new InputException($"{loss.Name} compares with all its classes at once; leave --partial-fc out.")).SampleRate = rate;
        }
    }

    private static void Step(Loss loss, Tensor embeddings, int[] labels, Optimizer? optimizer)
    {
        using Tape tape = Tape.Record();
        Tensor value = loss.Forward(embeddings, labels);
        optimizer?.StepInBackward(loss, LearningRate);
        tape.Backward(value);
        optimizer?.Step(LearningRate);
    }
}
