namespace Hypersphere.Oracles.Losses;

/// <summary>Proxy-Anchor, proxy by proxy.</summary>
public sealed class ProxyAnchorOracle : LossOracle
{
    public required double Margin { get; init; }

    public required double Alpha { get; init; }

    public override double Value(double[][] inputs, double[][] frozen)
    {
        int proxies = inputs[1].Length / Dimensions;
        double positive = 0, negative = 0;
        for (int p = 0; p < proxies; p++)
        {
            double own = 0, others = 0;
            for (int i = 0; i < Rows; i++)
            {
                double cosine = Cosine(Row(inputs[0], i), Row(inputs[1], p));
                own += Labels[i] == p ? Math.Exp(-Alpha * (cosine - Margin)) : 0;
                others += Labels[i] == p || Labels[i] < 0 ? 0 : Math.Exp(Alpha * (cosine + Margin));
            }

            (positive, negative) = (positive + Math.Log(1 + own), negative + Math.Log(1 + others));
        }

        return (positive / Labels.Where(l => l >= 0).Distinct().Count()) + (negative / proxies);
    }
}
