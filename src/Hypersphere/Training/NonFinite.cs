using Hypersphere.Backends;
using Hypersphere.Data;
using Hypersphere.Tensors;

namespace Hypersphere.Training;

/// <summary>Training met NaN or infinity. The message names the first bad tensor and, where there is one, the sample and its
/// class.</summary>
/// <param name="message">One line.</param>
public sealed class NonFiniteException(string message) : Exception(message);

/// <summary>Finds where NaN or infinity came from.</summary>
internal static class NonFinite
{
    private const string Advice = "lower the learning rate, lengthen the warm-up or clip the gradients; the last checkpoint is intact.";

    /// <summary>Looks at parameters, then images, then every result of the step in order.</summary>
    public static NonFiniteException Explain(Tape tape, TrainingState state, ImageSource data, ImageBatch batch)
    {
        string step = $"step {state.Step + 1}: the loss is not finite";
        if (FirstParameter(state) is { } parameter)
        {
            return new($"{step}; the parameter {parameter} already holds NaN or infinity; {Advice}");
        }

        foreach ((string op, Tensor output) in tape.Results())
        {
            int at = Backend.Current.FirstNonFinite(output);
            if (at >= 0)
            {
                return new($"{step}; first in the result of {op} {output.Shape}{Sample(output, at, data, batch)}; {Advice}");
            }
        }

        return new($"{step}; {Advice}");
    }

    /// <summary>Refuses to save weights that are not finite.</summary>
    public static void RequireFinite(TrainingState state)
    {
        if (FirstParameter(state) is { } parameter)
        {
            throw new NonFiniteException($"step {state.Step}: the parameter {parameter} holds NaN or infinity and is not saved; {Advice}");
        }
    }

    private static string? FirstParameter(TrainingState state) =>
        state.Optimizer.Parameters.Where(p => Backend.Current.FirstNonFinite(p.Parameter.Value) >= 0).Select(p => p.Name).FirstOrDefault();

    private static string Sample(Tensor output, int at, ImageSource data, ImageBatch batch)
    {
        if (output.Shape.Rank < 2 || output.Shape[0] != batch.Count)
        {
            return "";
        }

        int index = batch.Indices.Span[at / output.Shape.RowCount];
        return $" at sample {data.Name(index)} of class {data.ClassNames[data.Label(index)]}";
    }
}
