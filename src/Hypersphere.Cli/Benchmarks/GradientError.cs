using Hypersphere.Losses;
using Hypersphere.Tensors;

namespace Hypersphere.Cli.Benchmarks;

/// <summary>What a sparse gradient leaves out: its distance from the whole one over the whole one's length.</summary>
internal static class GradientError
{
    /// <summary>Errors of both gradients, and the share of pairs of an embedding and another class that are left.</summary>
    public static IReadOnlyList<(string Name, double Value)> Measure(HeadWork work)
    {
        (float[] dx, float[] dw) = Gradients(work);
        (float[] wholeX, float[] wholeW) = Gradients(work with { SparseGradient = 0 });
        return
        [
            ("pairs_kept", Kept(work)),
            ("embedding_gradient_error", Relative(dx, wholeX)),
            ("prototype_gradient_error", Relative(dw, wholeW)),
        ];
    }

    private static (float[] Embeddings, float[] Prototypes) Gradients(HeadWork work)
    {
        (Loss loss, Parameter embeddings) = Create(work);
        loss.BeginStep(new Rng(0).Fork("step", 0));
        using Tape tape = Tape.Record();
        tape.Backward(loss.Forward(embeddings.Value, work.Labels));
        return (embeddings.Gradient!.ToArray(), loss.Prototypes!.Gradient!.ToArray());
    }

    private static (Loss Loss, Parameter Embeddings) Create(HeadWork work)
    {
        Rng random = new(0);
        Loss loss = work.CreateLoss(random);
        return (loss, work.CreateEmbeddings(random.Fork("embeddings"), loss));
    }

    private static double Kept(HeadWork work)
    {
        (Loss loss, Parameter embeddings) = Create(work);
        using Scope scope = Scope.Begin();
        ReadOnlySpan<float> logits = ((MarginSoftmaxLoss)loss).Logits(embeddings.Value, work.Labels).Span;
        double kept = 0;
        for (int i = 0; i < work.Labels.Length; i++)
        {
            float[] others = logits.Slice(i * work.Classes, work.Classes).ToArray();
            others[work.Labels[i]] = float.NegativeInfinity;
            float max = others.Max();
            double sum = others.Sum(z => Math.Exp(z - max));
            kept += others.Count(z => Math.Exp(z - max) > work.SparseGradient * sum);
        }

        return kept / ((double)work.Labels.Length * work.Classes);
    }

    private static double Relative(float[] sparse, float[] whole)
    {
        (double difference, double length) = (0, 0);
        for (int i = 0; i < whole.Length; i++)
        {
            difference += Square((double)sparse[i] - whole[i]);
            length += Square(whole[i]);
        }

        return Math.Sqrt(difference / length);
    }

    private static double Square(double x) => x * x;
}
