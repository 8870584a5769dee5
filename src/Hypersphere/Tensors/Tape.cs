namespace Hypersphere.Tensors;

/// <summary>A scope that also remembers what was computed, to run it backwards.</summary>
/// <example><code>using var tape = Tape.Record();
/// var loss = head.Forward(backbone.Forward(images), labels);
/// tape.Backward(loss);
/// optimizer.Step();</code></example>
public sealed class Tape : Scope
{
    private readonly List<Node> _nodes = [];

    private Tape()
    {
    }

    [ThreadStatic]
    private static bool _paused;

    /// <summary>Parameters whose gradients were written since it was last cleared; null when nobody wants to know.</summary>
    [field: ThreadStatic]
    internal static List<Tensor>? Written { get; private set; }

    internal static Tape? Recording => _paused ? null : Current as Tape;

    /// <summary>Begins to record on this thread; dispose the tape to end.</summary>
    public static Tape Record() => new();

    /// <summary>Adds dLoss/dParameter to the gradient of every parameter that <paramref name="loss"/> depends on.</summary>
    /// <remarks>Each step's tensors go back to the pool as it passes them, except the loss and those that were kept.</remarks>
    /// <param name="loss">A single number computed on this tape.</param>
    /// <exception cref="ShapeException">The loss is not a single number.</exception>
    /// <exception cref="InvalidOperationException">Backward already ran, or the loss does not depend on any parameter.</exception>
    public void Backward(Tensor loss) => Backward(loss, null);

    /// <summary>The same, telling after each step of the way back which parameter it gave (a part of) its gradient.</summary>
    internal void Backward(Tensor loss, Action<Tensor>? written)
    {
        ArgumentNullException.ThrowIfNull(loss);
        if (loss.Count != 1)
        {
            Throw.Shape("Tape.Backward", "the loss", "a single number", loss.Shape.ToString());
        }

        if (!loss.NeedsGradient || _nodes.Count == 0)
        {
            throw new InvalidOperationException(
                "Tape.Backward: the loss was not computed from any parameter on this tape, or Backward already ran; record a new tape.");
        }

        Written = written is null ? null : [];
        loss.GradientToWrite(out _).Span.Fill(1f);
        for (int i = _nodes.Count - 1; i >= 0; i--)
        {
            Node node = _nodes[i];
            if (node.Output.Gradient is { } gradient)
            {
                node.Backward(gradient);
                node.Output.Gradient = null;
                gradient.Release();
                Tell(written);
            }

            if (node.Output != loss)
            {
                node.Output.Release();
            }

            foreach (Tensor saved in node.Saved)
            {
                saved.Release();
            }
        }

        _nodes.Clear();
        Written = null;
    }

    /// <summary>Remembers how to go back from <paramref name="output"/>, if a tape records and one of its inputs needs it.</summary>
    /// <param name="output">What the op computed.</param>
    /// <param name="needsGradient">Whether any input needs a gradient.</param>
    /// <param name="backward">Given dLoss/dOutput, writes the inputs' gradients.</param>
    /// <param name="saved">Temporaries of the op's own that only <paramref name="backward"/> reads.</param>
    internal static Tensor Remember(Tensor output, bool needsGradient, Action<Tensor> backward, params Tensor[] saved)
    {
        if (needsGradient && Recording is { } tape)
        {
            output.NeedsGradient = true;
            tape._nodes.Add(new Node(output, backward, saved));
        }

        return output;
    }

    /// <summary>Computes without remembering how to go back.</summary>
    internal static Tensor Pause(Func<Tensor> compute)
    {
        (bool before, _paused) = (_paused, true);
        try
        {
            return compute();
        }
        finally
        {
            _paused = before;
        }
    }

    /// <summary>Everything computed so far that can be differentiated, in order, with the name of its op.</summary>
    internal IEnumerable<(string Op, Tensor Output)> Results() =>
        _nodes.Select(n => ((n.Backward.Method.DeclaringType?.DeclaringType ?? n.Backward.Method.DeclaringType)?.Name ?? "an op", n.Output));

    private static void Tell(Action<Tensor>? written)
    {
        if (written is not null)
        {
            Written!.ForEach(written);
            Written.Clear();
        }
    }

    private sealed record Node(Tensor Output, Action<Tensor> Backward, Tensor[] Saved);
}
