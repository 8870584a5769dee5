using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Classification;

/// <summary>Angular softmax (A-Softmax): the target angle is multiplied by <c>margin</c>; logits keep the length of the
/// embedding.</summary>
/// <remarks>zⱼ = s·‖x‖·cos θⱼ, z_y = s·‖x‖·(λ·cos θ_y + ψ(θ_y))/(1 + λ), ψ(θ) = (−1)ᵏ·cos(mθ) − 2k with k = ⌊mθ/π⌋, which falls from 0 to
/// π. With annealing λ = max(λ_min, λ₀·(1 + γt)^−p) falls with the batches t seen in training, t counted before use and kept in a buffer,
/// so that a checkpoint resumes it. Prototypes count by their direction alone. Nothing is detached: k is constant almost everywhere, λ does
/// not depend on the batch. Cost 3 · 2·N·C·D flops; holds N×C exponentials, or nothing beyond <see cref="LossContext.ScratchBudget"/>. Liu
/// et al., CVPR 2017, eq. 7.</remarks>
[Component(
    "sphereface", Aliases = "a-softmax", Summary = "multiplicative margin on the angle, length of the embedding kept",
    Equation = "ψ(θ) = (−1)ᵏ·cos(mθ) − 2k, k = ⌊mθ/π⌋; z_y = s·‖x‖·(λ·cos θ + ψ)/(1 + λ)",
    Paper = "Liu et al., SphereFace: deep hypersphere embedding for face recognition, CVPR 2017, eq. 7",
    Peers = "arcface-pytorch (SphereProduct) and sphereface_pytorch with the annealing; pytorch-metric-learning with annealing=false",
    Cost = "3 products of 2·N·C·D flops; N×C exponentials held once, or not at all beyond the scratch budget (then 4 products)")]
public sealed class SphereFace : MarginSoftmaxLoss
{
    private readonly Tensor _batches;

    /// <summary>Makes the prototypes; λ begins at λ₀.</summary>
    /// <param name="context">Classes, embedding size, randomness.</param>
    /// <param name="margin">m, multiplies the angle; need not be whole.</param>
    /// <param name="scale">s, multiplies every logit beside ‖x‖.</param>
    /// <param name="annealing">Whether λ softens the margin at first.</param>
    /// <param name="lambdaStart">λ₀.</param>
    /// <param name="lambdaDecay">γ, how fast λ falls.</param>
    /// <param name="lambdaPower">p.</param>
    /// <param name="lambdaMin">λ_min.</param>
    public SphereFace(
        LossContext context,
        [Range(1, 8), Description("multiplicative angular margin m")] float margin = 4f,
        [Range(0.01, 4096), Description("scale s beside the length of the embedding")] float scale = 1f,
        [Description("whether λ softens the margin at first")] bool annealing = true,
        [Range(0, 1e6), Description("λ at the first batch")] float lambdaStart = 1000f,
        [Range(0, 1e6), Description("γ in λ = λ₀·(1 + γt)^−p")] float lambdaDecay = 0.12f,
        [Range(0, 8), Description("p in λ = λ₀·(1 + γt)^−p")] float lambdaPower = 1f,
        [Range(0, 1e6), Description("the least λ")] float lambdaMin = 5f)
        : base(context, scale)
    {
        (Margin, Annealing) = (margin, annealing);
        (LambdaStart, LambdaDecay, LambdaPower, LambdaMin) = (lambdaStart, lambdaDecay, lambdaPower, lambdaMin);
        _batches = AddBuffer("batches", new Shape(1), 0);
    }

    /// <summary>m, multiplies the angle.</summary>
    public float Margin { get; }

    /// <summary>Whether λ softens the margin at first.</summary>
    public bool Annealing { get; }

    /// <summary>λ₀.</summary>
    public float LambdaStart { get; }

    /// <summary>γ, how fast λ falls.</summary>
    public float LambdaDecay { get; }

    /// <summary>p.</summary>
    public float LambdaPower { get; }

    /// <summary>λ_min.</summary>
    public float LambdaMin { get; }

    /// <inheritdoc/>
    public override bool ScaleByNorm => true;

    /// <summary>λ of the last batch; 0 without annealing.</summary>
    public double Lambda =>
        Annealing ? Math.Max(LambdaMin, LambdaStart * Math.Pow(1 + ((double)LambdaDecay * _batches.Span[0]), -LambdaPower)) : 0;

    /// <inheritdoc/>
    public override bool DependsOnLength => true;

    /// <inheritdoc/>
    protected override void Observe(in TargetBatch batch) => _batches.Span[0]++;

    /// <inheritdoc/>
    protected override void Target(in TargetBatch batch)
    {
        double share = 1 / (1 + Lambda), m = 1 + ((Margin - 1) * Ramp);
        for (int i = 0; i < batch.Cosines.Length; i++)
        {
            (double value, double slope) = Angle.Multiplied(batch.Cosines[i], m);
            batch.Values[i] = (float)(batch.Cosines[i] + (share * (value - batch.Cosines[i])));
            batch.Slopes[i] = (float)(1 + (share * (slope - 1)));
        }
    }
}
