using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Hypersphere.Kernels;

/// <summary>Copies into the order in which the micro-kernel reads.</summary>
internal static unsafe class Packing
{
    /// <summary>dst[k·step + j] = src[k·ld + j] for j &lt; columns, zero up to <paramref name="width"/>: a panel of a matrix that lies
    /// k-major.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(float* src, nint ld, int depth, int columns, int width, float* dst, nint step)
    {
        for (int k = 0; k < depth; k++, src += ld, dst += step)
        {
            CopyRow(src, dst, columns);
            for (int j = columns; j < width; j++)
            {
                dst[j] = 0;
            }
        }
    }

    /// <summary>Panels of a k-major matrix, side by side: each source row is read once, whole. The last panel may be narrower.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CopyPanels(float* src, nint ld, int depth, int columns, int panel, int lanes, float* dst)
    {
        int whole = columns / panel, rest = columns - (whole * panel), width = rest > lanes ? panel : lanes;
        for (int k = 0; k < depth; k++)
        {
            float* source = src + (k * ld), target = dst + ((nint)k * panel);
            for (int i = 0; i < whole; i++, source += panel, target += (nint)depth * panel)
            {
                CopyRow(source, target, panel);
            }
        }

        if (rest > 0)
        {
            nint at = (nint)whole * panel;
            Copy(src + at, ld, depth, rest, width, dst + (at * depth), width);
        }
    }

    /// <summary>Panels of <paramref name="tile"/> rows from a matrix that lies k-major, panel after panel; source rows are read once,
    /// whole.</summary>
    /// <remarks>A store may run past its row of the panel, into what the next k overwrites; so not at the last k.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CopyTiles(float* src, nint ld, int depth, int rows, int tile, float* dst)
    {
        nint panel = (nint)tile * depth;
        for (int k = 0; k < depth; k++, src += ld, dst += tile)
        {
            float* source = src, target = dst;
            int r = 0;
            for (; r <= rows - 16 && k < depth - 1 && tile is > 8 and <= 16; r += tile, source += tile, target += panel)
            {
                Vector512.Load(source).Store(target);
            }

            for (; r <= rows - 8 && k < depth - 1 && tile is > 4 and <= 8; r += tile, source += tile, target += panel)
            {
                Vector256.Load(source).Store(target);
            }

            for (; r < rows; r += tile, source += tile, target += panel)
            {
                int count = Math.Min(tile, rows - r);
                for (int i = 0; i < count; i++)
                {
                    target[i] = source[i];
                }
            }
        }
    }

    /// <summary>dst[k·step + r] = src[r·ld + k] for r &lt; rows, zero up to <paramref name="width"/>: a panel of a matrix that
    /// lies row by row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(float* src, nint ld, int depth, int rows, int width, float* dst, nint step)
    {
        int r = 0;
        for (; rows - r >= 16 && Avx512F.IsSupported; r += 16)
        {
            Transpose16(src + (r * ld), ld, depth, dst + r, step);
        }

        for (; rows - r >= 8 && Avx.IsSupported; r += 8)
        {
            Transpose8(src + (r * ld), ld, depth, dst + r, step);
        }

        for (; rows - r >= 4; r += 4)
        {
            Transpose4(src + (r * ld), ld, depth, dst + r, step);
        }

        for (; r < width; r++)
        {
            float* row = src + (r * ld);
            for (int k = 0; k < depth; k++)
            {
                dst[(k * step) + r] = r < rows ? row[k] : 0;
            }
        }
    }

