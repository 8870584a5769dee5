using System.Text.Json;
using Hypersphere.Losses;
using Hypersphere.Losses.Pairs;
using Hypersphere.Tensors;

namespace Hypersphere.Conformance;

/// <summary>Sequences of batches with a memory of earlier ones.</summary>
internal static class MemoryCases
{
    /// <summary>Classes of pytorch-metric-learning whose published name is not the class without its end.</summary>
    private static readonly Dictionary<string, string> _others = new(StringComparer.Ordinal)
    {
        ["GeneralizedLiftedStructureLoss"] = "pml_generalized_lifted_structure", ["IntraPairVarianceLoss"] = "pml_intra_pair_variance",
        ["LiftedStructureLoss"] = "pml_lifted_structure", ["MultiSimilarityLoss"] = "pml_multi_similarity",
        ["SignalToNoiseRatioContrastiveLoss"] = "pml_snr_contrastive", ["TripletMarginLoss"] = "pml_triplet",
    };

    /// <summary>Labels [steps, N], embeddings step after step; every step has a loss and a gradient of its own.</summary>
    public static Outputs CrossBatchMemory(Case c)
    {
        (int[] labels, int[] shape, int[] steps) = (c.Ints("labels"), c.Shape("embeddings"), c.Shape("labels"));
        (int count, int size) = (steps[0], shape[1]);
        int rows = labels.Length / count;
        LossContext context = new(labels.Max() + 1, size, new Rng(0));
        CrossBatchMemory loss = new(context, Inner(c, context), c.Whole("memory_size", 1024));
        float[] all = c.Floats("embeddings"), losses = new float[count], gradient = new float[all.Length];
        for (int step = 0; step < count; step++)
        {
            Parameter x = new(new Shape(rows, size), ParameterKind.Weight);
            all.AsSpan(step * rows * size, rows * size).CopyTo(x.Value.Span);
            using Tape tape = Tape.Record();
            Tensor value = loss.Forward(x.Value, labels.AsMemory(step * rows, rows));
            losses[step] = value.Item();
            tape.Backward(value);
            LossPass.Gradient(x).CopyTo(gradient, step * rows * size);
        }

        return new() { { "loss", losses.Sum(l => (double)l) }, { "step_losses", losses }, { "grad_embeddings", gradient, shape } };
    }

    private static PairwiseLoss Inner(Case c, LossContext context)
    {
        string type = c.Text("inner", "ContrastiveLoss");
        Case inner = c.With(c.Hyper("inner_hyper") ?? default(JsonElement));
        return type switch
        {
            "MarginLoss" => BatchCases.Margin(inner, context),
            "TupletMarginLoss" => BatchCases.TupletMargin(inner, context),
            _ => PairCases.Losses.TryGetValue(_others.GetValueOrDefault(type, "pml_" + type.Replace("Loss", "", StringComparison.Ordinal).ToLowerInvariant()), out var make)
                ? make(inner, context)
                : throw new NotImplementedException($"nothing stands in for {type} with a memory"),
        };
    }
}
