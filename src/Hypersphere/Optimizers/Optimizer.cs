using Hypersphere.Backends;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Optimizers;

/// <summary>Changes parameters along their gradients.</summary>
public abstract class Optimizer
{
    private readonly List<NamedBuffer> _state = [];

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

    /// <summary>What the next step multiplies gradients by.</summary>
    private protected float GradientScale { get; private set; } = 1f;

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
                Update(i, p, learningRate * p.RateFactor);
                p.Value.Gradient = null;
            }
        }

        GradientScale = 1f;
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
        GradientScale = norm > limit ? (float)(limit / norm) : 1f;
        return norm;
    }

    /// <summary>The full specification, as checkpoints store it.</summary>
    public override string ToString() => Registry<Optimizer>.SpecOf(this);

    /// <summary>Makes what the optimizer remembers of a parameter.</summary>
    private protected abstract void AttachState(NamedParameter parameter);

    /// <summary>Changes one parameter.</summary>
    private protected abstract void Update(int index, Parameter parameter, float learningRate);

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
