using Hypersphere.Losses;
using Hypersphere.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Hypersphere.Training;

/// <summary>How far embeddings lie from the prototype of their own class, the nearest where it has several.</summary>
internal static class OwnAngle
{
    /// <summary>The mean over a batch, in degrees; null for a loss without prototypes. Over ranks each looks at the classes it has.</summary>
    public static double? Mean(Loss loss, Tensor embeddings, ReadOnlySpan<int> labels)
    {
        if (loss.Prototypes is not { } prototypes)
        {
            return null;
        }

        (int size, int centers, SpreadRows? spread) = (embeddings.Shape[1], loss.PrototypesPerClass, prototypes.Value.Spread);
        Span<float> cosines = new float[labels.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            if (spread?.Has(labels[i]) == false)
            {
                continue;
            }

            cosines[i] = -1;
            for (int k = 0; k < centers; k++)
            {
                int row = (labels[i] * centers) + k - (spread?.First ?? 0);
                float cosine = TensorPrimitives.CosineSimilarity(embeddings.Span.Slice(i * size, size), prototypes.Value.Span.Slice(row * size, size));
                cosines[i] = Math.Max(cosines[i], float.IsNaN(cosine) ? 1 : cosine);
            }
        }

        spread?.Ranks.AllReduceSum(cosines);
        double sum = 0;
        foreach (float cosine in cosines)
        {
            sum += Math.Acos(Math.Min(cosine, 1f));
        }

        return sum / labels.Length * (180 / Math.PI);
    }
}
