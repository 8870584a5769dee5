using Hypersphere.Losses;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Tests.Losses;

/// <summary>One forward and backward pass of a loss on given embeddings and prototypes.</summary>
internal sealed record LossRun(float Loss, float[] EmbeddingGradient, float[] PrototypeGradient)
{
    public static LossRun Of(string spec, float[] embeddings, float[] prototypes, int[] labels, int size, long budget = 1L << 30)
    {
        LossContext context = new(prototypes.Length / size, size, new Rng(0)) { ScratchBudget = budget };
        return Of(Registry<Loss>.Create(spec, context), embeddings, prototypes, labels);
    }

    public static LossRun Of(Loss loss, float[] embeddings, float[] prototypes, int[] labels)
    {
        int size = loss.Context.Embedding;
        Parameter x = new(new Shape(labels.Length, size), ParameterKind.Weight);
        embeddings.CopyTo(x.Value.Span);
        if (loss.Prototypes is { } own)
        {
            Centers(prototypes, loss.PrototypesPerClass, size).CopyTo(own.Value.Span);
        }

        using Tape tape = Tape.Record();
        Tensor value = loss.Forward(x.Value, labels);
        tape.Backward(value);
        return new(value.Item(), x.Gradient!.ToArray(), loss.Prototypes?.Gradient?.ToArray() ?? []);
    }

    /// <summary>The prototypes; where a class has several, further ones are mixed of its own and others.</summary>
    private static float[] Centers(float[] prototypes, int centers, int size)
    {
        int classes = prototypes.Length / size;
        return
        [
            .. from c in Enumerable.Range(0, classes)
               from k in Enumerable.Range(0, centers)
               from d in Enumerable.Range(0, size)
               select prototypes[(c * size) + d] + (k * 0.4f * prototypes[((c + k) % classes * size) + d]),
        ];
    }

    public static float[] Gaussian(int count, string purpose, ulong seed = 1)
    {
        Rng random = new Rng(seed).Fork(purpose);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.NextGaussian())];
    }

    public bool IsFinite => float.IsFinite(Loss) && EmbeddingGradient.Concat(PrototypeGradient).All(float.IsFinite);
}