    /// <summary>Lane quarter q of vector i holds row 4q + i, so transposing every quarter by itself leaves whole columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose16(float* src, nint ld, int depth, float* dst, nint step)
    {
        int k = 0;
        for (; k <= depth - 4; k += 4)
        {
            float* p = src + k;
            Vector512<float> r0 = Quarters512(p, ld), r1 = Quarters512(p + ld, ld);
            Vector512<float> r2 = Quarters512(p + (2 * ld), ld), r3 = Quarters512(p + (3 * ld), ld);
            Vector512<double> a = Avx512F.UnpackLow(r0, r1).AsDouble(), b = Avx512F.UnpackLow(r2, r3).AsDouble();
            Vector512<double> c = Avx512F.UnpackHigh(r0, r1).AsDouble(), d = Avx512F.UnpackHigh(r2, r3).AsDouble();
            float* q = dst + (k * step);
            Avx512F.UnpackLow(a, b).AsSingle().Store(q);
            Avx512F.UnpackHigh(a, b).AsSingle().Store(q + step);
            Avx512F.UnpackLow(c, d).AsSingle().Store(q + (2 * step));
            Avx512F.UnpackHigh(c, d).AsSingle().Store(q + (3 * step));
        }

        TransposeRest(src, ld, k, depth, 16, dst, step);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose8(float* src, nint ld, int depth, float* dst, nint step)
    {
        int k = 0;
        for (; k <= depth - 4; k += 4)
        {
            float* p = src + k;
            Vector256<float> r0 = Halves256(p, ld), r1 = Halves256(p + ld, ld);
            Vector256<float> r2 = Halves256(p + (2 * ld), ld), r3 = Halves256(p + (3 * ld), ld);
            Vector256<double> a = Avx.UnpackLow(r0, r1).AsDouble(), b = Avx.UnpackLow(r2, r3).AsDouble();
            Vector256<double> c = Avx.UnpackHigh(r0, r1).AsDouble(), d = Avx.UnpackHigh(r2, r3).AsDouble();
            float* q = dst + (k * step);
            Avx.UnpackLow(a, b).AsSingle().Store(q);
            Avx.UnpackHigh(a, b).AsSingle().Store(q + step);
            Avx.UnpackLow(c, d).AsSingle().Store(q + (2 * step));
            Avx.UnpackHigh(c, d).AsSingle().Store(q + (3 * step));
        }

        TransposeRest(src, ld, k, depth, 8, dst, step);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose4(float* src, nint ld, int depth, float* dst, nint step)
    {
        int k = 0;
        for (; k <= depth - 4 && (Sse2.IsSupported || AdvSimd.Arm64.IsSupported); k += 4)
        {
            float* p = src + k;
            Vector128<float> r0 = Vector128.Load(p), r1 = Vector128.Load(p + ld);
            Vector128<float> r2 = Vector128.Load(p + (2 * ld)), r3 = Vector128.Load(p + (3 * ld));
            Vector128<double> a = Low(r0, r1).AsDouble(), b = Low(r2, r3).AsDouble();
            Vector128<double> c = High(r0, r1).AsDouble(), d = High(r2, r3).AsDouble();
            float* q = dst + (k * step);
            Low(a, b).AsSingle().Store(q);
            High(a, b).AsSingle().Store(q + step);
            Low(c, d).AsSingle().Store(q + (2 * step));
            High(c, d).AsSingle().Store(q + (3 * step));
        }

        TransposeRest(src, ld, k, depth, 4, dst, step);
    }

    private static void TransposeRest(float* src, nint ld, int from, int depth, int rows, float* dst, nint step)
    {
        for (int k = from; k < depth; k++)
        {
            for (int r = 0; r < rows; r++)
            {
                dst[(k * step) + r] = src[(r * ld) + k];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyRow(float* src, float* dst, int count)
    {
        int j = 0;
        for (; j <= count - Vector512<float>.Count && Vector512.IsHardwareAccelerated; j += Vector512<float>.Count)
        {
            Vector512.Load(src + j).Store(dst + j);
        }

        for (; j <= count - Vector256<float>.Count && Vector256.IsHardwareAccelerated; j += Vector256<float>.Count)
        {
            Vector256.Load(src + j).Store(dst + j);
        }

        for (; j <= count - Vector128<float>.Count; j += Vector128<float>.Count)
        {
            Vector128.Load(src + j).Store(dst + j);
        }

        for (; j < count; j++)
        {
            dst[j] = src[j];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Quarters512(float* p, nint ld) =>
        Vector512.Create(Halves256(p, ld), Halves256(p + (8 * ld), ld));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Halves256(float* p, nint ld) => Vector256.Create(Vector128.Load(p), Vector128.Load(p + (4 * ld)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Low(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> High(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Low(Vector128<double> a, Vector128<double> b) =>
        Sse2.IsSupported ? Sse2.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> High(Vector128<double> a, Vector128<double> b) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);
}
