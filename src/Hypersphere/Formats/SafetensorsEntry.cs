namespace Hypersphere.Formats;

/// <summary>Number formats of safetensors files that can be read.</summary>
public enum SafetensorsType
{
    /// <summary>IEEE single precision.</summary>
    F32,

    /// <summary>IEEE double precision.</summary>
    F64,

    /// <summary>32-bit signed integers.</summary>
    I32,

    /// <summary>64-bit signed integers.</summary>
    I64,

    /// <summary>Bytes.</summary>
    U8,
}

/// <summary>One array of a safetensors file.</summary>
/// <param name="Name">Unique in the file.</param>
/// <param name="Type">Number format.</param>
/// <param name="Shape">Sizes, outermost first; empty for a scalar.</param>
/// <param name="Offset">Position of its first byte in the file.</param>
/// <param name="Count">Number of elements, the product of the shape.</param>
public sealed record SafetensorsEntry(string Name, SafetensorsType Type, IReadOnlyList<long> Shape, long Offset, long Count)
{
    /// <summary>Bytes of one element.</summary>
    public int ElementSize => SizeOf(Type);

    internal static int SizeOf(SafetensorsType type) => type switch
    {
        SafetensorsType.U8 => 1,
        SafetensorsType.F64 or SafetensorsType.I64 => 8,
        _ => 4,
    };

    internal bool Holds<T>() => Type switch
    {
        SafetensorsType.F32 => typeof(T) == typeof(float),
        SafetensorsType.F64 => typeof(T) == typeof(double),
        SafetensorsType.I32 => typeof(T) == typeof(int),
        SafetensorsType.I64 => typeof(T) == typeof(long),
        _ => typeof(T) == typeof(byte),
    };
}

/// <summary>Gives the values of an array when they are about to be written.</summary>
public delegate ReadOnlySpan<float> SafetensorsValues();

/// <summary>An array to be written.</summary>
/// <param name="Name">Unique in the file.</param>
/// <param name="Shape">Sizes, outermost first; empty for a scalar.</param>
/// <param name="Values">Row-major values, as many as the shape says.</param>
public sealed record SafetensorsSource(string Name, IReadOnlyList<int> Shape, SafetensorsValues Values)
{
    /// <summary>The values piece by piece, for arrays that are not in one place; each piece is written before the next is asked for.</summary>
    public IEnumerable<SafetensorsValues> Pieces { get; init; } = [Values];

    internal long Count
    {
        get
        {
            long count = 1;
            foreach (int size in Shape)
            {
                ArgumentOutOfRangeException.ThrowIfNegative(size);
                count = checked(count * size);
            }

            return count;
        }
    }
}
