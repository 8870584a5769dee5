using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Classification;

/// <summary>A margin that follows the quality of the image, told by the length of its embedding.</summary>
/// <remarks>ψ(θ) = cos(θ − m·k) − (m + m·k) with k = clip(h·(‖x‖ − μ)/(σ + 10⁻³), −1, 1): long embeddings (k = 1) get their margin on the
/// cosine, short ones (k = −1) on the angle. ‖x‖ is clipped to [10⁻³, 100]; μ and σ are moving averages of its mean and unbiased standard
/// deviation, updated by each training batch before use and kept in checkpoints; a batch of one leaves σ as it is. As in the authors' code,
/// θ − m·k is kept within [ε, π − ε] and every cosine within ±(1 − ε), without gradient outside. Detached: ‖x‖ in k, or the network could
/// lower its loss by shortening embeddings. Cost 3 · 2·N·C·D flops; holds N×C exponentials, or nothing beyond
/// <see cref="LossContext.ScratchBudget"/>. Kim et al., CVPR 2022, eq. 15–17.</remarks>
[Component(
    "adaface", Summary = "margin that follows image quality, read from the norm",
    Equation = "ψ(θ) = cos(θ − m·k) − (m + m·k), k = clip(h·(‖x‖ − μ)/σ, −1, 1)",
    Paper = "Kim et al., AdaFace: quality adaptive margin for face recognition, CVPR 2022",
    Peers = "AdaFace by its authors; their code divides by the deviation of a batch of one, which is NaN",
    Cost = "3 products of 2·N·C·D flops; N×C exponentials held once, or not at all beyond the scratch budget (then 4 products)",
    Detached = "holds the norm in the margin constant, or training would shorten embeddings")]
public sealed class AdaFace : MarginSoftmaxLoss
{
    private readonly Tensor _mean;
    private readonly Tensor _deviation;

    /// <summary>Makes the prototypes; μ begins at 20, σ at 100.</summary>
    /// <param name="context">Classes, embedding size, randomness.</param>
    /// <param name="margin">m.</param>
    /// <param name="h">Concentration: how many standard deviations reach the ends of the margin.</param>
    /// <param name="scale">s.</param>
    /// <param name="momentum">Share of a batch in the moving averages.</param>
    /// <param name="epsilon">ε.</param>
    public AdaFace(
        LossContext context,
        [Range(0, 1), Description("margin m, radians on the angle and units of the cosine")] float margin = 0.4f,
        [Range(0, 10), Description("concentration h")] float h = 0.333f,
        [Range(0.01, 4096), Description("scale s")] float scale = 64f,
        [Range(0, 1), Description("share of a batch in the moving averages of the norm")] float momentum = 0.01f,
        [Range(0, 0.1), Description("how far cosines and angles stay from the ends, ε")] float epsilon = 1e-3f)
        : base(context, scale)
    {
        (Margin, H, Momentum, Epsilon) = (margin, h, momentum, epsilon);
        _mean = AddBuffer("norm_mean", new Shape(1), 20);
        _deviation = AddBuffer("norm_deviation", new Shape(1), 100);
    }

    /// <summary>m.</summary>
    public float Margin { get; }

    /// <summary>Concentration: how many standard deviations reach the ends of the margin.</summary>
    public float H { get; }

    /// <summary>Share of a batch in the moving averages.</summary>
    public float Momentum { get; }

    /// <summary>ε.</summary>
    public float Epsilon { get; }

    /// <summary>μ, the moving average of ‖x‖.</summary>
    public float NormMean => _mean.Span[0];

    /// <summary>σ, the moving average of the standard deviation of ‖x‖.</summary>
    public float NormDeviation => _deviation.Span[0];

    /// <inheritdoc/>
    public override bool DependsOnLength => true;

    /// <inheritdoc/>
    protected override void Observe(in TargetBatch batch)
    {
        (double sum, int count) = (0, 0);
        for (int i = 0; i < batch.Norms.Length; i++)
        {
            (sum, count) = batch.Labels[i] < 0 ? (sum, count) : (sum + Clipped(batch.Norms[i]), count + 1);
        }

        (double mean, double squares) = (sum / Math.Max(count, 1), 0);
        for (int i = 0; i < batch.Norms.Length; i++)
        {
            squares += batch.Labels[i] < 0 ? 0 : Math.Pow(Clipped(batch.Norms[i]) - mean, 2);
        }

        if (count > 0)
        {
            _mean.Span[0] = (float)((Momentum * mean) + ((1.0 - Momentum) * NormMean));
        }

        if (count > 1)
        {
            _deviation.Span[0] = (float)((Momentum * Math.Sqrt(squares / (count - 1))) + ((1.0 - Momentum) * NormDeviation));
        }
    }

    /// <inheritdoc/>
    protected override void Target(in TargetBatch batch)
    {
        double m = Margin * Ramp, end = 1.0 - Epsilon;
        for (int i = 0; i < batch.Cosines.Length; i++)
        {
            double k = Math.Clamp(H * (Clipped(batch.Norms[i]) - NormMean) / (NormDeviation + 1e-3), -1, 1);
            double theta = Math.Acos(Math.Clamp(batch.Cosines[i], -end, end)), moved = theta - (m * k);
            bool inside = Math.Abs(batch.Cosines[i]) <= end && moved > Epsilon && moved < Math.PI - Epsilon;
            batch.Values[i] = (float)(Math.Cos(Math.Clamp(moved, Epsilon, Math.PI - Epsilon)) - m - (m * k));
            batch.Slopes[i] = inside ? (float)Angle.Slope(theta, 1, -m * k) : 0f;
        }
    }

    /// <inheritdoc/>
    protected override HardNegatives Negatives(in TargetBatch batch)
    {
        float[] thresholds = new float[batch.Cosines.Length];
        thresholds.AsSpan().Fill(1 - Epsilon);
        return new(thresholds, Constant: 1 - Epsilon, Linear: 0, Quadratic: 0);
    }

    private static double Clipped(float norm) => Math.Clamp(norm, 1e-3, 100);
}
