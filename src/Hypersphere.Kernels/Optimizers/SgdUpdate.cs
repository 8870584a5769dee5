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
    /// <param name="lr">Learning rate.</param>
    /// <param name="momentum">0 ≤ momentum &lt; 1.</param>
    /// <param name="weightDecay">L2 coefficient.</param>
    /// <param name="nesterov">Nesterov's look-ahead.</param>
    /// <param name="gradientScale">Factor of g, such as that of clipping by norm.</param>
    public static void Step(
        int n, float* w, float* g, float* velocity, float lr, float momentum, float weightDecay, bool nesterov, float gradientScale)
    {
        if (momentum == 0)
        {
            Map.Flat(n, new PlainMap(lr, weightDecay, gradientScale), w, w, g);
        }
        else
        {
            Map.Flat(n, new MomentumMap(velocity, lr, momentum, weightDecay, nesterov, gradientScale), w, w, g, velocity);
        }
    }

    private readonly struct PlainMap(float lr, float weightDecay, float gradientScale) : IMap
    {
        public static int Inputs => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(int column, V a, V b, V c)
            where S : struct, ISimd<V>
            where V : struct
        {
            V h = S.MultiplyAdd(a, S.Broadcast(weightDecay), S.Multiply(b, S.Broadcast(gradientScale)));
            return S.MultiplyAdd(h, S.Broadcast(-lr), a);
        }
    }

    private readonly struct MomentumMap(float* velocity, float lr, float momentum, float weightDecay, bool nesterov, float gradientScale)
        : IMap
    {
        public static int Inputs => 3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(int column, V a, V b, V c)
            where S : struct, ISimd<V>
            where V : struct
        {
            V h = S.MultiplyAdd(a, S.Broadcast(weightDecay), S.Multiply(b, S.Broadcast(gradientScale)));
            V v = S.MultiplyAdd(c, S.Broadcast(momentum), h);
            S.Store(v, velocity + column);
            V step = nesterov ? S.MultiplyAdd(v, S.Broadcast(momentum), h) : v;
            return S.MultiplyAdd(step, S.Broadcast(-lr), a);
        }
    }
}
