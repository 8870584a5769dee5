using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Classification;

/// <summary>ArcFace whose hard negatives weigh little at first and more as training goes on.</summary>
/// <remarks>ψ is ArcFace's. Another class with cos θⱼ &gt; cos(θ_y + m) counts as cosⱼ·(t + cosⱼ). t is the moving average of the target
/// cosines, t ← α·mean + (1 − α)·t, updated by each training batch before use, from 0; a buffer keeps it in checkpoints. Detached: t, which
/// is a statistic of training rather than a function to be made small. Cost 3 · 2·N·C·D flops; holds N×C exponentials, or nothing beyond
/// <see cref="LossContext.ScratchBudget"/>. Huang et al., CVPR 2020, eq. 4–6.</remarks>
[Component(
    "curricularface", Summary = "ArcFace with negatives that count more as training goes on",
    Equation = "ψ(θ) = cos(θ + m); negatives with cosⱼ > cos(θ_y + m): cosⱼ·(t + cosⱼ), t ← α·mean cos θ_y + (1 − α)·t",
    Paper = "Huang et al., CurricularFace: adaptive curriculum learning loss for deep face recognition, CVPR 2020",
    Peers = "CurricularFace by its authors, TFace (whose share α is 0.1); they update t in use as well, here only in training",
    Cost = "3 products of 2·N·C·D flops; N×C exponentials held once, or not at all beyond the scratch budget (then 4 products)",
    Detached = "holds t constant, a statistic of training, not a function to be made small")]
public sealed class CurricularFace : MarginSoftmaxLoss
{
    private readonly Tensor _t;

    /// <summary>Makes the prototypes; t begins at 0.</summary>
    /// <param name="context">Classes, embedding size, randomness.</param>
    /// <param name="margin">m, in radians.</param>
    /// <param name="scale">s.</param>
    /// <param name="momentum">α, the share of a batch in t.</param>
    public CurricularFace(
        LossContext context,
        [Range(0, Math.PI / 2), Description("additive angular margin m, radians")] float margin = 0.5f,
        [Range(0.01, 4096), Description("scale s")] float scale = 64f,
        [Range(0, 1), Description("share α of a batch in the moving average t")] float momentum = 0.01f)
        : base(context, scale)
    {
        (Margin, Momentum) = (margin, momentum);
        _t = AddBuffer("t", new Shape(1), 0);
    }

    /// <summary>m, in radians.</summary>
    public float Margin { get; }

    /// <summary>α, the share of a batch in t.</summary>
    public float Momentum { get; }

    /// <summary>t as the last batch left it.</summary>
    public float T => _t.Span[0];

    /// <inheritdoc/>
    protected override void Observe(in TargetBatch batch)
    {
        double sum = 0;
        int counted = 0;
        for (int i = 0; i < batch.Cosines.Length; i++)
        {
            (sum, counted) = batch.Labels[i] < 0 ? (sum, counted) : (sum + batch.Cosines[i], counted + 1);
        }

        if (counted > 0)
        {
            _t.Span[0] = (float)((Momentum * sum / counted) + ((1.0 - Momentum) * _t.Span[0]));
        }
    }

    /// <inheritdoc/>
    protected override void Target(in TargetBatch batch)
    {
        for (int i = 0; i < batch.Cosines.Length; i++)
        {
            (double value, double slope) = Angle.Widened(batch.Cosines[i], Margin * Ramp);
            batch.Values[i] = (float)value;
            batch.Slopes[i] = (float)slope;
        }
    }

    /// <inheritdoc/>
    protected override HardNegatives Negatives(in TargetBatch batch)
    {
        float[] thresholds = new float[batch.Cosines.Length];
        for (int i = 0; i < thresholds.Length; i++)
        {
            thresholds[i] = (float)Math.Cos(Angle.Of(batch.Cosines[i]) + (Margin * Ramp));
        }

        return new(thresholds, Constant: 0, Linear: T, Quadratic: 1);
    }
}
