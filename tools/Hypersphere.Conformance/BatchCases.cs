using Hypersphere.Losses;
using Hypersphere.Losses.Pairs;
using Hypersphere.Tensors;

namespace Hypersphere.Conformance;

/// <summary>Losses over whole batches, rankings and histograms, and those that keep something between batches.</summary>
internal static class BatchCases
{
    /// <summary>By published name.</summary>
    public static IReadOnlyDictionary<string, CaseFunction> Names { get; } = new Dictionary<string, CaseFunction>(StringComparer.Ordinal)
    {
        ["pml_cross_batch_memory"] = MemoryCases.CrossBatchMemory,
        ["pml_dynamic_soft_margin"] = DynamicSoftMargin,
        ["pml_instance"] = Instance,
        ["pml_manifold"] = Manifold,
        ["pml_margin"] = c => Margin(c),
        ["pml_pnp"] = c => PairPass.Of(c, context => new Pnp(
            context, Enum.Parse<PnpVariant>(c.Text("variant", "O")), c.Single("b", 2), c.Single("alpha", 1), c.Single("anneal", 0.01), countSelf: true)),
        ["pml_ranked_list"] = c => PairPass.Of(c, context => new RankedList(
            context, c.Single("margin", 0.4), c.Single("Tn", 10), c.Single("imbalance", 0.5), c.Single("alpha", 0), c.Single("Tp", 0), 1e-5f)
        {
            Distance = c.DistanceOr(new LpDistance()), Reduction = c.ReductionOr(new MeanReduction()),
        }),
        ["pml_tcm"] = c => PairPass.Of(c, context => new ThresholdConsistentMargin(
            context, c.Single("margin_plus", 0.9), c.Single("margin_minus", 0.5), c.Single("lambda_plus", 1), c.Single("lambda_minus", 1))
        {
            Distance = c.DistanceOr(new CosineSimilarity()),
        }),
        ["pml_tuplet_margin"] = c => PairPass.Of(c, context => TupletMargin(c, context)),
        ["pml_vicreg"] = VicReg,
    };

    private static Outputs DynamicSoftMargin(Case c)
    {
        DynamicSoftMargin? loss = null;
        Outputs outputs = PairPass.Of(c, context =>
        {
            loss = new(context, c.Whole("num_bins", 10), c.Single("min_val", -2), c.Single("momentum", 0.01));
            if (c.Has("hist"))
            {
                c.Floats("hist").CopyTo(Histogram(loss).Span);
            }

            return loss;
        });
        outputs.Add("hist_after", Histogram(loss!).ToArray());
        return outputs;
    }

    private static Tensor Histogram(Loss loss) => loss.Buffers().Single().Value;

    /// <summary>The target of a row is the one whose number is the rank of the row's label among those of the batch.</summary>
    private static Outputs Instance(Case c)
    {
        int[] labels = c.Ints("labels"), ranks = [.. labels.Distinct().Order()], shape = c.Shape("embeddings");
        Instance loss = new(new LossContext(Math.Max(1, labels.Max() + 1), shape[1], new Rng(0)), c.Single("gamma", 64))
        {
            Reduction = c.ReductionOr(new MeanReduction()),
        };
        Parameter x = LossPass.Input(c, "embeddings");
        using Tape tape = Tape.Record();
        Tensor value = loss.Forward(x.Value, labels, x.Value, labels, Array.ConvertAll(labels, l => Array.IndexOf(ranks, l)));
        Outputs outputs = new() { { "loss", value.Item() } };
        tape.Backward(value);
        outputs.Add("grad_embeddings", LossPass.Gradient(x), shape);
        return outputs;
    }

    /// <summary>Tuplet margin, whose angle is in degrees there.</summary>
    public static TupletMargin TupletMargin(Case c, LossContext context) =>
        new(context, (float)double.DegreesToRadians(c.Number("margin", 5.73)), c.Single("scale", 64)) { Reduction = c.ReductionOr(new MeanReduction()) };

    /// <summary>The margin loss, whose mean is over triplets there, where the library's is over their two terms.</summary>
    public static MarginLoss Margin(Case c, LossContext context)
    {
        int boundaries = c.Has("beta") ? c.Floats("beta").Length : c.Whole("num_classes", 1);
        MarginLoss loss = new(
            context with { Classes = Math.Max(boundaries, context.Classes) }, c.Single("margin", 0.2),
            c.Has("beta") ? 1.2f : c.Single("beta", 1.2), c.Flag("learn_beta", false) || c.Has("beta"), boundaries > 1, c.Single("nu", 0))
        {
            Distance = c.DistanceOr(new LpDistance()), Reduction = c.Reducer is "MeanReducer" ? new MeanOfTwo() : c.ReductionOr(new NonZeroMeanReduction()),
        };
        if (c.Has("beta"))
        {
            c.Floats("beta").CopyTo(loss.Parameters().Single().Parameter.Value.Span);
        }

        return loss;
    }

    private static Outputs Margin(Case c)
    {
        MarginLoss? loss = null;
        Outputs outputs = PairPass.Of(c, context => loss = Margin(c, context));
        if (c.Flag("learn_beta", false))
        {
            Parameter beta = loss!.Parameters().Single().Parameter;
            float[] gradient = LossPass.Gradient(beta);
            int[] shape = c.Has("beta") ? c.Shape("beta") : [gradient.Length];
            outputs.Add("grad_beta", shape is [] ? gradient : gradient[..shape[0]], shape);
        }

        return outputs;
    }

    /// <summary>A proxy for every meta-class, which take the place of classes.</summary>
    private static Outputs Manifold(Case c)
    {
        int[] shape = c.Shape("weights");
        Manifold loss = new(
            new LossContext(shape[0], shape[1], new Rng(0)), 0, c.Single("lambdaC", 1), c.Single("alpha", 0.8), c.Single("margin", 5e-4));
        Parameter proxies = loss.Parameters().Single().Parameter, x = LossPass.Input(c, "embeddings");
        c.Floats("weights").CopyTo(proxies.Value.Span);
        using Tape tape = Tape.Record();
        Tensor value = loss.Forward(x.Value, c.Ints("meta_classes"));
        Outputs outputs = new() { { "loss", value.Item() } };
        tape.Backward(value);
        outputs.Add("grad_embeddings", LossPass.Gradient(x), c.Shape("embeddings"));
        outputs.Add("grad_weights", LossPass.Gradient(proxies), shape);
        return outputs;
    }

    private static Outputs VicReg(Case c)
    {
        VicReg loss = new(
            new LossContext(1, c.Shape("embeddings")[1], new Rng(0)), c.Single("invariance_lambda", 25), c.Single("variance_mu", 25),
            c.Single("covariance_v", 1), c.Single("eps", 1e-4));
        (Parameter first, Parameter second) = (LossPass.Input(c, "embeddings"), LossPass.Input(c, "ref_embeddings"));
        using Tape tape = Tape.Record();
        Tensor value = loss.Forward(first.Value, second.Value);
        Outputs outputs = new() { { "loss", value.Item() } };
        tape.Backward(value);
        outputs.Add("grad_embeddings", LossPass.Gradient(first), c.Shape("embeddings"));
        outputs.Add("grad_ref_embeddings", LossPass.Gradient(second), c.Shape("ref_embeddings"));
        return outputs;
    }

    private sealed class MeanOfTwo : Reduction
    {
        public override double Weight(double loss, int label) => 1;

        public override double Divisor(long items, double weights) => items / 2.0;
    }
}
