namespace Hypersphere.Losses.Pairs;

/// <summary>What the PNP loss makes of R, the number of negatives before a positive.</summary>
public enum PnpVariant
{
    /// <summary>R.</summary>
    O,

    /// <summary>(1 + R)·log(1 + R): grows faster than R.</summary>
    Iu,

    /// <summary>(b·R − log(1 + b·R)) / b²: grows slower at first, then as R.</summary>
    Ib,

    /// <summary>log(1 + R): grows slower than R.</summary>
    Ds,

    /// <summary>1 − (1 + R)^−α: bounded, so that positives far down, probably mislabelled, are left alone.</summary>
    Dq,
}
