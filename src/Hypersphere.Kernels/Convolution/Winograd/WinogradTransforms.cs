using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;

namespace Hypersphere.Kernels;

/// <summary>The linear maps of the minimal filtering algorithm F(4×4, 3×3) at the points 0, ±a, ±b, ∞, on vectors of channels.</summary>
/// <remarks>Outputs of a tile are y = Aᵀ[(G·w·Gᵀ) ⊙ (Bᵀ·x·B)]·A: 36 multiplications for 16 outputs of 9 terms (Lavin and Gray, CVPR 2016).
/// The gradient of the weights is the same identity transposed: dw = Gᵀ[(Bᵀ·x·B) ⊙ (A·dy·Aᵀ)]·G. The points a = 1/√2 and b = √2, unlike the
/// usual 1 and 2, keep the entries of all three maps near one another, which costs fewer digits.</remarks>
[SkipLocalsInit]
internal static unsafe class WinogradTransforms<S, V>
    where S : struct, ISimd<V>
    where V : struct
{
    /// <summary>Rows and columns of an input patch, and of the transformed tile.</summary>
    public const int Patch = 6;

    /// <summary>Rows and columns of a tile of outputs.</summary>
    public const int Tile = 4;

    /// <summary>Products of a tile.</summary>
    public const int Points = Patch * Patch;

    private const float A = 0.70710678f;
    private const float B = 1.41421356f;
    private const float A2 = A * A;
    private const float B2 = B * B;
    private const float A3 = A2 * A;
    private const float B3 = B2 * B;
    private const float Zero = 1 / (A2 * B2);
    private const float AtA = 1 / (2 * A2 * (A2 - B2));
    private const float AtB = 1 / (2 * B2 * (B2 - A2));

    /// <summary>Bᵀ·x·B of a 6×6 patch, one vector of channels: point (i, j) goes to dst[(6i + j)·step].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Input(float* x, nint row, nint column, float* dst, nint step)
    {
        float* half = stackalloc float[Points * S.Lanes];
        for (int j = 0; j < Patch; j++, x += column)
        {
            Input(x, row, half + (j * S.Lanes), Patch * S.Lanes);
        }

        for (int i = 0; i < Patch; i++)
        {
            Input(half + (i * Patch * S.Lanes), S.Lanes, dst + (i * Patch * step), step);
        }
    }

    /// <summary>A·dy·Aᵀ of a 4×4 tile, one vector of channels: point (i, j) goes to dst[(6i + j)·step].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gradient(float* dy, nint row, nint column, float* dst, nint step)
    {
        float* half = stackalloc float[Patch * Tile * S.Lanes];
        for (int j = 0; j < Tile; j++, dy += column)
        {
            Gradient(dy, row, half + (j * S.Lanes), Tile * S.Lanes);
        }

        for (int i = 0; i < Patch; i++)
        {
            Gradient(half + (i * Tile * S.Lanes), S.Lanes, dst + (i * Patch * step), step);
        }
    }

    /// <summary>Aᵀ·m·A of 36 points m[(6i + j)·step], one vector of channels, left as 4 rows of 6: a step from the outputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void HalfOutput(float* m, nint step, float* half)
    {
        for (int j = 0; j < Patch; j++)
        {
            Output(m + (j * step), Patch * step, out V y0, out V y1, out V y2, out V y3);
            float* column = half + (j * S.Lanes);
            S.Store(y0, column);
            S.Store(y1, column + (Patch * S.Lanes));
            S.Store(y2, column + (2 * Patch * S.Lanes));
            S.Store(y3, column + (3 * Patch * S.Lanes));
        }
    }

    /// <summary>The four outputs of a line of six points.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output(float* m, nint step, out V y0, out V y1, out V y2, out V y3)
    {
        V m0 = S.Load(m), m1 = S.Load(m + step), m2 = S.Load(m + (2 * step));
        V m3 = S.Load(m + (3 * step)), m4 = S.Load(m + (4 * step)), m5 = S.Load(m + (5 * step));
        V sumA = S.Add(m1, m2), differenceA = S.Subtract(m1, m2), sumB = S.Add(m3, m4), differenceB = S.Subtract(m3, m4);
        y0 = S.Add(m0, S.Add(sumA, sumB));
        y1 = S.MultiplyAdd(S.Broadcast(A), differenceA, S.Multiply(S.Broadcast(B), differenceB));
        y2 = S.MultiplyAdd(S.Broadcast(A2), sumA, S.Multiply(S.Broadcast(B2), sumB));
        y3 = S.MultiplyAdd(S.Broadcast(A3), differenceA, S.MultiplyAdd(S.Broadcast(B3), differenceB, m5));
    }

    /// <summary>G·w·Gᵀ of a 3×3 kernel, one vector of channels: point (i, j) goes to dst[(6i + j)·step].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Weights(float* w, nint row, nint column, float* dst, nint step)
    {
        float* half = stackalloc float[Patch * 3 * S.Lanes];
        for (int j = 0; j < 3; j++, w += column)
        {
            Weights(w, row, half + (j * S.Lanes), 3 * S.Lanes);
        }

        for (int i = 0; i < Patch; i++)
        {
            Weights(half + (i * 3 * S.Lanes), S.Lanes, dst + (i * Patch * step), step);
        }
    }

    /// <summary>Gᵀ·m·G of 36 points m[(6i + j)·step], one vector of channels: tap (i, j) goes to dst[(3i + j)·dstStep].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void WeightGradient(float* m, nint step, float* dst, nint dstStep)
    {
        float* half = stackalloc float[Patch * 3 * S.Lanes];
        for (int j = 0; j < Patch; j++)
        {
            WeightGradientLine(m + (j * step), Patch * step, half + (j * S.Lanes), Patch * S.Lanes);
        }

        for (int i = 0; i < 3; i++)
        {
            WeightGradientLine(half + (i * Patch * S.Lanes), S.Lanes, dst + (i * 3 * dstStep), dstStep);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Input(float* x, nint step, float* dst, nint dstStep)
    {
        V d0 = S.Load(x), d1 = S.Load(x + step), d2 = S.Load(x + (2 * step));
        V d3 = S.Load(x + (3 * step)), d4 = S.Load(x + (4 * step)), d5 = S.Load(x + (5 * step));
        V minusA2 = S.Broadcast(-A2), minusB2 = S.Broadcast(-B2), minusSum = S.Broadcast(-(A2 + B2)), product = S.Broadcast(A2 * B2);
        V evenA = S.MultiplyAdd(minusB2, d2, d4), oddA = S.Multiply(S.Broadcast(A), S.MultiplyAdd(minusB2, d1, d3));
        V evenB = S.MultiplyAdd(minusA2, d2, d4), oddB = S.Multiply(S.Broadcast(B), S.MultiplyAdd(minusA2, d1, d3));
        S.Store(S.MultiplyAdd(product, d0, S.MultiplyAdd(minusSum, d2, d4)), dst);
        S.Store(S.Add(evenA, oddA), dst + dstStep);
        S.Store(S.Subtract(evenA, oddA), dst + (2 * dstStep));
        S.Store(S.Add(evenB, oddB), dst + (3 * dstStep));
        S.Store(S.Subtract(evenB, oddB), dst + (4 * dstStep));
        S.Store(S.MultiplyAdd(product, d1, S.MultiplyAdd(minusSum, d3, d5)), dst + (5 * dstStep));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Gradient(float* r, nint step, float* dst, nint dstStep)
    {
        V r0 = S.Load(r), r1 = S.Load(r + step), r2 = S.Load(r + (2 * step)), r3 = S.Load(r + (3 * step));
        V evenA = S.MultiplyAdd(S.Broadcast(A2), r2, r0), oddA = S.MultiplyAdd(S.Broadcast(A3), r3, S.Multiply(S.Broadcast(A), r1));
        V evenB = S.MultiplyAdd(S.Broadcast(B2), r2, r0), oddB = S.MultiplyAdd(S.Broadcast(B3), r3, S.Multiply(S.Broadcast(B), r1));
        S.Store(r0, dst);
        S.Store(S.Add(evenA, oddA), dst + dstStep);
        S.Store(S.Subtract(evenA, oddA), dst + (2 * dstStep));
        S.Store(S.Add(evenB, oddB), dst + (3 * dstStep));
        S.Store(S.Subtract(evenB, oddB), dst + (4 * dstStep));
        S.Store(r3, dst + (5 * dstStep));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Weights(float* w, nint step, float* dst, nint dstStep)
    {
        V w0 = S.Load(w), w1 = S.Load(w + step), w2 = S.Load(w + (2 * step));
        V evenA = S.Multiply(S.Broadcast(AtA), S.MultiplyAdd(S.Broadcast(A2), w2, w0)), oddA = S.Multiply(S.Broadcast(AtA * A), w1);
        V evenB = S.Multiply(S.Broadcast(AtB), S.MultiplyAdd(S.Broadcast(B2), w2, w0)), oddB = S.Multiply(S.Broadcast(AtB * B), w1);
        S.Store(S.Multiply(S.Broadcast(Zero), w0), dst);
        S.Store(S.Add(evenA, oddA), dst + dstStep);
        S.Store(S.Subtract(evenA, oddA), dst + (2 * dstStep));
        S.Store(S.Add(evenB, oddB), dst + (3 * dstStep));
        S.Store(S.Subtract(evenB, oddB), dst + (4 * dstStep));
        S.Store(w2, dst + (5 * dstStep));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WeightGradientLine(float* m, nint step, float* dst, nint dstStep)
    {
        V m0 = S.Load(m), m1 = S.Load(m + step), m2 = S.Load(m + (2 * step));
        V m3 = S.Load(m + (3 * step)), m4 = S.Load(m + (4 * step)), m5 = S.Load(m + (5 * step));
        V sumA = S.Multiply(S.Broadcast(AtA), S.Add(m1, m2)), differenceA = S.Subtract(m1, m2);
        V sumB = S.Multiply(S.Broadcast(AtB), S.Add(m3, m4)), differenceB = S.Subtract(m3, m4);
        S.Store(S.MultiplyAdd(S.Broadcast(Zero), m0, S.Add(sumA, sumB)), dst);
        S.Store(S.MultiplyAdd(S.Broadcast(AtA * A), differenceA, S.Multiply(S.Broadcast(AtB * B), differenceB)), dst + dstStep);
        S.Store(S.MultiplyAdd(S.Broadcast(A2), sumA, S.MultiplyAdd(S.Broadcast(B2), sumB, m5)), dst + (2 * dstStep));
    }
}
