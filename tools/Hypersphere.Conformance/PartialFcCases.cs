using Hypersphere.Losses;
using Hypersphere.Losses.Classification;
using Hypersphere.Tensors;

namespace Hypersphere.Conformance;

/// <summary>Softmax over a sample of the classes, split over ranks.</summary>
/// <remarks>The number of ranks decides what is sampled, and nothing else: the loss is that of one process over all samples. The published
/// gradient of the embeddings is multiplied by the number of ranks, since their gradients are averaged later.</remarks>
internal static class PartialFcCases
{
    /// <summary>What a row labelled −1 adds to the published mean: no probability is below 1e−30.</summary>
    private static readonly double _unlabelled = -Math.Log(1e-30);

    /// <summary>By published name.</summary>
    public static IReadOnlyDictionary<string, CaseFunction> Names { get; } =
        new Dictionary<string, CaseFunction>(StringComparer.Ordinal) { ["partial_fc"] = Of };

    private static Outputs Of(Case c)
    {
        (int[] labels, int world, int all) = (c.Ints("labels"), c.Whole("world_size", 1), c.Shape("weights")[0]);
        (int First, int[] Classes)[] ranks = [.. Enumerable.Range(0, world).Select(rank => Sampled(c, labels, rank, world))];
        int[] sample = [.. ranks.SelectMany(r => r.Classes.Select(k => r.First + k))];
        double share = labels.Count(l => l >= 0) / (double)labels.Length;
        MarginSoftmaxLoss head = Head(c, sample);
        Pass known = Pass.Of(c, head, labels), unknown = Pass.Of(c, Apart(c, sample), [.. labels.Select(l => l < 0 ? all : -1)]);
        double[] Mean(float[] own, float[] others, double factor) => [.. own.Zip(others, (a, b) => factor * ((share * a) + ((1 - share) * b)))];
        Outputs outputs = new()
        {
            { "loss", (share * known.Loss) + ((1 - share) * _unlabelled) },
            { "grad_embeddings", Mean(known.Embeddings, unknown.Embeddings, world), c.Shape("embeddings") },
            { "grad_weights", Mean(known.Weights, unknown.Weights, 1), c.Shape("weights") },
        };
        float[][] logits = [.. head.Logits(LossPass.Input(c, "embeddings").Value, labels).ToArray().Chunk(all)];
        for (int rank = 0; rank < world; rank++)
        {
            (int first, int[] classes) = ranks[rank];
            int[] own = [.. classes.Select(k => first + k)];
            outputs.Add($"index_rank{rank}", classes);
            outputs.Add($"local_labels_rank{rank}", ClassSample.Of(own).Positions(labels));
            outputs.Add($"logits_rank{rank}", [.. logits.SelectMany(row => own.Select(k => row[k]))], labels.Length, own.Length);
        }

        return outputs;
    }

    /// <summary>A rank's classes, numbered from its first: those of the batch, then the others with the largest random numbers.</summary>
    private static (int First, int[] Classes) Sampled(Case c, int[] labels, int rank, int world)
    {
        (int share, int more) = Math.DivRem(c.Shape("weights")[0], world);
        (int first, int count) = ((share * rank) + Math.Min(rank, more), share + (rank < more ? 1 : 0));
        HashSet<int> own = [.. labels.Where(l => l >= first && l < first + count).Select(l => l - first)];
        double[] order = c.Has($"perm_rank{rank}") ? c.Doubles($"perm_rank{rank}") : new double[count];
        int wanted = Math.Max((int)(c.Number("sample_rate", 1) * count), own.Count);
        return (first, [.. Enumerable.Range(0, count).OrderByDescending(k => own.Contains(k) ? 2 : order[k]).Take(wanted).Order()]);
    }

    private static MarginSoftmaxLoss Head(Case c, int[] sample)
    {
        LossContext context = new(c.Shape("weights")[0], c.Shape("weights")[1], new Rng(0));
        (float m, float s, float filter) = (c.Single("m", 0.5), c.Single("s", 64), c.Single("interclass_filtering_threshold", 0));
        MarginGradient gradient = c.Flag("straight_through", true) ? MarginGradient.StraightThrough : MarginGradient.Exact;
        return c.Text("margin", "arcface") == "cosface"
            ? new CosFace(context, m, s) { Filter = filter, SampledClasses = ClassSample.Of(sample) }
            : new ArcFace(context, m, s, gradient: gradient, pastPi: PastPi.Rise) { Filter = filter, SampledClasses = ClassSample.Of(sample) };
    }

    /// <summary>For rows labelled −1, which the published gradient turns away from every class: their own is one more class at right angles to
    /// everything, so unlikely that the others' probabilities are those of the softmax without it.</summary>
    private static CosFace Apart(Case c, int[] sample)
    {
        (int classes, int size) = (c.Shape("weights")[0], c.Shape("weights")[1]);
        return new CosFace(new LossContext(classes + 1, size, new Rng(0)), margin: 1, c.Single("s", 64))
        {
            Filter = c.Single("interclass_filtering_threshold", 0), SampledClasses = ClassSample.Of([.. sample, classes]),
        };
    }

    private sealed record Pass(double Loss, float[] Embeddings, float[] Weights)
    {
        /// <summary>The case's weights are the first prototypes; others are zeros.</summary>
        public static Pass Of(Case c, MarginSoftmaxLoss head, int[] labels)
        {
            float[] weights = c.Floats("weights");
            head.Prototypes.Value.Span.Clear();
            weights.CopyTo(head.Prototypes.Value.Span);
            Parameter x = LossPass.Input(c, "embeddings");
            using Tape tape = Tape.Record();
            Tensor loss = head.Forward(x.Value, labels);
            tape.Backward(loss);
            return new(loss.Item(), LossPass.Gradient(x), LossPass.Gradient(head.Prototypes)[..weights.Length]);
        }
    }
}
