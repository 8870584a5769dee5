using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hypersphere.Kernels.Tests;

/// <summary>Pinned memory that tests hand to kernels as bare pointers, which keep nothing alive: the last blocks that a thread made stay.
/// </summary>
internal static class Pinned
{
    private const int Kept = 64;

    [ThreadStatic]
    private static Queue<Array>? _last;

    public static T[] Array<T>(int length)
    {
        T[] array = GC.AllocateArray<T>(length, pinned: true);
        _last ??= new(Kept);
        if (_last.Count == Kept)
        {
            _last.Dequeue();
        }

        _last.Enqueue(array);
        return array;
    }
}

/// <summary>Pinned floats between two fences that <see cref="Checked"/> finds broken when a kernel writes outside.</summary>
internal sealed unsafe class Floats
{
    private const int Fence = 16;
    private const float Mark = -12345.678f;
    private readonly float[] _memory;

    public Floats(int length)
    {
        Length = length;
        _memory = Pinned.Array<float>(length + (2 * Fence));
        _memory.AsSpan().Fill(Mark);
        Span.Clear();
    }

    public Floats(params float[] values)
        : this(values.Length) => values.CopyTo(Span);

    public int Length { get; }

    public Span<float> Span => _memory.AsSpan(Fence, Length);

    public float* P => (float*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_memory)) + Fence;

    public static implicit operator float*(Floats? floats) => floats is null ? null : floats.P;

    public static Floats Random(int seed, int length, float low = -1, float high = 1)
    {
        var random = new Random(seed);
        var floats = new Floats(length);
        foreach (ref float value in floats.Span)
        {
            value = low + ((high - low) * random.NextSingle());
        }

        return floats;
    }

    public double[] ToDouble() => Span.ToArray().Select(v => (double)v).ToArray();

    public float[] Checked()
    {
        Assert.All(_memory[..Fence], v => Assert.Equal(Mark, v));
        Assert.All(_memory[(Fence + Length)..], v => Assert.Equal(Mark, v));
        return Span.ToArray();
    }

    public Floats Copy() => new(Span.ToArray());
}

/// <summary>Pinned labels.</summary>
internal sealed unsafe class Ints
{
    private readonly int[] _memory;

    public Ints(params int[] values)
    {
        _memory = Pinned.Array<int>(values.Length + 1);
        values.CopyTo(_memory, 0);
        Values = values;
    }

    public int[] Values { get; }

    public int[] Current => _memory[..Values.Length];

    public static implicit operator int*(Ints? ints) =>
        ints is null ? null : (int*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(ints._memory));
}
