using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;

namespace Hypersphere.Kernels;

/// <summary>Stochastic gradient descent with momentum, in PyTorch's form.</summary>
public static unsafe class SgdUpdate
{
    /// <summary>h = gradientScale·g + weightDecay·w; v ← momentum·v + h; w ← w − lr·v, or w − lr·(h + momentum·v) with Nesterov.</summary>
    /// <param name="n">Elements ≥ 0.</param>
    /// <param name="w">[n], updated.</param>
    /// <param name="g">[n].</param>
    /// <param name="velocity">[n], updated; zeros before the first step; may be null when momentum = 0.</param>
    /// <param name="rule">η, μ, λ and how.</param>
    public static void Step(int n, float* w, float* g, float* velocity, in SgdRule rule)
    {
        if (rule.Momentum == 0)
        {
            Map.Flat(n, new PlainMap(rule), w, w, g);
        }
        else
        {
            Map.Flat(n, new MomentumMap(velocity, rule), w, w, g, velocity);
        }
    }

    /// <summary>The same on the calling thread, for kernels that have a gradient at hand and never store it.</summary>
    internal static void Step<S, V>(int n, float* w, float* g, float* velocity, in SgdRule rule)
        where S : struct, ISimd<V>
        where V : struct
    {
        if (rule.Momentum == 0)
        {
            Map.Here<PlainMap, S, V>(n, new(rule), w, w, g);
        }
        else
        {
            Map.Here<MomentumMap, S, V>(n, new(velocity, rule), w, w, g, velocity);
        }
    }

    private readonly struct PlainMap(SgdRule rule) : IMap
    {
        public static int Inputs => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(int column, V a, V b, V c)
            where S : struct, ISimd<V>
            where V : struct
        {
            V h = S.MultiplyAdd(a, S.Broadcast(rule.WeightDecay), S.Multiply(b, S.Broadcast(rule.GradientScale)));
            return S.MultiplyAdd(h, S.Broadcast(-rule.LearningRate), a);
        }
    }

    private readonly struct MomentumMap(float* velocity, SgdRule rule) : IMap
    {
        public static int Inputs => 3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(int column, V a, V b, V c)
            where S : struct, ISimd<V>
            where V : struct
        {
            V h = S.MultiplyAdd(a, S.Broadcast(rule.WeightDecay), S.Multiply(b, S.Broadcast(rule.GradientScale)));
            V v = S.MultiplyAdd(c, S.Broadcast(rule.Momentum), h);
            S.Store(v, velocity + column);
            V step = rule.Nesterov ? S.MultiplyAdd(v, S.Broadcast(rule.Momentum), h) : v;
            return S.MultiplyAdd(step, S.Broadcast(-rule.LearningRate), a);
        }
    }
}
