using Hypersphere.Losses;
using Hypersphere.Losses.Pairs;
using Hypersphere.Tensors;

namespace Hypersphere.Conformance;

/// <summary>One forward and one backward pass of a loss over pairs or triplets.</summary>
internal static class PairPass
{
    /// <summary>Runs a loss on the case's embeddings and labels, against its references if it has any, over its tuples if they are
    /// given.</summary>
    /// <returns>loss, grad_embeddings; grad_ref_embeddings where there are references.</returns>
    public static Outputs Of(Case input, Func<LossContext, PairwiseLoss> make)
    {
        int[] shape = input.Shape("embeddings"), labels = input.Ints("labels");
        int[] others = input.Has("ref_embeddings") ? input.Ints("ref_labels") : [];
        PairwiseLoss loss = make(new LossContext(Math.Max(1, labels.Concat(others).Max() + 1), shape[1], new Rng(0)));
        Parameter embeddings = LossPass.Input(input, "embeddings");
        using Tape tape = Tape.Record();
        if (!input.Has("ref_embeddings"))
        {
            Tensor value = Forward(loss, embeddings.Value, labels, input);
            Outputs outputs = new() { { "loss", value.Item() } };
            tape.Backward(value);
            outputs.Add("grad_embeddings", LossPass.Gradient(embeddings), shape);
            return outputs;
        }

        Parameter references = LossPass.Input(input, "ref_embeddings");
        Tensor against = loss.Forward(embeddings.Value, labels, references.Value, others);
        Outputs both = new() { { "loss", against.Item() } };
        tape.Backward(against);
        both.Add("grad_embeddings", LossPass.Gradient(embeddings), shape);
        both.Add("grad_ref_embeddings", LossPass.Gradient(references), input.Shape("ref_embeddings"));
        return both;
    }

    private static Tensor Forward(PairwiseLoss loss, Tensor embeddings, int[] labels, Case input) => loss switch
    {
        PairLoss pairs when input.Has("idx_a1") || input.Has("idx_a") => pairs.Forward(embeddings, labels, Pairs(input)),
        TripletLoss triplets when input.Has("idx_a1") || input.Has("idx_a") => triplets.Forward(embeddings, labels, Triplets(input)),
        _ => loss.Forward(embeddings, labels),
    };

    /// <summary>Pairs as given, or those of the triplets that are given, each once.</summary>
    private static List<LabelledPair> Pairs(Case input)
    {
        bool given = input.Has("idx_a1");
        int[] a = input.Ints(given ? "idx_a1" : "idx_a"), b = given ? input.Ints("idx_a2") : a, p = input.Ints("idx_p"), n = input.Ints("idx_n");
        return
        [
            .. a.Select((anchor, k) => new LabelledPair(anchor, p[k], true)).Distinct(),
            .. b.Select((anchor, k) => new LabelledPair(anchor, n[k], false)).Distinct(),
        ];
    }

    /// <summary>Triplets as given, or every positive with every negative pair of the same anchor.</summary>
    private static List<Triplet> Triplets(Case input)
    {
        int[] p = input.Ints("idx_p"), n = input.Ints("idx_n");
        if (input.Has("idx_a"))
        {
            return [.. input.Ints("idx_a").Select((anchor, k) => new Triplet(anchor, p[k], n[k]))];
        }

        int[] a = input.Ints("idx_a1"), b = input.Ints("idx_a2");
        return
        [
            .. from i in Enumerable.Range(0, a.Length)
               from j in Enumerable.Range(0, b.Length)
               where a[i] == b[j]
               select new Triplet(a[i], p[i], n[j]),
        ];
    }
}
