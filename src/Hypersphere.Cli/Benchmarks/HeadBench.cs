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
    /// <summary>So small that all runs meet the same prototypes.</summary>
    private const float LearningRate = 1e-9f;

    /// <summary>One loss over classes.</summary>
    public static BenchCase Case(HeadWork work)
    {
        string name = $"head-{Registry<Loss>.Find(Spec.Parse(work.Loss).Name).Attribute.Name}";
        string sampled = work.Rate < 1 ? string.Create(CultureInfo.InvariantCulture, $"*{work.Rate:0.####}") : "";
        int batch = work.Labels.Length;
        return Case(
            work.Optimizer.Length > 0 ? $"{name}+{Spec.Parse(work.Optimizer).Name}" : name, $"{batch}x{work.Classes}{sampled}x{work.Dimension}", work,
            6.0 * batch * Math.Max(Math.Floor(work.Rate * work.Classes), work.Labels.Distinct().Count()) * work.Dimension) with
        {
            Measures = work.SparseGradient > 0 && work.Ranks.Size == 1 ? () => GradientError.Measure(work) : null,
        };
    }

    /// <summary>One loss over pairs, in batches of as many images of every class.</summary>
    /// <param name="spec">The loss.</param>
    /// <param name="batch">N.</param>
    /// <param name="samples">Images of a class.</param>
    /// <param name="dimension">D.</param>
    public static BenchCase Pairs(string spec, int batch, int samples, int dimension)
    {
        int[] labels = [.. Enumerable.Range(0, batch).Select(i => i / samples)];
        return Case(
            spec, $"{batch}x{dimension}", new HeadWork(spec, labels, (batch + samples - 1) / samples, dimension), 6.0 * batch * batch * dimension);
    }

    private static BenchCase Case(string name, string shape, HeadWork work, double flops) => new(name, shape, flops, work.Labels.Length, () =>
    {
        Rng random = new(0);
        Loss loss = work.CreateLoss(random);
        Optimizer? optimizer = work.CreateOptimizer();
        optimizer?.Attach(loss.Parameters());
        long step = 0;
        Parameter embeddings = work.CreateEmbeddings(random.Fork("embeddings"), loss);
        Shares shares = new(work.Labels.Length, work.Ranks.Size, work.Dimension);
        return new BenchBody(
            () =>
            {
                work.Ranks.AllGather(embeddings.Value.Span, shares);
                loss.BeginStep(random.Fork("step", step++));
                Step(loss, embeddings.Value, work.Labels, optimizer);
            },
            () => { });
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
