using Hypersphere.Tensors;

namespace Hypersphere.Layers;

/// <summary>Something with parameters: a layer, a network, a loss.</summary>
public abstract class Module
{
    private readonly List<(string Name, Module Module)> _children = [];
    private readonly List<NamedParameter> _parameters = [];
    private readonly List<NamedBuffer> _buffers = [];
    private bool _training = true;

    /// <summary>Whether it trains (batch statistics, dropout) or is used (running statistics); never trains when frozen.</summary>
    public bool IsTraining => _training && !IsFrozen;

    /// <summary>Whether <see cref="Freeze"/> keeps it as it is.</summary>
    public bool IsFrozen { get; private set; }

    /// <summary>Whether it is made of other modules.</summary>
    internal bool HasChildren => _children.Count > 0;

    /// <summary>Where this rank's rows begin in the batch of the current step.</summary>
    private protected int FirstRow { get; private set; }

    /// <summary>Randomness of the current step: depends on the seed and the step alone.</summary>
    private protected Rng StepRandom { get; private set; }

    /// <summary>Itself and all that it is made of.</summary>
    internal IEnumerable<Module> Family() => _children.SelectMany(c => c.Module.Family()).Prepend(this);

    /// <summary>All parameters, its own first, then its children's, in order of construction.</summary>
    public IEnumerable<NamedParameter> Parameters() =>
        _parameters.Concat(_children.SelectMany(c => c.Module.Parameters().Select(p => p with { Name = $"{c.Name}.{p.Name}" })));

    /// <summary>All numbers that it carries along without training them.</summary>
    public IEnumerable<NamedBuffer> Buffers() =>
        _buffers.Concat(_children.SelectMany(c => c.Module.Buffers().Select(b => b with { Name = $"{c.Name}.{b.Name}" })));

    /// <summary>How many numbers training changes.</summary>
    public long ParameterCount() => Parameters().Sum(p => (long)p.Parameter.Value.Count);

    /// <summary>Switches it and its children between training and use.</summary>
    public void SetTraining(bool training)
    {
        _training = training;
        foreach ((_, Module child) in _children)
        {
            child.SetTraining(training);
        }
    }

    /// <summary>Keeps it as it is, its children too (or lets them change again): parameters get no gradient, running statistics are used but
    /// not moved, nothing is dropped.</summary>
    public void Freeze(bool frozen = true)
    {
        IsFrozen = frozen;
        foreach ((_, Parameter p) in _parameters)
        {
            p.IsFrozen = frozen;
        }

        foreach ((_, Module child) in _children)
        {
            child.Freeze(frozen);
        }
    }

    /// <summary>Sets the randomness of the step about to be taken, so that a resumed run draws what an uninterrupted one would.</summary>
    /// <param name="random">The run's randomness forked by the step.</param>
    /// <param name="firstRow">Where the rows that it will see begin in a batch that is spread over ranks.</param>
    public void BeginStep(Rng random, int firstRow = 0)
    {
        (StepRandom, FirstRow) = (random, firstRow);
        for (int i = 0; i < _children.Count; i++)
        {
            _children[i].Module.BeginStep(random.Fork("child", i), firstRow);
        }
    }

    /// <summary>Registers a child under a name of the state dictionary.</summary>
    protected T Add<T>(string name, T child)
        where T : Module
    {
        _children.Add((name, child));
        return child;
    }

    /// <summary>Registers a parameter under a name of the state dictionary.</summary>
    protected Parameter Add(string name, Parameter parameter)
    {
        _parameters.Add(new(name, parameter));
        return parameter;
    }

    /// <summary>Registers numbers that are saved but not trained.</summary>
    /// <param name="name">Name in the state dictionary.</param>
    /// <param name="shape">Shape.</param>
    /// <param name="initial">Value of every number.</param>
    protected Tensor AddBuffer(string name, Shape shape, float initial)
    {
        Tensor buffer = Tensor.EmptyUnscoped(shape);
        buffer.Span.Fill(initial);
        _buffers.Add(new(name, buffer));
        return buffer;
    }
}
