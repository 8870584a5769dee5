using Hypersphere.Backends;
using Hypersphere.Ops;
using Hypersphere.Tensors;

namespace Hypersphere.Layers;

/// <summary>Batch normalisation over the last axis: y = γ · (x − μ) / √(σ² + ε) + β (Ioffe and Szegedy, ICML 2015).</summary>
/// <remarks>Training uses the batch's mean and biased variance, and moves the running ones by <c>momentum</c> towards them (the variance
/// unbiased, as in PyTorch); in use the running ones are taken.</remarks>
public abstract class BatchNorm : Layer
{
    private readonly BatchNormState _state;

    private protected BatchNorm(int channels, float epsilon, float momentum, bool scale, bool shift)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        if (scale)
        {
            Scale = Add("weight", new Parameter(new Shape(channels), ParameterKind.Vector));
            Scale.Value.Span.Fill(1f);
        }

        if (shift)
        {
            Shift = Add("bias", new Parameter(new Shape(channels), ParameterKind.Vector));
        }

        RunningMean = AddBuffer("running_mean", new Shape(channels), 0f);
        RunningVariance = AddBuffer("running_var", new Shape(channels), 1f);
        _state = new(channels, Scale?.Value, Shift?.Value, RunningMean, RunningVariance, epsilon, momentum);
    }

    /// <summary>γ [C], if there is one.</summary>
    public Parameter? Scale { get; }

    /// <summary>β [C], if there is one.</summary>
    public Parameter? Shift { get; }

    /// <summary>Running mean [C].</summary>
    public Tensor RunningMean { get; }

    /// <summary>Running variance [C].</summary>
    public Tensor RunningVariance { get; }

    /// <summary>Channels that it normalises.</summary>
    public int Channels => _state.Channels;

    /// <summary>Added to the variance.</summary>
    public float Epsilon => _state.Epsilon;

    /// <summary>Takes the statistics of a batch over the rows of all ranks, instead of this process' rows alone.</summary>
    internal void Synchronise(Collectives.ICollective ranks) => _state.Ranks = ranks;

    /// <summary>This layer and then the other in one pass, where that is possible: while training, with a slope for each channel.</summary>
    internal Tensor? TryForward(Tensor x, PReLU rectifier)
    {
        if (!IsTraining || rectifier.Slope.Value.Count != Channels || GraphRecorder.Current is not null)
        {
            return null;
        }

        RequireFitting(x);
        return Normalize.ByBatchRectified(_state, x, rectifier.Slope.Value);
    }

    /// <summary>This layer plus another tensor in one pass, where that is possible: while training.</summary>
    internal Tensor? TryForward(Tensor x, Tensor plus)
    {
        if (!IsTraining || GraphRecorder.Current is not null || plus.Shape != x.Shape)
        {
            return null;
        }

        RequireFitting(x);
        return Normalize.ByBatch(_state, x, plus);
    }

    /// <summary>Refuses an input of another shape.</summary>
    private protected abstract void RequireFitting(Tensor x);

    /// <inheritdoc/>
    protected sealed override Tensor Compute(Tensor x)
    {
        RequireFitting(x);
        return IsTraining ? Normalize.ByBatch(_state, x) : Normalize.ByRunning(_state, x);
    }
}

/// <summary>Batch normalisation of vectors [N, C].</summary>
/// <param name="channels">C.</param>
/// <param name="epsilon">Added to the variance.</param>
/// <param name="momentum">Weight of the new batch in the running statistics.</param>
/// <param name="scale">Whether γ is learned (1 otherwise).</param>
/// <param name="shift">Whether β is learned (0 otherwise).</param>
public sealed class BatchNorm1d(int channels, float epsilon = 1e-5f, float momentum = 0.1f, bool scale = true, bool shift = true)
    : BatchNorm(channels, epsilon, momentum, scale, shift)
{
    private protected override void RequireFitting(Tensor x)
    {
        if (x.Shape.Rank != 2 || x.Shape[1] != Channels)
        {
            Throw.Shape("BatchNorm1d", "the input", $"[N, {Channels}]", x.Shape.ToString());
        }
    }
}

/// <summary>Batch normalisation of images [N, H, W, C], a channel at a time.</summary>
/// <param name="channels">C.</param>
/// <param name="epsilon">Added to the variance.</param>
/// <param name="momentum">Weight of the new batch in the running statistics.</param>
/// <param name="scale">Whether γ is learned (1 otherwise).</param>
/// <param name="shift">Whether β is learned (0 otherwise).</param>
public sealed class BatchNorm2d(int channels, float epsilon = 1e-5f, float momentum = 0.1f, bool scale = true, bool shift = true)
    : BatchNorm(channels, epsilon, momentum, scale, shift)
{
    private protected override void RequireFitting(Tensor x) => RequireImages("BatchNorm2d", x, Channels);
}

/// <summary>Batch normalisation over the last axis of vectors or images.</summary>
/// <param name="channels">C.</param>
/// <param name="epsilon">Added to the variance.</param>
/// <param name="momentum">Weight of the new batch in the running statistics.</param>
public sealed class BatchNormAny(int channels, float epsilon = 1e-5f, float momentum = 0.1f) : BatchNorm(channels, epsilon, momentum, scale: true, shift: true)
{
    private protected override void RequireFitting(Tensor x)
    {
        if (x.Shape.Rank < 2 || x.Shape[-1] != Channels)
        {
            Throw.Shape("BatchNormAny", "the input's last dimension", $"{Channels}", x.Shape.ToString());
        }
    }
}
