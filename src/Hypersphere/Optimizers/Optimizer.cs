using Hypersphere.Backends;
using Hypersphere.Losses;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Optimizers;

/// <summary>Changes parameters along their gradients.</summary>
/// <remarks>Where a gradient is of some rows alone (<see cref="Parameter.GradientRows"/>), these rows and what is remembered of them change;
/// all others stay as they are: their momentum neither moves them nor fades, and they do not decay. AdamW's bias correction counts the
/// steps of the training, not those of a row.</remarks>
public abstract class Optimizer
{
    private readonly List<NamedBuffer> _state = [];

    /// <summary>What the next step multiplies gradients by.</summary>
    private float _gradientScale = 1f;

    /// <summary>Attaches the parameters to train; before the first step.</summary>
    /// <param name="parameters">With the names under which their state is saved.</param>
    /// <exception cref="InvalidOperationException">Parameters are attached already.</exception>
    public void Attach(IEnumerable<NamedParameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (Parameters.Count > 0)
        {
            throw new InvalidOperationException("the optimizer has its parameters already; make a new one for other parameters.");
        }

        Parameters = [.. parameters];
        foreach (NamedParameter p in Parameters)
        {
            AttachState(p);
        }
    }

    /// <summary>What it trains.</summary>
    public IReadOnlyList<NamedParameter> Parameters { get; private set; } = [];

    /// <summary>What it remembers between steps, such as momentum; part of a checkpoint.</summary>
    public IReadOnlyList<NamedBuffer> State => _state;

    /// <summary>Steps taken; part of a checkpoint.</summary>
    public long Steps { get; set; }

    /// <summary>Changes every parameter that has a gradient, and forgets the gradients.</summary>
    /// <param name="learningRate">η, at least 0.</param>
    public void Step(float learningRate)
    {
        Steps++;
        for (int i = 0; i < Parameters.Count; i++)
        {
            if (Parameters[i].Parameter is { IsFrozen: false, Gradient: not null } p)
            {
                Take(p.Value, p.Gradient, StepOf(i, p, learningRate * p.RateFactor, Steps));
                p.Value.Gradient = null;
            }

            Parameters[i].Parameter.Value.StepInPlace = null;
        }

        _gradientScale = 1f;
    }

    /// <summary>Lets the coming backward pass change a parameter while each part of its gradient is in the cache, so that the gradient is
    /// never stored: for a million prototypes two gigabytes less, and the same bits. Call it after the forward pass, before
    /// <see cref="Tape.Backward(Tensor)"/>; <see cref="Step"/> with the same learning rate does the rest. Gradients cannot be clipped then.</summary>
    /// <param name="loss">Its prototypes are changed.</param>
    /// <param name="learningRate">η, as <see cref="Step"/> will be given it.</param>
    /// <returns>False, and nothing is changed, for a loss that cannot do it.</returns>
    public bool StepInBackward(Loss loss, float learningRate)
    {
        ArgumentNullException.ThrowIfNull(loss);
        for (int i = 0; i < Parameters.Count && loss.CanStepInBackward; i++)
        {
            if (Parameters[i].Parameter is { IsFrozen: false, Gradient: null } p && p == loss.Prototypes)
            {
                p.Value.StepInPlace = StepOf(i, p, learningRate * p.RateFactor, Steps + 1);
                return true;
            }
        }

        return false;
    }

    /// <summary>Lets the next step scale all gradients so that their joint Euclidean norm is at most <paramref name="limit"/>.</summary>
    /// <returns>The norm before, in a fixed order of summation.</returns>
    public double ClipGradients(double limit)
    {
        double square = 0;
        foreach (NamedParameter p in Parameters)
        {
            square += p.Parameter.Gradient is { } gradient ? SumOfSquares(gradient, p.Parameter.Value.Spread) : 0;
        }

        double norm = Math.Sqrt(square);
        _gradientScale = norm > limit ? (float)(limit / norm) : 1f;
        return norm;
    }

    /// <summary>The full specification, as checkpoints store it.</summary>
    public override string ToString() => Registry<Optimizer>.SpecOf(this);

    /// <summary>Makes what the optimizer remembers of a parameter.</summary>
    private protected abstract void AttachState(NamedParameter parameter);

    /// <summary>What is done to one parameter in a step, the first of which is 1.</summary>
    private protected abstract OptimizerStep StepOf(int index, Parameter parameter, float learningRate, long step);

    private void Take(Tensor value, Tensor gradient, OptimizerStep step)
    {
        if (value.GradientRows is { } rows)
        {
            Backend.Current.StepRows(rows, value, gradient, step, _gradientScale);
        }
        else
        {
            Backend.Current.Step(value, gradient, step, _gradientScale);
        }
    }

    private static double SumOfSquares(Tensor gradient, SpreadRows? spread)
    {
        double sum = Backend.Current.SumOfSquares(gradient);
        spread?.Ranks.AllReduceSum(new Span<double>(ref sum));
        return sum;
    }

    private protected Tensor AddState(string name, Tensor of)
    {
        Tensor state = Tensor.EmptyUnscoped(of.Shape, spread: of.Spread);
        state.Span.Clear();
        _state.Add(new(name, state));
        return state;
    }
}
