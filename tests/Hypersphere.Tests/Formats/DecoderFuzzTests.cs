using System.IO.Compression;
using System.Text;
using Data;
using Hypersphere;
using Hypersphere.Data;
using Hypersphere.Formats;
using Hypersphere.Oracles;

namespace Formats;

/// <summary>See <see cref="Fuzzing"/>.</summary>
public class DecoderFuzzTests
{
    [Fact]
    public void Png()
    {
        List<byte[]> seeds = [];
        foreach ((int type, int depth, bool interlaced) in ((int, int, bool)[])[(0, 1, false), (2, 8, true), (3, 4, false), (6, 16, true)])
        {
            seeds.Add(new PngMaker(11, 9, depth, type, interlaced, 5).Make().File);
        }

        Fuzzing.Run("png", seeds, bytes => ImageDecoders.Decode(bytes, "f"), RepairChecksums);
    }

    [Fact]
    public void Pnm()
    {
        RasterImage image = TestImages.Random(6, 5, 3);
        List<byte[]> seeds =
        [
            PnmDecoder.Encode(image), PnmDecoder.Encode(image.WithChannels(1)), [.. "P4 9 2\n"u8, 1, 2, 3, 4],
            Encoding.ASCII.GetBytes("P2\n3 2\n9\n1 2 3 4 5 6\n"), Encoding.ASCII.GetBytes("P1\n# x\n3 2\n101010\n"),
        ];
        Fuzzing.Run("pnm", seeds, bytes => ImageDecoders.Decode(bytes, "f"));
    }

    [Fact]
    public void Idx()
    {
        Fuzzing.Run("idx", [IdxTests.Idx(5, 4, 3)], b => IdxFile.Read(new MemoryStream(b), b.Length, b.Length, 3, "f"));
        Fuzzing.Run("idx inside gzip", [IdxTests.Idx(5, 4, 3)], ReadZipped, (b, _) => IdxTests.Zip(b));
        Fuzzing.Run("gzip", [IdxTests.Zip(IdxTests.Idx(5, 4, 3))], ReadZipped);
    }

    [Fact]
    public void Npz()
    {
        (string, NpyArray)[] arrays = [("images", NpyArray.Of(new byte[24], 3, 4, 2)), ("labels", NpyArray.Of([0L, 1, 0])),
            ("class_names", NpyArray.Of(["left", "right"]))];
        List<byte[]> seeds = [];
        foreach (bool compress in (bool[])[false, true])
        {
            MemoryStream file = new();
            NpzWriter.Write(file, compress, arrays);
            seeds.Add(file.ToArray());
        }

        Fuzzing.Run("npz", seeds, bytes =>
        {
            using NpzReader npz = new(new MemoryStream(bytes), "f");
            _ = NpzImages.Read(npz, "f", null);
        });

        MemoryStream npy = new();
        NpyFile.Write(npy, NpyArray.Of(["left", "right"]));
        MemoryStream floats = new();
        NpyFile.Write(floats, NpyArray.Of(new float[6], 2, 3));
        Fuzzing.Run("npy", [npy.ToArray(), floats.ToArray()], bytes => NpyFile.Read(new MemoryStream(bytes), bytes.Length, "f"));
    }

    private static void ReadZipped(byte[] bytes)
    {
        using GZipStream stream = new(new MemoryStream(bytes), CompressionMode.Decompress);
        _ = IdxFile.Read(stream, null, bytes.Length, 3, "f");
    }

    /// <summary>Half of the damaged files get true checksums, so that the damage gets past them.</summary>
    private static byte[] RepairChecksums(byte[] file, Rng rng)
    {
        int at = 8;
        while (rng.NextInt(12) != 0 && at + 12 <= file.Length)
        {
            int length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            if (length < 0 || length > file.Length - at - 12)
            {
                break;
            }

            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(
                file.AsSpan(at + 8 + length), Crc32.Append(0, file.AsSpan(at + 4, length + 4)));
            at += length + 12;
        }

        return file;
    }
}
