using Hypersphere.Tensors;

namespace Hypersphere.Layers;

/// <summary>A step of a <see cref="ModuleGraph"/>.</summary>
/// <param name="Name">Its name in the state dictionary.</param>
/// <param name="Module">A <see cref="Layer"/> or a <see cref="Join"/>.</param>
/// <param name="Inputs">Values it takes: 0 is the graph's input, i + 1 the output of step i.</param>
public sealed record GraphStep(string Name, Module Module, IReadOnlyList<int> Inputs);

/// <summary>Layers and joins that pass values to each other in any order, such as a network that was read from a file.</summary>
public sealed class ModuleGraph : Layer
{
    private readonly IReadOnlyList<GraphStep> _steps;
    private readonly int[] _lastUse;

    /// <summary>Makes a graph; the output of its last step is its own.</summary>
    /// <param name="steps">At least one; each takes only values of steps before it.</param>
    /// <exception cref="ArgumentException">A step takes a value that is not there yet.</exception>
    public ModuleGraph(IReadOnlyList<GraphStep> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        ArgumentOutOfRangeException.ThrowIfZero(steps.Count);
        _steps = steps;
        _lastUse = new int[steps.Count + 1];
        for (int i = 0; i < steps.Count; i++)
        {
            Add(steps[i].Name, steps[i].Module);
            foreach (int value in steps[i].Inputs)
            {
                if ((uint)value > (uint)i)
                {
                    Throw.Argument("ModuleGraph", $"an input of step {i}", $"0 to {i}", $"{value}");
                }

                _lastUse[value] = i;
            }
        }
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        Tensor[] values = new Tensor[_steps.Count + 1];
        values[0] = x;
        for (int i = 0; i < _steps.Count; i++)
        {
            GraphStep step = _steps[i];
            Tensor y = values[i + 1] = step.Module is Join join
                ? join.Forward(values[step.Inputs[0]], values[step.Inputs[1]])
                : ((Layer)step.Module).Forward(values[step.Inputs[0]]);
            foreach (int value in step.Inputs)
            {
                if (!y.NeedsGradient && _lastUse[value] == i && values[value] != y && values[value] != x)
                {
                    values[value].Release();
                }
            }
        }

        return values[^1];
    }
}
