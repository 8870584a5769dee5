namespace Hypersphere.Kernels;

/// <summary>What becomes of the gradient of the prototypes: nothing, stored, or used at once for a step that stores none of it.</summary>
public unsafe struct PrototypeGradient
{
    /// <summary>[C, D], where to store it; null when it is not wanted or used at once.</summary>
    public float* Target { get; set; }

    /// <summary>Adds to the target instead of assigning.</summary>
    public bool Accumulate { get; set; }

    /// <summary>The step to take while a tile of the gradient is in the cache: bit for bit what <see cref="SgdUpdate"/> makes of a stored
    /// gradient. Null stores instead.</summary>
    public SgdRule? Step { get; set; }

    /// <summary>[C, D], changed by the step; may be null when its momentum is 0.</summary>
    public float* Velocity { get; set; }

    internal readonly bool Wanted => Target != null || Step is not null;

    /// <summary>Stored.</summary>
    /// <param name="target">[C, D], or null for nothing.</param>
    /// <param name="accumulate">Adds instead of assigning.</param>
    public static PrototypeGradient Stored(float* target, bool accumulate = false) => new() { Target = target, Accumulate = accumulate };
}
