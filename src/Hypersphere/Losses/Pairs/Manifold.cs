using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Ops;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Pairs;

/// <summary>Compares embeddings with proxies by random walks over the graph of the batch and the proxies.</summary>
/// <remarks>E = e^{2[cos]₊} between all embeddings and proxies, 0 with itself; S = D^{−½}·E·D^{−½}, D the row sums; F = (1 − α)·(I − αS)⁻¹.
/// For an embedding i of meta-class y: ℓ_int = log(1 + Σ_{k≠y} e^{t_k}) over t_k = F_ik − F_iy + m ≥ 0, ℓ_ctx the same with the cosine of
/// the rows of F in place of its entries; mean of ℓ_int + λ·ℓ_ctx. Aziere and Todorovic, CVPR 2019, eq. 3 to 6; the exponential and leaving
/// out negative t as in pytorch-metric-learning. With fewer proxies than classes every proxy stands for a meta-class of several classes,
/// drawn once and saved in checkpoints. True derivative, through the solve. No positives or negatives are needed; one proxy: 0. Cost: with
/// n rows and proxies together n³ multiplications in double precision and 4·n³ flops; 2·n² double and 5·n² single numbers.</remarks>
[Component(
    "manifold", Summary = "similarity to proxies by random walks over the batch", Equation = "F = (1 − α)(I − αS)⁻¹, ℓᵢ = log(1 + Σ_{k≠y} e^{F_ik − F_iy + m}) + λ·ℓ_ctx",
    Paper = "Aziere and Todorovic, Ensemble deep manifold similarity learning using hard proxies, CVPR 2019",
    Peers = "pytorch-metric-learning's ManifoldLoss (which inverts in float32 and is given or draws the meta-classes of every batch)",
    Cost = "n³ multiplications in double precision and 4·n³ flops for n rows and proxies together; 2·n² double and 5·n² single numbers")]
public sealed class Manifold : Loss
{
    private readonly Parameter _proxies;
    private readonly Tensor _metaClasses;

    /// <summary>Makes Gaussian proxies and shares the classes among them.</summary>
    /// <param name="context">Classes, embedding size, randomness.</param>
    /// <param name="proxies">K; no more than classes, 0 for as many.</param>
    /// <param name="contextWeight">λ.</param>
    /// <param name="alpha">α.</param>
    /// <param name="margin">m.</param>
    public Manifold(
        LossContext context,
        [Range(0, 100000), Description("proxies K, each for as many classes; 0: one a class")] int proxies = 50,
        [Range(0, 10000), Description("weight λ of the context")] float contextWeight = 1,
        [Range(0, 0.999), Description("α, how far walks go")] float alpha = 0.8f,
        [Range(0, 100), Description("margin m of similarities on the manifold")] float margin = 0.0005f)
        : base(context)
    {
        ArgumentNullException.ThrowIfNull(context);
        (Proxies, ContextWeight, Alpha, Margin) = (proxies, contextWeight, alpha, margin);
        int count = proxies == 0 ? context.Classes : Math.Clamp(proxies, 1, context.Classes);
        _proxies = Add("proxies", new Parameter(new Shape(count, context.Embedding), ParameterKind.Weight));
        Rng random = context.Random.Fork("proxies");
        random.FillGaussian(_proxies.Value.Span);

        int[] order = [.. Enumerable.Range(0, context.Classes)];
        if (count < context.Classes)
        {
            context.Random.Fork("meta-classes").Shuffle<int>(order);
        }

        _metaClasses = AddBuffer("meta_classes", new Shape(context.Classes), 0);
        for (int c = 0; c < order.Length; c++)
        {
            _metaClasses.Span[order[c]] = c % count;
        }
    }

    /// <summary>K; 0 for one a class.</summary>
    public int Proxies { get; }

    /// <summary>λ.</summary>
    public float ContextWeight { get; }

    /// <summary>α.</summary>
    public float Alpha { get; }

    /// <summary>m.</summary>
    public float Margin { get; }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor embeddings, ReadOnlyMemory<int> labels)
    {
        CosineSimilarity cosine = new();
        Tensor own = cosine.Matrix(embeddings, embeddings), across = cosine.Matrix(embeddings, _proxies.Value);
        Tensor among = cosine.Matrix(_proxies.Value, _proxies.Value);
        int[] rows = [.. Enumerable.Range(0, labels.Length).Where(i => labels.Span[i] >= 0)];
        int[] targets = [.. rows.Select(i => (int)_metaClasses.Span[labels.Span[i]])];
        return Scalar.Forward([own, across, among], gradients =>
        {
            if (rows.Length == 0)
            {
                return 0;
            }

            RandomWalk walk = new(rows, own, across, among, Alpha);
            double loss = Score(walk, targets);
            walk.Backward(gradients[0], gradients[1], gradients[2]);
            return loss;
        });
    }

    /// <summary>The mean of both losses; writes their derivatives into the walk.</summary>
    private double Score(RandomWalk walk, int[] targets)
    {
        int count = _proxies.Value.Shape[0];
        double sum = 0;
        double[] scores = new double[count], slopes = new double[count];
        for (int i = 0; i < targets.Length; i++)
        {
            for (int k = 0; k < count; k++)
            {
                scores[k] = walk.Entry(i, k);
            }

            sum += Violation(scores, targets[i], slopes);
            walk.AddEntries(i, slopes, 1.0 / targets.Length);
            for (int k = 0; k < count; k++)
            {
                scores[k] = walk.Context(i, k);
            }

            sum += ContextWeight * Violation(scores, targets[i], slopes);
            walk.AddContexts(i, scores, slopes, ContextWeight / (double)targets.Length);
        }

        return sum / targets.Length;
    }

    /// <summary>log(1 + Σ e^t) over t = score − target's + m ≥ 0 of the others, with its derivatives.</summary>
    private double Violation(double[] scores, int target, double[] slopes)
    {
        LogSumExp sum = new(0);
        for (int k = 0; k < scores.Length; k++)
        {
            double t = scores[k] - scores[target] + Margin;
            if (k != target && t >= 0)
            {
                sum.Add(t);
            }
        }

        Array.Clear(slopes);
        for (int k = 0; k < scores.Length; k++)
        {
            double t = scores[k] - scores[target] + Margin;
            if (k != target && t >= 0)
            {
                slopes[k] = sum.Share(t);
                slopes[target] -= slopes[k];
            }
        }

        return sum.Value;
    }
}
