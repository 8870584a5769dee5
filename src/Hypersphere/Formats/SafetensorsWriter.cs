using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Hypersphere.Formats;

/// <summary>Writes safetensors files: an 8-byte little-endian header length, a JSON header padded to 8 bytes, then the arrays back to
/// back.</summary>
public static class SafetensorsWriter
{
    /// <summary>Writes single-precision arrays and text metadata, atomically.</summary>
    /// <param name="path">The file; an existing one is replaced whole or not at all.</param>
    /// <param name="metadata">Free text by key, stored as <c>__metadata__</c>.</param>
    /// <param name="tensors">The arrays, in the order in which they are stored; names unique.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    /// <exception cref="ArgumentException">A name occurs twice, or an array does not hold what its shape says.</exception>
    public static void Save(
        string path, IReadOnlyDictionary<string, string> metadata, IReadOnlyList<SafetensorsSource> tensors) =>
        AtomicFile.Write(path, stream => Write(stream, metadata, tensors));

    /// <summary>Writes single-precision arrays and text metadata to a stream.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="metadata">Free text by key.</param>
    /// <param name="tensors">The arrays, in the order in which they are stored; names unique.</param>
    public static void Write(Stream stream, IReadOnlyDictionary<string, string> metadata, IReadOnlyList<SafetensorsSource> tensors)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(tensors);
        ReadOnlySpan<byte> header = Header(metadata, tensors);
        Span<byte> length = stackalloc byte[8];
        int padded = (header.Length + 7) & ~7;
        BinaryPrimitives.WriteInt64LittleEndian(length, padded);
        stream.Write(length);
        stream.Write(header);
        stream.Write("       "u8[..(padded - header.Length)]);
        foreach (SafetensorsSource tensor in tensors)
        {
            long written = 0;
            foreach (SafetensorsValues piece in tensor.Pieces)
            {
                ReadOnlySpan<float> values = piece();
                stream.Write(MemoryMarshal.AsBytes(values));
                written += values.Length;
            }

            if (written != tensor.Count)
            {
                throw new ArgumentException($"{tensor.Name} has {written} values but its shape says {tensor.Count}.", nameof(tensors));
            }
        }
    }

    private static ReadOnlySpan<byte> Header(IReadOnlyDictionary<string, string> metadata, IReadOnlyList<SafetensorsSource> tensors)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteStartObject(SafetensorsHeader.MetadataKey);
        foreach ((string key, string value) in metadata)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
        var names = new HashSet<string>(StringComparer.Ordinal) { SafetensorsHeader.MetadataKey };
        long offset = 0;
        foreach (SafetensorsSource tensor in tensors)
        {
            if (!names.Add(tensor.Name))
            {
                throw new ArgumentException($"The name {tensor.Name} cannot be stored, or is there twice.", nameof(tensors));
            }

            json.WriteStartObject(tensor.Name);
            json.WriteString("dtype"u8, "F32"u8);
            WriteNumbers(json, "shape", tensor.Shape.Select(size => (long)size));
            WriteNumbers(json, "data_offsets", [offset, offset += tensor.Count * sizeof(float)]);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan;
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (long number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }
}
