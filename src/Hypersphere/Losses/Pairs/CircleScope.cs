namespace Hypersphere.Losses.Pairs;

/// <summary>Over what the circle loss takes one softplus.</summary>
public enum CircleScope
{
    /// <summary>Over the pairs of one anchor; the mean over anchors.</summary>
    Anchor,

    /// <summary>Over all unordered pairs of the batch, once.</summary>
    Batch,
}
