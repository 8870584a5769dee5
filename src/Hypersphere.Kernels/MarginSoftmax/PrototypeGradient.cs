using Hypersphere.Kernels.Simd;

namespace Hypersphere.Kernels;

/// <summary>What becomes of the gradient of the prototypes: nothing, stored, or used at once for a step that stores none of it.</summary>
public unsafe struct PrototypeGradient
{
    private SgdRule? _sgd;
    private AdamWRule? _adamW;
    private float* _first, _second;

    /// <summary>[C, D], where to store it; null when it is not wanted or used at once.</summary>
    public float* Target { get; set; }

    /// <summary>Adds to the target instead of assigning.</summary>
    public bool Accumulate { get; set; }

    internal readonly bool Steps => _sgd is not null || _adamW is not null;

    internal readonly bool Wanted => Target != null || Steps;

    /// <summary>Stored.</summary>
    /// <param name="target">[C, D], or null for nothing.</param>
    /// <param name="accumulate">Adds instead of assigning.</param>
    public static PrototypeGradient Stored(float* target, bool accumulate = false) => new() { Target = target, Accumulate = accumulate };

    /// <summary>Used while a tile of it is in the cache: bit for bit what <see cref="SgdUpdate"/> makes of a stored gradient.</summary>
    /// <param name="rule">The step.</param>
    /// <param name="velocity">[C, D], changed by the step; may be null when its momentum is 0.</param>
    public static PrototypeGradient Stepped(in SgdRule rule, float* velocity) => new() { _sgd = rule, _first = velocity };

    /// <summary>Used while a tile of it is in the cache: bit for bit what <see cref="AdamWUpdate"/> makes of a stored gradient.</summary>
    /// <param name="rule">The step.</param>
    /// <param name="mean">[C, D], first moment, changed by the step.</param>
    /// <param name="square">[C, D], second moment, changed by the step.</param>
    public static PrototypeGradient Stepped(in AdamWRule rule, float* mean, float* square) => new() { _adamW = rule, _first = mean, _second = square };

    /// <summary>Takes the step of one row.</summary>
    internal readonly void Step<S, V>(int size, float* prototype, float* gradient, nint offset)
        where S : struct, ISimd<V>
        where V : struct
    {
        if (_sgd is { } sgd)
        {
            SgdUpdate.Step<S, V>(size, prototype, gradient, _first + offset, sgd);
        }
        else if (_adamW is { } adamW)
        {
            AdamWUpdate.Step<S, V>(size, prototype, gradient, _first + offset, _second + offset, adamW);
        }
    }
}
