using System.Runtime.InteropServices;

namespace Hypersphere.Formats;

/// <summary>The element types of .npy that are read and written.</summary>
internal static class NpyType
{
    private static readonly (Type Type, string Code, string Name)[] All =
    [
        (typeof(bool), "|b1", "bool"), (typeof(sbyte), "|i1", "int8"), (typeof(byte), "|u1", "uint8"), (typeof(short), "<i2", "int16"),
        (typeof(ushort), "<u2", "uint16"), (typeof(int), "<i4", "int32"), (typeof(uint), "<u4", "uint32"), (typeof(long), "<i8", "int64"),
        (typeof(ulong), "<u8", "uint64"), (typeof(Half), "<f2", "float16"), (typeof(float), "<f4", "float32"),
        (typeof(double), "<f8", "float64"),
    ];

    /// <summary>The type's name in NumPy, such as "float32"; strings are "str".</summary>
    public static string NameOf(Type type) => type == typeof(string) ? "str" : Find(type).Name;

    /// <summary>The type's code, such as "&lt;f4".</summary>
    public static string CodeOf(Type type) => Find(type).Code;

    /// <summary>Reads the values of a type from a stream.</summary>
    /// <exception cref="InputException">The type is not one of these, or the values are not all there.</exception>
    public static Array Read(string code, long count, Stream stream, long stored, string what) => code switch
    {
        [_, 'b', '1'] => Array.ConvertAll(BoundedReader.Read<byte>(stream, count, stored, what), b => b != 0),
        [_, 'i', '1'] => BoundedReader.Read<sbyte>(stream, count, stored, what),
        [_, 'u', '1'] => BoundedReader.Read<byte>(stream, count, stored, what),
        "<i2" => BoundedReader.Read<short>(stream, count, stored, what),
        "<u2" => BoundedReader.Read<ushort>(stream, count, stored, what),
        "<i4" => BoundedReader.Read<int>(stream, count, stored, what),
        "<u4" => BoundedReader.Read<uint>(stream, count, stored, what),
        "<i8" => BoundedReader.Read<long>(stream, count, stored, what),
        "<u8" => BoundedReader.Read<ulong>(stream, count, stored, what),
        "<f2" => BoundedReader.Read<Half>(stream, count, stored, what),
        "<f4" => BoundedReader.Read<float>(stream, count, stored, what),
        "<f8" => BoundedReader.Read<double>(stream, count, stored, what),
        _ when code.StartsWith("<U", StringComparison.Ordinal) => NpyStrings.Read(code, count, stream, stored, what),
        _ when code.StartsWith('>') => throw new InputException(
            $"{what}: is big-endian ({code}); save it again with .astype('{code.Replace('>', '<')}')"),
        _ => throw new InputException($"{what}: has dtype {code}; readable are {string.Join(", ", All.Select(t => t.Name))} and str"),
    };

    /// <summary>Writes the values, little-endian.</summary>
    public static void Write(Stream stream, Array values)
    {
        switch (values)
        {
            case bool[] v: Write(stream, v); break;
            case sbyte[] v: Write(stream, v); break;
            case byte[] v: Write(stream, v); break;
            case short[] v: Write(stream, v); break;
            case ushort[] v: Write(stream, v); break;
            case int[] v: Write(stream, v); break;
            case uint[] v: Write(stream, v); break;
            case long[] v: Write(stream, v); break;
            case ulong[] v: Write(stream, v); break;
            case Half[] v: Write(stream, v); break;
            case float[] v: Write(stream, v); break;
            case double[] v: Write(stream, v); break;
            default: throw new ArgumentException($"NpyArray: {values.GetType().Name} is no type of .npy", nameof(values));
        }
    }

    private static void Write<T>(Stream stream, T[] values)
        where T : unmanaged
    {
        const int Block = 1 << 20; // items: spans of bytes must stay below 2 GiB
        for (int start = 0; start < values.Length; start += Block)
        {
            stream.Write(MemoryMarshal.AsBytes(values.AsSpan(start, Math.Min(Block, values.Length - start))));
        }
    }

    private static (Type Type, string Code, string Name) Find(Type type) => Array.Find(All, t => t.Type == type) is { Name: not null } found
        ? found
        : throw new ArgumentException($"NpyArray: {type.Name} is no type of .npy", nameof(type));
}
