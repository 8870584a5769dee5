using System.Buffers;
using System.Runtime.Intrinsics;
using Hypersphere.Kernels;

namespace Hypersphere.Evaluation;

/// <summary>Unit rows rounded to 7 bits, each with the size of its step.</summary>
internal sealed class ByteRows
{
    /// <summary>What is stored for 0.</summary>
    public const int Middle = 64;

    private const int Most = 63, Line = 64;
    private readonly byte[] _memory;
    private readonly int _start;

    /// <param name="unit">[G, size].</param>
    /// <param name="size">D.</param>
    public unsafe ByteRows(float[] unit, int size)
    {
        Padded = (size + ByteProducts.Step - 1) / ByteProducts.Step * ByteProducts.Step;
        int count = unit.Length / size;
        Steps = new float[count];
        _memory = GC.AllocateArray<byte>(checked((int)ByteProducts.PackedLength(count, Padded) + Line), pinned: true);
        fixed (byte* memory = _memory)
        {
            _start = (int)((Line - ((nint)memory % Line)) % Line);
        }

        sbyte[] row = new sbyte[Padded];
        byte[] moved = new byte[Padded];
        fixed (byte* m = moved, packed = From(0))
        {
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<float> exact = unit.AsSpan(i * size, size);
                Steps[i] = Largest(exact) / Most;
                Round(exact, Steps[i], row);
                for (int k = 0; k < Padded; k++)
                {
                    moved[k] = (byte)(row[k] + Middle);
                }

                ByteProducts.Pack(m, i, Padded, packed);
            }
        }
    }

    /// <summary>Length of a stored row.</summary>
    public int Padded { get; }

    /// <summary>[G] what one counts in each row.</summary>
    public float[] Steps { get; }

    /// <summary>The packed rows from <paramref name="row"/> on, a multiple of <see cref="ByteProducts.Together"/>.</summary>
    public ReadOnlySpan<byte> From(int row) => _memory.AsSpan((int)(_start + ((long)row * Padded)));

    /// <summary>Rounds a query as finely as products with these rows allow.</summary>
    /// <returns>What one counts.</returns>
    public static float RoundQuery(ReadOnlySpan<float> query, Span<sbyte> rounded)
    {
        const float Eight = ByteProducts.MostOfEight - 4; // rounding adds a half to each, at most
        float step = MathF.Max(Largest(query) / sbyte.MaxValue, ByteProducts.LargestEight(query) / Eight);
        Round(query, step, rounded);
        return step;
    }

    private static float Largest(ReadOnlySpan<float> row) => MathF.Abs(System.Numerics.Tensors.TensorPrimitives.MaxMagnitude(row));

    private static void Round(ReadOnlySpan<float> row, float step, Span<sbyte> rounded)
    {
        rounded.Clear();
        if (step == 0)
        {
            return;
        }

        for (int k = 0; k < row.Length; k++)
        {
            rounded[k] = (sbyte)MathF.Round(row[k] / step);
        }
    }
}

/// <summary>Cosines up to rounding, by products of bytes; only their order counts.</summary>
internal readonly struct ByteSimilarities : ISimilarities
{
    private readonly ByteRows _gallery;
    private readonly sbyte[] _queries;
    private readonly float[] _steps;
    private readonly int[] _shifts;

    /// <param name="queries">[Q, size] unit rows.</param>
    /// <param name="gallery">What is searched.</param>
    /// <param name="size">D.</param>
    public ByteSimilarities(float[] queries, ByteRows gallery, int size)
    {
        (_gallery, Rows) = (gallery, queries.Length / size);
        (_queries, _steps, _shifts) = (new sbyte[Rows * gallery.Padded], new float[Rows], new int[Rows]);
        for (int i = 0; i < Rows; i++)
        {
            Span<sbyte> row = _queries.AsSpan(i * gallery.Padded, gallery.Padded);
            _steps[i] = ByteRows.RoundQuery(queries.AsSpan(i * size, size), row);
            foreach (sbyte value in row)
            {
                _shifts[i] += value * ByteRows.Middle;
            }
        }
    }

    public int Rows { get; }

    public int Columns => _gallery.Steps.Length;

    public unsafe void Compute(int row, int count, int column, int width, float[] values)
    {
        int padded = _gallery.Padded;
        int[] products = ArrayPool<int>.Shared.Rent(count * width);
        fixed (sbyte* q = _queries)
        fixed (byte* g = _gallery.From(column))
        fixed (int* p = products)
        {
            ByteProducts.Multiply(q + ((nint)row * padded), count, g, width, padded, p, width);
        }

        ReadOnlySpan<float> steps = _gallery.Steps.AsSpan(column, width);
        for (int r = 0; r < count; r++)
        {
            Scale(products.AsSpan(r * width, width), _shifts[row + r], _steps[row + r], steps, values.AsSpan(r * width, width));
        }

        ArrayPool<int>.Shared.Return(products);
    }

    /// <summary>score = (product − shift) · step of the query · step of the row.</summary>
    private static void Scale(ReadOnlySpan<int> products, int shift, float step, ReadOnlySpan<float> steps, Span<float> scores)
    {
        int i = 0;
        for (; i + Vector256<int>.Count <= products.Length; i += Vector256<int>.Count)
        {
            var whole = Vector256.Create(products[i..]) - Vector256.Create(shift);
            (Vector256.ConvertToSingle(whole) * (step * Vector256.Create(steps[i..]))).CopyTo(scores[i..]);
        }

        for (; i < products.Length; i++)
        {
            scores[i] = (products[i] - shift) * (step * steps[i]);
        }
    }
}
