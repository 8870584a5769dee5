using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Optimizers;

/// <summary>How the learning rate moves over the steps of a training.</summary>
/// <remarks>η_t = η · min(1, (t + 1)/warmup) · f(t/T), t = 0 … T − 1. In trainings shorter than three warm-ups a third of the steps warms
/// up.</remarks>
/// <param name="warmup">Steps of linear warm-up, 0 for none.</param>
public abstract class Schedule(int warmup)
{
    /// <summary>Steps of linear warm-up.</summary>
    public int Warmup { get; } = warmup;

    /// <summary>The learning rate of a step.</summary>
    /// <param name="peak">η.</param>
    /// <param name="step">t, from 0.</param>
    /// <param name="steps">T, steps of the whole training.</param>
    public float At(float peak, long step, long steps)
    {
        long rising = Math.Min(Warmup, steps / 3);
        double ramp = rising > 0 ? Math.Min(1, (step + 1.0) / rising) : 1;
        return (float)(peak * ramp * Factor(Math.Min(1, (double)step / Math.Max(steps, 1))));
    }

    /// <summary>The full specification, as checkpoints store it.</summary>
    public override string ToString() => Registry<Schedule>.SpecOf(this);

    /// <summary>f, given the share of the training that is done.</summary>
    protected abstract double Factor(double done);
}

/// <summary>The same rate throughout.</summary>
/// <param name="warmup">Steps of linear warm-up.</param>
[Component("constant", Summary = "the same rate throughout", Equation = "f = 1")]
public sealed class Constant([Range(0, 1e9), Description("steps of linear warm-up")] int warmup = 0) : Schedule(warmup)
{
    /// <inheritdoc/>
    protected override double Factor(double done) => 1;
}

/// <summary>Half a cosine down to 0 (Loshchilov and Hutter, ICLR 2017).</summary>
/// <param name="warmup">Steps of linear warm-up.</param>
[Component("cosine", Summary = "half a cosine down to 0", Equation = "f = ½(1 + cos(π·t/T))", Paper = "Loshchilov and Hutter, SGDR, ICLR 2017")]
public sealed class Cosine([Range(0, 1e9), Description("steps of linear warm-up")] int warmup = 0) : Schedule(warmup)
{
    /// <inheritdoc/>
    protected override double Factor(double done) => 0.5 * (1 + Math.Cos(Math.PI * done));
}

/// <summary>A power of what is left.</summary>
/// <param name="power">Exponent: 1 falls in a line.</param>
/// <param name="warmup">Steps of linear warm-up.</param>
[Component("polynomial", Summary = "a power of what is left", Equation = "f = (1 − t/T)ᵖ")]
public sealed class Polynomial(
    [Range(0.1, 10), Description("exponent p")] float power = 2f,
    [Range(0, 1e9), Description("steps of linear warm-up")] int warmup = 0)
    : Schedule(warmup)
{
    /// <summary>Exponent.</summary>
    public float Power { get; } = power;

    /// <inheritdoc/>
    protected override double Factor(double done) => Math.Pow(1 - done, Power);
}

/// <summary>Multiplied by γ at equal parts of the training.</summary>
/// <param name="drops">How many times it falls, at equal distances.</param>
/// <param name="gamma">Factor of each fall.</param>
/// <param name="warmup">Steps of linear warm-up.</param>
[Component("step", Summary = "falls by a factor at equal distances", Equation = "f = γ^⌊(drops + 1)·t/T⌋")]
public sealed class StepDown(
    [Range(1, 1000), Description("how many times the rate falls")] int drops = 2,
    [Range(0.001, 1), Description("factor γ of each fall")] float gamma = 0.1f,
    [Range(0, 1e9), Description("steps of linear warm-up")] int warmup = 0)
    : Schedule(warmup)
{
    /// <summary>How many times it falls.</summary>
    public int Drops { get; } = drops;

    /// <summary>Factor of each fall.</summary>
    public float Gamma { get; } = gamma;

    /// <inheritdoc/>
    protected override double Factor(double done) => Math.Pow(Gamma, Math.Min(Drops, Math.Floor((Drops + 1) * done)));
}
