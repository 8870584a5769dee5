using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Ops;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Classification;

/// <summary>Every proxy as an anchor that draws its own rows and pushes away the others, the hardest most.</summary>
/// <remarks>ℓ = 1/|P⁺| · Σ_{p∈P⁺} log(1 + Σ_{x of p} e^{−α(cos − δ)}) + 1/C · Σ_p log(1 + Σ_{x not of p} e^{α(cos + δ)}), P⁺ the proxies
/// with rows in the batch. Weights of rows multiply the exponentials. Nothing is detached. Cost 3 · 2·N·C·D flops; holds two N×C matrices,
/// the cosines and their derivatives. Kim et al., CVPR 2020, eq. 4.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
/// <param name="margin">δ.</param>
/// <param name="alpha">α, the scale.</param>
[Component(
    "proxy-anchor", Summary = "proxies as anchors for all rows of a batch",
    Equation = "ℓ = mean_{P⁺} log(1 + Σ e^{−α(cos − δ)}) + mean_P log(1 + Σ e^{α(cos + δ)})",
    Paper = "Kim et al., Proxy anchor loss for deep metric learning, CVPR 2020",
    Peers = "pytorch-metric-learning and the authors' code",
    Cost = "3 products of 2·N·C·D flops; N×C cosines and their derivatives")]
public sealed class ProxyAnchor(
    LossContext context,
    [Range(0, 2), Description("margin δ on the cosine")] float margin = 0.1f,
    [Range(0.01, 4096), Description("scale α")] float alpha = 32f)
    : ProxyLoss(context)
{
    /// <summary>δ.</summary>
    public float Margin { get; } = margin;

    /// <summary>α, the scale.</summary>
    public float Alpha { get; } = alpha;

    /// <inheritdoc/>
    public override (float[] Values, float[] Slopes)? TargetCurve(ReadOnlySpan<double> theta, float norm = 1) =>
        Sample(theta, c => (c - Margin, 1));

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor embeddings, ReadOnlyMemory<int> labels, ReadOnlyMemory<float> sampleWeights)
    {
        Tensor cosines = Similarity.Products(Similarity.Unit(embeddings), Similarity.Unit(Prototypes.Value));
        return Scalar.Forward([cosines], gradients =>
        {
            int present = labels.ToArray().Where(l => l >= 0).Distinct().Count();
            double[] terms = new double[Context.Classes];
            ParallelRows.Run(terms.Length, p =>
            {
                Side own = new(cosines, gradients[0], labels, sampleWeights, p, IsOwn: true);
                Side others = own with { IsOwn = false };
                terms[p] = Term(own, -Alpha, -Margin, 1.0 / Math.Max(present, 1)) + Term(others, Alpha, Margin, 1.0 / terms.Length);
            });
            return terms.Sum();
        });
    }

    /// <summary>share·log(1 + Σ w·e^{α(cos + δ)}) over one side of a proxy, with its derivatives.</summary>
    private static double Term(in Side side, double alpha, double delta, double share)
    {
        (double max, double sum) = (double.NegativeInfinity, 0);
        for (int i = 0; i < side.Rows; i++)
        {
            max = side.Contains(i) ? Math.Max(max, side.Exponent(i, alpha, delta)) : max;
        }

        if (double.IsNegativeInfinity(max))
        {
            return 0;
        }

        for (int i = 0; i < side.Rows; i++)
        {
            sum += side.Contains(i) ? Math.Exp(side.Exponent(i, alpha, delta) - max) : 0;
        }

        double log = Math.Log(sum) + max, factor = share * alpha * Smooth.Sigmoid(log) / sum;
        for (int i = 0; i < side.Rows; i++)
        {
            if (side.Contains(i))
            {
                side.Gradient.Span[side.Index(i)] = (float)(factor * Math.Exp(side.Exponent(i, alpha, delta) - max));
            }
        }

        return share * Smooth.Softplus(log);
    }

    /// <summary>The rows of a proxy's class, or those of all others.</summary>
    private readonly record struct Side(
        Tensor Cosines, Tensor Gradient, ReadOnlyMemory<int> Labels, ReadOnlyMemory<float> Weights, int Proxy, bool IsOwn)
    {
        public int Rows => Labels.Length;

        public bool Contains(int row) =>
            Labels.Span[row] >= 0 && (Labels.Span[row] == Proxy) == IsOwn && (Weights.IsEmpty || Weights.Span[row] > 0);

        public int Index(int row) => (row * Cosines.Shape[1]) + Proxy;

        public double Exponent(int row, double alpha, double delta) =>
            (alpha * (Cosines.Span[Index(row)] + delta)) + (Weights.IsEmpty ? 0 : Math.Log(Weights.Span[row]));
    }
}
