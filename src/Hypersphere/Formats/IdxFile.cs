using System.Buffers.Binary;
using System.IO.Compression;

namespace Hypersphere.Formats;

/// <summary>IDX, the format of MNIST and its relatives: unsigned bytes in an array of any rank, plain or gzipped.</summary>
/// <param name="Shape">Length of every dimension.</param>
/// <param name="Data">Values in C order.</param>
public sealed record IdxFile(IReadOnlyList<int> Shape, byte[] Data)
{
    /// <summary>Reads a file. What its header claims is believed only as far as the file bears it out.</summary>
    /// <param name="path">The file; gzip is recognised by its first bytes, not by the name.</param>
    /// <param name="rank">How many dimensions it must have: 3 for images, 1 for labels.</param>
    /// <exception cref="InputException">Not an IDX file of unsigned bytes of this rank, or shorter or longer than its header
    /// says.</exception>
    public static IdxFile Read(string path, int rank)
    {
        using FileStream file = InputFile.Open(path);
        Span<byte> head = stackalloc byte[2];
        bool zipped = BoundedReader.Fill(file, head, path) == 2 && head[0] == 0x1F && head[1] == 0x8B;
        file.Position = 0;
        if (!zipped)
        {
            return Read(file, file.Length, file.Length, rank, path);
        }

        using GZipStream inflated = new(file, CompressionMode.Decompress);
        return Read(inflated, null, file.Length, rank, path);
    }

    /// <summary>Reads from a stream.</summary>
    /// <param name="stream">IDX bytes.</param>
    /// <param name="length">Length of the IDX bytes, where known without reading them.</param>
    /// <param name="stored">Length of the file that the bytes come from.</param>
    /// <param name="rank">How many dimensions it must have.</param>
    /// <param name="name">The file, for messages.</param>
    internal static IdxFile Read(Stream stream, long? length, long stored, int rank, string name)
    {
        Span<byte> header = stackalloc byte[4 + (4 * rank)];
        int got = BoundedReader.Fill(stream, header, name);
        if (got < header.Length || header[0] != 0 || header[1] != 0 || header[2] != 8 || header[3] != rank)
        {
            throw new InputException(
                $"{name}: not an IDX file of unsigned bytes in {rank} dimensions; is it another file of the data set?");
        }

        int[] shape = new int[rank];
        long count = 1;
        for (int i = 0; i < rank; i++)
        {
            uint size = BinaryPrimitives.ReadUInt32BigEndian(header[(4 + (4 * i))..]);
            if (size == 0 || size > int.MaxValue || (count *= size) > Array.MaxLength)
            {
                throw new InputException(
                    $"{name}: the IDX header claims a dimension of {size}; every one must be at least 1 and the array below 2 GiB");
            }

            shape[i] = (int)size;
        }

        string claim = $"the IDX header claims {string.Join('×', shape)} = {count} bytes";
        if (length is { } known && known - header.Length != count)
        {
            throw new InputException($"{name}: {claim}, but {known - header.Length} follow; get the file again");
        }

        byte[] data = BoundedReader.Read<byte>(stream, count, stored, name);
        return BoundedReader.Fill(stream, header[..1], name) == 0
            ? new IdxFile(shape, data)
            : throw new InputException($"{name}: {claim}, but more follow; get the file again");
    }
}
