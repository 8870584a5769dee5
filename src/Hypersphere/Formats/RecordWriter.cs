using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Hypersphere.Formats;

/// <summary>Writes sets of images as insightface reads them: record 0 says where the identities begin and end, then the images, then a record
/// an identity with the range of its images.</summary>
public static class RecordWriter
{
    /// <summary>Writes a .rec file and the .idx file beside it; both are replaced whole or not at all.</summary>
    /// <param name="path">The .rec file.</param>
    /// <param name="identities">Images of each, as the bytes of encoded files; asked for one after another.</param>
    /// <returns>How many images were written.</returns>
    /// <exception cref="InputException">A file cannot be written, or an image is too long.</exception>
    public static int Write(string path, IReadOnlyList<IReadOnlyList<Func<ReadOnlyMemory<byte>>>> identities)
    {
        ArgumentNullException.ThrowIfNull(identities);
        int images = identities.Sum(i => i.Count), first = images + 1;
        StringBuilder index = new();
        AtomicFile.Write(path, file =>
        {
            int key = 0;
            Add(file, index, key++, [first, first + identities.Count], default);
            for (int c = 0; c < identities.Count; c++)
            {
                foreach (Func<ReadOnlyMemory<byte>> image in identities[c])
                {
                    Add(file, index, key++, [c], image());
                }
            }

            for (int c = 0, from = 1; c < identities.Count; from += identities[c++].Count)
            {
                Add(file, index, key++, [from, from + identities[c].Count], default);
            }
        });
        AtomicFile.Write(Path.ChangeExtension(path, ".idx"), file => file.Write(Encoding.ASCII.GetBytes(index.ToString())));
        return images;
    }

    private static void Add(Stream file, StringBuilder index, int key, float[] labels, ReadOnlyMemory<byte> payload)
    {
        index.Append(CultureInfo.InvariantCulture, $"{key}\t{file.Position}\n");
        byte[] record = new byte[RecordFile.HeaderBytes + (labels.Length > 1 ? 4 * labels.Length : 0) + payload.Length];
        BinaryPrimitives.WriteInt32LittleEndian(record, labels.Length > 1 ? labels.Length : 0);
        BinaryPrimitives.WriteSingleLittleEndian(record.AsSpan(4), labels.Length > 1 ? 0 : labels[0]);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(8), key);
        for (int i = 0; labels.Length > 1 && i < labels.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(record.AsSpan(RecordFile.HeaderBytes + (4 * i)), labels[i]);
        }

        payload.Span.CopyTo(record.AsSpan(record.Length - payload.Length));
        Parts(file, record);
    }

    /// <summary>One part, or several where the bytes hold the magic number at a multiple of 4.</summary>
    private static void Parts(Stream file, byte[] record)
    {
        List<int> cuts = [];
        for (int i = 0; i + 4 <= record.Length; i += 4)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(record.AsSpan(i)) == RecordFile.Magic)
            {
                cuts.Add(i);
            }
        }

        int from = 0;
        for (int i = 0; i <= cuts.Count; i++)
        {
            int to = i < cuts.Count ? cuts[i] : record.Length;
            Part(file, record.AsSpan(from, to - from), cuts.Count == 0 ? 0u : i == 0 ? 1 : i < cuts.Count ? 2u : 3);
            from = to + 4;
        }
    }

    private static void Part(Stream file, ReadOnlySpan<byte> bytes, uint kind)
    {
        if (bytes.Length > RecordFile.LargestPart)
        {
            throw new InputException($"an image of {bytes.Length} bytes is too long for a RecordIO file");
        }

        Span<byte> head = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(head, RecordFile.Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(head[4..], (kind << 29) | (uint)bytes.Length);
        file.Write(head);
        file.Write(bytes);
        file.Write([0, 0, 0], 0, (4 - (bytes.Length % 4)) % 4);
    }
}
