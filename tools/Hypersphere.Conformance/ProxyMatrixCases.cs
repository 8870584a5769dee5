using Hypersphere.Losses.Classification;
using Hypersphere.Tensors;

namespace Hypersphere.Conformance;

/// <summary>Losses over the whole matrix of cosines or products between embeddings and prototypes.</summary>
internal static class ProxyMatrixCases
{
    /// <summary>By published name.</summary>
    public static IReadOnlyDictionary<string, CaseFunction> Names { get; } = new Dictionary<string, CaseFunction>(StringComparer.Ordinal)
    {
        ["arcnegface"] = c => LossPass.Of(c, context => new ArcNegFace(
            context, c.Single("margin", 0.5), c.Single("scale", 64), c.Single("alpha", 1.2), c.Single("sigma", 2))),
        ["center"] = c => LossPass.Of(c, context => new Center(context)),
        ["npcface"] = c => LossPass.Of(c, context => new NpcFace(
            context, c.Single("margin", 0.5), c.Single("scale", 64), c.Single("m0", 0.4), c.Single("m1", 0.2), c.Single("t", 1.1),
            c.Single("a", 0.2))),
        ["pml_large_margin_softmax"] = c => LossPass.Of(c, context => new LargeMarginSoftmax(
            context, c.Single("margin", 4), c.Single("scale", 1))),
        ["pml_p2sgrad"] = c => LossPass.Of(c, context => new P2SGrad(context, normalizePrototypes: false)),
        ["pml_proxy_anchor"] = c => LossPass.Of(
            c,
            context => new ProxyAnchor(context, c.Single("margin", 0.1), c.Single("alpha", 32)),
            weigh: w => MathF.Exp(w - 1)), // the peer adds the weights to the exponents, less 1
        ["pml_soft_triple"] = c => LossPass.Of(
            c,
            context => new SoftTriple(
                context, c.Whole("centers_per_class", 10), c.Single("la", 20), c.Single("gamma", 0.1), c.Single("margin", 0.01)),
            centers: c.Whole("centers_per_class", 10)),
        ["pml_subcenter_arcface"] = c => LossPass.Of(
            c,
            context => new SubCenterArcFace(
                context, c.Whole("sub_centers", 3), (float)double.DegreesToRadians(c.Number("margin", 28.6)), c.Single("scale", 64)),
            centers: c.Whole("sub_centers", 3)),
        ["uniface_bce"] = c => UniFaceOf(c, UniFaceMode.Bce),
        ["uniface_uce"] = c => UniFaceOf(c, UniFaceMode.Uce),
    };

    /// <summary>Only the classes of partial_index take part; labels are among them, the others get no gradient.</summary>
    private static Outputs UniFaceOf(Case c, UniFaceMode mode)
    {
        int[] shape = c.Shape("embeddings"), weights = c.Shape("weights"), labels = c.Ints("labels");
        int[] part = c.Has("partial_index") ? c.Ints("partial_index") : [.. Enumerable.Range(0, weights[0])];
        UniFace loss = new(
            new(part.Length, shape[1], new Rng(0)), mode, c.Single("m", 0.4), c.Single("s", 64), c.Single("l", 1), clamp: true);
        Parameter bias = loss.Parameters().Single(p => p.Name == "bias").Parameter;
        bool shared = mode == UniFaceMode.Uce;
        Gather(c.Floats("weights"), part, shape[1]).CopyTo(loss.Prototypes.Value.Span);
        Gather(c.Floats("bias"), shared ? [0] : part, 1).CopyTo(bias.Value.Span);
        Parameter embeddings = LossPass.Input(c, "embeddings");
        using Tape tape = Tape.Record();
        Tensor value = loss.Forward(embeddings.Value, Array.ConvertAll(labels, l => Array.IndexOf(part, l)));
        double number = value.Item();
        tape.Backward(value);
        return new Outputs
        {
            { "loss", number },
            { "grad_embeddings", LossPass.Gradient(embeddings), shape },
            { "grad_weights", Scatter(LossPass.Gradient(loss.Prototypes), part, weights[0], shape[1]), weights },
            { "grad_bias", Scatter(LossPass.Gradient(bias), shared ? [0] : part, c.Floats("bias").Length, 1), c.Shape("bias") },
        };
    }

    private static float[] Gather(float[] rows, int[] indices, int size) =>
        [.. indices.SelectMany(i => rows.AsSpan(i * size, size).ToArray())];

    private static float[] Scatter(float[] rows, int[] indices, int count, int size)
    {
        float[] all = new float[count * size];
        for (int k = 0; k < indices.Length; k++)
        {
            rows.AsSpan(k * size, size).CopyTo(all.AsSpan(indices[k] * size));
        }

        return all;
    }
}
