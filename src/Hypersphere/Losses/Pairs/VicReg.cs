using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Backends;
using Hypersphere.Ops;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Pairs;

/// <summary>Two views of a sample alike, every coordinate spread out, no two coordinates telling the same.</summary>
/// <remarks>ℓ = λ·mean ‖z − z′‖²/D + μ·(v(Z) + v(Z′)) + ν·(c(Z) + c(Z′)), v = mean over the coordinates of [1 − √(var + ε)]₊/2, c = sum of
/// the squared covariances of different coordinates / D; unbiased variances. Bardes et al., VICReg, ICLR 2022, eq. 1 to 6 (the half in v as
/// in pytorch-metric-learning). Embeddings as they are, not normalised. Views come as two tensors; from labels, as in training, the first
/// and second, the third and fourth … row of a class are views of each other, so that batches should hold two (or an even number) of every
/// class; a row that is left over takes no part. There are no negatives. Fewer than two pairs: variances and covariances, which they do not
/// have, count 0; none: 0. True derivative. Cost 8·n·D² flops for n pairs, 2·D² + 4·n·D numbers.</remarks>
/// <param name="context">Classes, embedding size, randomness.</param>
/// <param name="invariance">λ.</param>
/// <param name="variance">μ.</param>
/// <param name="covariance">ν.</param>
/// <param name="epsilon">ε.</param>
[Component(
    "vicreg", Summary = "views alike, coordinates spread out and uncorrelated", Equation = "ℓ = λ·mean‖z − z′‖²/D + μ·Σ[1 − √(var + ε)]₊/2D + ν·Σ cov²/D",
    Paper = "Bardes et al., VICReg: variance-invariance-covariance regularization for self-supervised learning, ICLR 2022",
    Peers = "pytorch-metric-learning's VICRegLoss; the paper's own code takes means over N·D and halves in other places",
    Cost = "8·n·D² flops for n pairs; 2·D² + 4·n·D numbers")]
public sealed class VicReg(
    LossContext context,
    [Range(0, 10000), Description("weight λ of the difference of the views")] float invariance = 25,
    [Range(0, 10000), Description("weight μ of the variances")] float variance = 25,
    [Range(0, 10000), Description("weight ν of the covariances")] float covariance = 1,
    [Range(1e-12, 1), Description("ε, added to variances")] float epsilon = 1e-4f)
    : Loss(context)
{
    /// <summary>λ.</summary>
    public float Invariance { get; } = invariance;

    /// <summary>μ.</summary>
    public float Variance { get; } = variance;

    /// <summary>ν.</summary>
    public float Covariance { get; } = covariance;

    /// <summary>ε.</summary>
    public float Epsilon { get; } = epsilon;

    /// <inheritdoc/>
    public override bool DependsOnLength => true;

    /// <inheritdoc/>
    public override bool NeedsPositives => true;

    /// <summary>The loss of two views of the same samples.</summary>
    /// <param name="first">[n, D].</param>
    /// <param name="second">[n, D], row for row another view.</param>
    /// <returns>A single number.</returns>
    /// <exception cref="ShapeException">The views differ in shape, or from what the loss was built for.</exception>
    public Tensor Forward(Tensor first, Tensor second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        int[] rows = [.. Enumerable.Range(0, first.Shape[0])];
        RequireFitting(first, new int[rows.Length]);
        RequireFitting(second, new int[rows.Length]);
        return Scalar.Forward([first, second], gradients => Evaluate((first, gradients[0], rows), (second, gradients[1], rows)));
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor embeddings, ReadOnlyMemory<int> labels)
    {
        (int[] first, int[] second) = Views(labels.Span);
        return Scalar.Forward([embeddings], gradients => Evaluate((embeddings, gradients[0], first), (embeddings, gradients[0], second)));
    }

    /// <summary>The rows of every class in turn: first, second, first, second.</summary>
    private static (int[] First, int[] Second) Views(ReadOnlySpan<int> labels)
    {
        Dictionary<int, int> waiting = [];
        List<(int, int)> pairs = [];
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] >= 0 && !waiting.TryAdd(labels[i], i))
            {
                waiting.Remove(labels[i], out int first);
                pairs.Add((first, i));
            }
        }

        return ([.. pairs.Select(p => p.Item1)], [.. pairs.Select(p => p.Item2)]);
    }

    private double Evaluate((Tensor X, Tensor Gradient, int[] Rows) first, (Tensor X, Tensor Gradient, int[] Rows) second)
    {
        (int pairs, int size) = (first.Rows.Length, Context.Embedding);
        double sum = 0;
        for (int i = 0; i < pairs; i++)
        {
            (int a, int b) = (first.Rows[i] * size, second.Rows[i] * size);
            for (int d = 0; d < size; d++)
            {
                double difference = (double)first.X.Span[a + d] - second.X.Span[b + d];
                float slope = (float)(2.0 * Invariance * difference / size / pairs);
                sum += difference * difference;
                first.Gradient.Span[a + d] += slope;
                second.Gradient.Span[b + d] -= slope;
            }
        }

        double loss = pairs == 0 ? 0 : Invariance * sum / size / pairs;
        return pairs < 2 ? loss : loss + Spread(first.X, first.Gradient, first.Rows) + Spread(second.X, second.Gradient, second.Rows);
    }

    /// <summary>μ·v + ν·c of one view; adds the derivatives.</summary>
    private double Spread(Tensor x, Tensor gradient, int[] rows)
    {
        (int count, int size) = (rows.Length, Context.Embedding);
        Tensor centred = Centre(x, rows), products = Tensor.Empty(new Shape(size, size)), back = Tensor.Empty(centred.Shape);
        Backend.Current.MatMul(centred, true, centred, false, new(products, false));
        double[] variances = new double[size];
        for (int i = 0; i < count * size; i++)
        {
            variances[i % size] += (double)centred.Span[i] * centred.Span[i] / (count - 1);
        }

        double spread = 0, squares = 0, factor = 4.0 * Covariance / size / (count - 1);
        for (int d = 0; d < size; d++)
        {
            double deviation = Math.Sqrt(variances[d] + Epsilon);
            spread += Math.Max(1 - deviation, 0) / 2 / size;
            for (int e = 0; e < size; e++)
            {
                double joint = d == e ? 0 : (double)products.Span[(d * size) + e] / (count - 1);
                squares += joint * joint;
                products.Span[(d * size) + e] = (float)(factor * joint);
            }

            products.Span[(d * size) + d] = (float)(deviation < 1 ? -Variance / (2.0 * size * deviation * (count - 1)) : 0);
        }

        Backend.Current.MatMul(centred, false, products, false, new(back, false));
        for (int i = 0; i < count; i++)
        {
            for (int d = 0; d < size; d++)
            {
                gradient.Span[(rows[i] * size) + d] += back.Span[(i * size) + d];
            }
        }

        return (Variance * spread) + (Covariance * squares / size);
    }

    /// <summary>Some rows less their mean.</summary>
    private static Tensor Centre(Tensor x, int[] rows)
    {
        int size = x.Shape[1];
        Tensor centred = Tensor.Empty(new Shape(rows.Length, size));
        double[] means = new double[size];
        foreach (int row in rows)
        {
            for (int d = 0; d < size; d++)
            {
                means[d] += (double)x.Span[(row * size) + d] / rows.Length;
            }
        }

        for (int i = 0; i < rows.Length; i++)
        {
            for (int d = 0; d < size; d++)
            {
                centred.Span[(i * size) + d] = (float)(x.Span[(rows[i] * size) + d] - means[d]);
            }
        }

        return centred;
    }
}
