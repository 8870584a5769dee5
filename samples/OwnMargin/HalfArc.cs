using Hypersphere.Losses;
using Hypersphere.Registry;

namespace OwnMargin;

[Component("half-arc", Summary = "half of ArcFace's margin")]
public sealed class HalfArc(LossContext context, float margin = 0.25f, float scale = 16) : MarginSoftmaxLoss(context, scale)
{
    public float Margin { get; } = margin;

    protected override void Target(in TargetBatch batch)
    {
        for (int i = 0; i < batch.Cosines.Length; i++)
        {
            double theta = Math.Acos(Math.Clamp(batch.Cosines[i], -0.9999f, 0.9999f));
            batch.Values[i] = (float)Math.Cos(theta + Margin);                              // ψ(θ)
            batch.Slopes[i] = (float)(Math.Sin(theta + Margin) / Math.Sin(theta));          // dψ/dcos θ
        }
    }
}
