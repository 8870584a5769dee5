using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;

namespace Hypersphere.Kernels;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter, ICLR 2019), in PyTorch's form.</summary>
public static unsafe class AdamWUpdate
{
    /// <summary>w ← w·(1 − η·λ); m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; w ← w − η/(1−β₁ᵗ)·m / (√v/√(1−β₂ᵗ) + ε).</summary>
    /// <param name="n">Elements ≥ 0.</param>
    /// <param name="w">[n], updated.</param>
    /// <param name="g">[n].</param>
    /// <param name="m">[n], first moment, updated; zeros before the first step.</param>
    /// <param name="v">[n], second moment, updated; zeros before the first step.</param>
    /// <param name="rule">t, η, β₁, β₂, ε, λ.</param>
    public static void Step(int n, float* w, float* g, float* m, float* v, in AdamWRule rule) =>
        Map.Flat(n, new StepMap(m, v, rule), w, w, g, m);

    /// <summary>The same on the calling thread, for kernels that have a gradient at hand and never store it.</summary>
    internal static void Step<S, V>(int n, float* w, float* g, float* m, float* v, in AdamWRule rule)
        where S : struct, ISimd<V>
        where V : struct =>
        Map.Here<StepMap, S, V>(n, new(m, v, rule), w, w, g, m);

    private readonly struct StepMap(float* m, float* v, AdamWRule rule) : IMap
    {
        public static int Inputs => 3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(int column, V a, V b, V c)
            where S : struct, ISimd<V>
            where V : struct
        {
            V gradient = S.Multiply(b, S.Broadcast(rule.GradientScale));
            V mean = S.MultiplyAdd(c, S.Broadcast(rule.Beta1), S.Multiply(gradient, S.Broadcast(1 - rule.Beta1)));
            V square = S.Multiply(S.Multiply(gradient, gradient), S.Broadcast(1 - rule.Beta2));
            square = S.MultiplyAdd(S.Load(v + column), S.Broadcast(rule.Beta2), square);
            S.Store(mean, m + column);
            S.Store(square, v + column);
            V denominator = S.MultiplyAdd(S.Sqrt(square), S.Broadcast(rule.Correction), S.Broadcast(rule.Epsilon));
            return S.MultiplyAdd(S.Divide(mean, denominator), S.Broadcast(rule.Rate), S.Multiply(a, S.Broadcast(rule.Decay)));
        }
    }
}
