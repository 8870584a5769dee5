using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;

namespace Hypersphere.Kernels;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter, ICLR 2019), in PyTorch's form.</summary>
public static unsafe class AdamWUpdate
{
    /// <summary>w ← w·(1 − lr·weightDecay); m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; w ← w − lr/(1−β₁ᵗ)·m / (√v/√(1−β₂ᵗ) + ε).</summary>
    /// <param name="n">Elements ≥ 0.</param>
    /// <param name="w">[n], updated.</param>
    /// <param name="g">[n].</param>
    /// <param name="m">[n], first moment, updated; zeros before the first step.</param>
    /// <param name="v">[n], second moment, updated; zeros before the first step.</param>
    /// <param name="step">t, 1 for the first step.</param>
    /// <param name="lr">Learning rate.</param>
    /// <param name="beta1">β₁, usually 0.9.</param>
    /// <param name="beta2">β₂, usually 0.999.</param>
    /// <param name="eps">ε, usually 1e-8.</param>
    /// <param name="weightDecay">Decoupled decay.</param>
    /// <param name="gradientScale">Factor of g, such as that of clipping by norm.</param>
    public static void Step(
        int n, float* w, float* g, float* m, float* v, long step,
        float lr, float beta1, float beta2, float eps, float weightDecay, float gradientScale)
    {
        double first = 1 - Math.Pow(beta1, step), second = 1 - Math.Pow(beta2, step);
        Map.Flat(n, new StepMap(m, v, beta1, beta2, eps, gradientScale)
        {
            Decay = (float)(1 - ((double)lr * weightDecay)),
            Rate = (float)(-lr / first),
            Correction = (float)(1 / Math.Sqrt(second)),
        }, w, w, g, m);
    }

    private readonly struct StepMap(float* m, float* v, float beta1, float beta2, float eps, float gradientScale) : IMap
    {
        public static int Inputs => 3;

        public float Decay { get; init; }

        public float Rate { get; init; }

        public float Correction { get; init; }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(int column, V a, V b, V c)
            where S : struct, ISimd<V>
            where V : struct
        {
            V gradient = S.Multiply(b, S.Broadcast(gradientScale));
            V mean = S.MultiplyAdd(c, S.Broadcast(beta1), S.Multiply(gradient, S.Broadcast(1 - beta1)));
            V square = S.Multiply(S.Multiply(gradient, gradient), S.Broadcast(1 - beta2));
            square = S.MultiplyAdd(S.Load(v + column), S.Broadcast(beta2), square);
            S.Store(mean, m + column);
            S.Store(square, v + column);
            V denominator = S.MultiplyAdd(S.Sqrt(square), S.Broadcast(Correction), S.Broadcast(eps));
            return S.MultiplyAdd(S.Divide(mean, denominator), S.Broadcast(Rate), S.Multiply(a, S.Broadcast(Decay)));
        }
    }
}
