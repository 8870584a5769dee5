using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;

namespace Hypersphere.Kernels;

/// <summary>Elementwise arithmetic on flat arrays of n ≥ 0 floats. Outputs may be inputs; partial overlap is not allowed.</summary>
public static unsafe class Elementwise
{
    /// <summary>y = a + b.</summary>
    public static void Add(int n, float* a, float* b, float* y) => Map.Flat(n, default(AddMap), y, a, b);

    /// <summary>y = a − b.</summary>
    public static void Subtract(int n, float* a, float* b, float* y) => Map.Flat(n, default(SubtractMap), y, a, b);

    /// <summary>y = a·b, element by element.</summary>
    public static void Multiply(int n, float* a, float* b, float* y) => Map.Flat(n, default(MultiplyMap), y, a, b);

    /// <summary>y += a·b, element by element.</summary>
    public static void MultiplyAccumulate(int n, float* a, float* b, float* y) => Map.Flat(n, default(MultiplyAddMap), y, a, b, y);

    /// <summary>y += x.</summary>
    public static void Accumulate(int n, float* x, float* y) => Map.Flat(n, default(AddMap), y, x, y);

    /// <summary>y = factor·x.</summary>
    public static void Scale(int n, float factor, float* x, float* y) => Map.Flat(n, new ScaleMap(factor, 0), y, x);

    /// <summary>y = factor·x + offset.</summary>
    public static void Affine(int n, float factor, float offset, float* x, float* y) => Map.Flat(n, new ScaleMap(factor, offset), y, x);

    /// <summary>y += factor·x.</summary>
    public static void Axpy(int n, float factor, float* x, float* y) => Map.Flat(n, new AxpyMap(factor), y, x, y);

    /// <summary>y = value everywhere.</summary>
    public static void Fill(int n, float value, float* y) => Map.Flat(n, new FillMap(value), y);

    /// <summary>y = x.</summary>
    public static void Copy(int n, float* x, float* y) => Map.Flat(n, default(CopyMap), y, x);

    /// <summary>y[r, c] = x[r, c] + bias[c].</summary>
    public static void AddRow(int rows, int columns, float* x, float* bias, float* y) =>
        Map.Rows(rows, columns, new AddRowMap(bias), y, x);

    private readonly struct AddMap : IMap
    {
        public static int Inputs => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(int column, V a, V b, V c)
            where S : struct, ISimd<V>
            where V : struct => S.Add(a, b);
    }

    private readonly struct SubtractMap : IMap
    {
        public static int Inputs => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(int column, V a, V b, V c)
            where S : struct, ISimd<V>
            where V : struct => S.Subtract(a, b);
    }

    private readonly struct MultiplyMap : IMap
    {
        public static int Inputs => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(int column, V a, V b, V c)
            where S : struct, ISimd<V>
            where V : struct => S.Multiply(a, b);
    }

    private readonly struct MultiplyAddMap : IMap
    {
        public static int Inputs => 3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(int column, V a, V b, V c)
            where S : struct, ISimd<V>
            where V : struct => S.MultiplyAdd(a, b, c);
    }

    private readonly struct ScaleMap(float factor, float offset) : IMap
    {
        public static int Inputs => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(int column, V a, V b, V c)
            where S : struct, ISimd<V>
            where V : struct => S.MultiplyAdd(a, S.Broadcast(factor), S.Broadcast(offset));
    }

    private readonly struct AxpyMap(float factor) : IMap
    {
        public static int Inputs => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(int column, V a, V b, V c)
            where S : struct, ISimd<V>
            where V : struct => S.MultiplyAdd(a, S.Broadcast(factor), b);
    }

    private readonly struct FillMap(float value) : IMap
    {
        public static int Inputs => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(int column, V a, V b, V c)
            where S : struct, ISimd<V>
            where V : struct => S.Broadcast(value);
    }

    private readonly struct CopyMap : IMap
    {
        public static int Inputs => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(int column, V a, V b, V c)
            where S : struct, ISimd<V>
            where V : struct => a;
    }

    private readonly struct AddRowMap(float* bias) : IMap
    {
        public static int Inputs => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<S, V>(int column, V a, V b, V c)
            where S : struct, ISimd<V>
            where V : struct => S.Add(a, S.Load(bias + column));
    }
}
