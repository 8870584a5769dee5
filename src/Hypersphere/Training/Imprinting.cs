using Hypersphere.Data;
using Hypersphere.Evaluation;
using Hypersphere.Losses;
using Hypersphere.Tensors;

namespace Hypersphere.Training;

/// <summary>Prototypes from a network that already knows something: the mean direction of each class (Qi et al., CVPR 2018).</summary>
internal static class Imprinting
{
    /// <summary>Overwrites the prototypes of every class that has images; they keep their lengths.</summary>
    /// <exception cref="InputException">No part of the loss has prototypes.</exception>
    public static void Apply(EmbeddingModel model, ImageSource data)
    {
        Loss[] losses = [.. model.Loss.Summands.Where(l => l.Prototypes is not null)];
        if (losses.Length == 0)
        {
            throw new InputException($"{model.Loss} has no prototypes that could begin as class means; leave --imprint out.");
        }

        float[] means = Means(model.Embed(data), data.ClassNames.Count);
        foreach (Loss loss in losses)
        {
            Write(means, loss.Prototypes!, loss.PrototypesPerClass, model.Backbone.Embedding);
        }
    }

    /// <summary>[C,D] sums of unit embeddings.</summary>
    private static float[] Means(EmbeddingSet embeddings, int classes)
    {
        EmbeddingSet unit = embeddings.Normalized();
        float[] sums = new float[classes * unit.Size];
        for (int i = 0; i < unit.Count; i++)
        {
            Span<float> sum = sums.AsSpan(unit.Labels[i] * unit.Size, unit.Size);
            System.Numerics.Tensors.TensorPrimitives.Add(sum, unit.Row(i), sum);
        }

        return sums;
    }

    private static void Write(float[] means, Parameter prototypes, int centers, int size)
    {
        int first = prototypes.Value.Spread?.First ?? 0;
        for (int row = first; row < first + (prototypes.Value.Count / size); row++)
        {
            ReadOnlySpan<float> mean = means.AsSpan(row / centers * size, size);
            Span<float> prototype = prototypes.Value.Span.Slice((row - first) * size, size);
            float length = System.Numerics.Tensors.TensorPrimitives.Norm(mean), kept = System.Numerics.Tensors.TensorPrimitives.Norm(prototype);
            if (length > 0 && row % centers == 0)
            {
                System.Numerics.Tensors.TensorPrimitives.Multiply(mean, kept / length, prototype);
            }
        }
    }
}
