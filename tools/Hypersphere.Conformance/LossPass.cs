using Hypersphere.Losses;
using Hypersphere.Tensors;

namespace Hypersphere.Conformance;

/// <summary>One forward and one backward pass of a loss over a case.</summary>
internal static class LossPass
{
    /// <summary>Runs a loss on the case's embeddings and labels, its prototypes being the case's weights.</summary>
    /// <param name="input">embeddings [N,D], labels [N]; weights [C·K,D] where the loss has prototypes, and
    /// perhaps tuples of a miner.</param>
    /// <param name="make">Makes the loss.</param>
    /// <param name="centers">K, rows of the weights that belong to a class.</param>
    /// <param name="prepare">Brings the loss into the state that the case begins in.</param>
    /// <param name="more">Adds what the case has besides.</param>
    /// <param name="weigh">What becomes of the weights of rows that tuples of a miner make.</param>
    /// <returns>loss, grad_embeddings; grad_weights where there are prototypes; logits [N,C] of a cross-entropy.</returns>
    public static Outputs Of(
        Case input, Func<LossContext, Loss> make, int centers = 1, Action<Loss>? prepare = null, Action<Loss, Outputs>? more = null,
        Func<float, float>? weigh = null)
    {
        int[] shape = input.Shape("embeddings"), labels = input.Ints("labels");
        int classes = input.Has("weights") ? input.Shape("weights")[0] / centers : labels.Max() + 1;
        Loss loss = make(new LossContext(classes, shape[1], new Rng(0)));
        if (loss.Prototypes is { } prototypes)
        {
            input.Floats("weights").CopyTo(prototypes.Value.Span);
        }

        prepare?.Invoke(loss);
        Parameter embeddings = Input(input, "embeddings");
        using Tape tape = Tape.Record();
        Tensor value = loss is ProxyLoss proxy && TupleWeights.Of(input) is { } weights
            ? proxy.Forward(embeddings.Value, labels, weigh is null ? weights : Array.ConvertAll(weights, w => weigh(w)))
            : loss.Forward(embeddings.Value, labels);
        Outputs outputs = new() { { "loss", value.Item() } };
        tape.Backward(value);
        outputs.Add("grad_embeddings", Gradient(embeddings), shape);
        if (loss.Prototypes is not null)
        {
            outputs.Add("grad_weights", Gradient(loss.Prototypes), input.Shape("weights"));
        }

        if (loss is CrossEntropyLoss margin)
        {
            outputs.Add("logits", margin.Logits(embeddings.Value, labels).ToArray(), shape[0], classes);
        }

        more?.Invoke(loss, outputs);
        return outputs;
    }

    /// <summary>A number that a loss keeps between batches.</summary>
    public static Span<float> Buffer(Loss loss, string name) => loss.Buffers().Single(b => b.Name == name).Value.Span;

    /// <summary>An array of a case as something to differentiate by.</summary>
    public static Parameter Input(Case input, string array)
    {
        Shape shape = input.Shape(array) switch
        {
            [] => Shape.Scalar,
            [int length] => new(length),
            [int rows, int columns] => new(rows, columns),
            _ => throw new InputException($"the array \"{array}\" has more than two dimensions"),
        };
        Parameter parameter = new(shape, ParameterKind.Weight);
        input.Floats(array).CopyTo(parameter.Value.Span);
        return parameter;
    }

    /// <summary>What Backward left; zeros where it left nothing.</summary>
    public static float[] Gradient(Parameter parameter)
    {
        if (parameter is not { Gradient: { } gradient, GradientRows: { } rows })
        {
            return parameter.Gradient?.ToArray() ?? new float[parameter.Value.Count];
        }

        (float[] all, int size) = (new float[parameter.Value.Count], gradient.Shape[1]);
        for (int i = 0; i < rows.Count; i++)
        {
            gradient.Span.Slice(i * size, size).CopyTo(all.AsSpan(rows[i] * size));
        }

        return all;
    }
}
