using Hypersphere.Losses;

namespace Hypersphere.Conformance;

/// <summary>What enters the cross-entropy of a margin softmax.</summary>
internal static class Logits
{
    /// <summary>s·cos θ for every class, s·ψ(θ) for the own; rows of label −1 have no own.</summary>
    public static double[] Of(MarginSoftmaxLoss loss, float[] embeddings, int[] labels)
    {
        int size = loss.Context.Embedding, classes = loss.Context.Classes;
        double[] logits = new double[labels.Length * classes];
        for (int i = 0; i < logits.Length; i++)
        {
            (int row, int column) = (i / classes, i % classes);
            double cosine = Cosine(embeddings.AsSpan(row * size, size), loss.Prototypes.Value.Span.Slice(column * size, size));
            logits[i] = loss.Scale * (column == labels[row] ? loss.Curve([Math.Acos(cosine)]).Values[0] : cosine);
        }

        return logits;
    }

    private static double Cosine(ReadOnlySpan<float> x, ReadOnlySpan<float> w)
    {
        (double dot, double xx, double ww) = (0, 0, 0);
        for (int d = 0; d < x.Length; d++)
        {
            (dot, xx, ww) = (dot + ((double)x[d] * w[d]), xx + ((double)x[d] * x[d]), ww + ((double)w[d] * w[d]));
        }

        return xx == 0 || ww == 0 ? 0 : Math.Clamp(dot / Math.Sqrt(xx * ww), -1, 1);
    }
}
