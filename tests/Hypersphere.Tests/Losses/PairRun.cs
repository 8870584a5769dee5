using Hypersphere.Losses;
using Hypersphere.Losses.Pairs;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Tests.Losses;

/// <summary>One forward and backward pass of a loss over pairs.</summary>
internal sealed record PairRun(float Loss, float[] Gradient)
{
    public const int Classes = 6;

    public bool IsFinite => float.IsFinite(Loss) && Gradient.All(float.IsFinite);

    public static PairwiseLoss Make(string spec, int size) =>
        (PairwiseLoss)Registry<Loss>.Create(spec, new LossContext(Classes, size, new Rng(4)));

    public static PairRun Of(string spec, float[] x, int[] labels)
    {
        int size = labels.Length == 0 ? 5 : x.Length / labels.Length;
        return Of(x, size, (loss, input) => loss.Forward(input, labels), Make(spec, size));
    }

    /// <summary>Every triplet of the batch, given one by one.</summary>
    public static PairRun OverEveryTriplet(string spec, float[] x, int[] labels)
    {
        Triplet[] all =
        [
            .. from a in Enumerable.Range(0, labels.Length)
               from p in Enumerable.Range(0, labels.Length)
               from n in Enumerable.Range(0, labels.Length)
               where a != p && labels[a] == labels[p] && labels[a] != labels[n]
               select new Triplet(a, p, n),
        ];
        return Of(x, x.Length / labels.Length, (loss, input) => ((TripletLoss)loss).Forward(input, labels, all), Make(spec, x.Length / labels.Length));
    }

    /// <summary>Anchors against themselves as references, each anchor knowing which is itself; the gradients of both sides
    /// together.</summary>
    public static PairRun AgainstItself(string spec, float[] x, int[] labels)
    {
        int size = x.Length / labels.Length;
        Parameter references = Input(x, size);
        int[] self = [.. Enumerable.Range(0, labels.Length)];
        PairRun anchors = Of(x, size, (loss, input) => loss.Forward(input, labels, references.Value, labels, self), Make(spec, size));
        return anchors with { Gradient = [.. anchors.Gradient.Zip(references.Gradient!.ToArray(), (a, b) => a + b)] };
    }

    private static PairRun Of(float[] x, int size, Func<PairwiseLoss, Tensor, Tensor> forward, PairwiseLoss loss)
    {
        Parameter input = Input(x, size);
        using Tape tape = Tape.Record();
        Tensor value = forward(loss, input.Value);
        tape.Backward(value);
        return new(value.Item(), input.Gradient!.ToArray());
    }

    private static Parameter Input(float[] x, int size)
    {
        Parameter parameter = new(new Shape(x.Length / size, size), ParameterKind.Weight);
        x.CopyTo(parameter.Value.Span);
        return parameter;
    }
}
