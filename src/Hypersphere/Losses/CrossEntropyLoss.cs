using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses;

/// <summary>A loss that ends in the cross-entropy of one logit a class.</summary>
public abstract class CrossEntropyLoss : ProxyLoss
{
    /// <summary>Makes the prototypes: Gaussian rows of length 1.</summary>
    /// <param name="context">Classes, embedding size, randomness.</param>
    /// <param name="centers">K, prototypes of a class.</param>
    /// <param name="spread">Whether each rank has the prototypes of some classes only.</param>
    private protected CrossEntropyLoss(LossContext context, int centers = 1, bool spread = false)
        : base(context, centers, spread)
    {
    }

    /// <summary>γ: each row's loss is multiplied by (1 − p_y)^γ; 0 for the plain cross-entropy. Lin et al., Focal loss, ICCV 2017, eq.
    /// 4.</summary>
    [ComponentOption]
    [Range(0, 10), Description("focal factor (1 − p)^γ of each sample; 0: none")]
    public float Focal { get; init; }

    /// <summary>ε: the target distribution is 1 − ε + ε/C on the own class, ε/C on the others. Szegedy et al., CVPR 2016, eq. 7. Not with
    /// hard negatives of the fused kernel.</summary>
    [ComponentOption]
    [Range(0, 0.99), Description("label smoothing ε; 0: none")]
    public float Smoothing { get; init; }

    /// <summary>What enters the cross-entropy: scaled, with margin; for a look at a batch, not for training.</summary>
    /// <param name="embeddings">[N, D].</param>
    /// <param name="labels">N classes; −1 for a row without margin.</param>
    /// <returns>[N, C], in the state that the last batch left. Cost 2·N·C·D flops.</returns>
    public Tensor Logits(Tensor embeddings, ReadOnlyMemory<int> labels)
    {
        RequireFitting(embeddings, labels.Span);
        return LogitsOf(embeddings, labels);
    }

    /// <summary>The logits of checked input.</summary>
    private protected abstract Tensor LogitsOf(Tensor embeddings, ReadOnlyMemory<int> labels);
}
