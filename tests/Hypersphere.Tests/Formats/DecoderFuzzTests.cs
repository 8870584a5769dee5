using System.Globalization;
using System.IO.Compression;
using System.Text;
using Data;
using Hypersphere;
using Hypersphere.Data;
using Hypersphere.Formats;

namespace Formats;

/// <summary>Damaged files must give an <see cref="InputException"/> of one line or be read, and never cost much memory.</summary>
/// <remarks>HYPERSPHERE_FUZZ=100000 sets the number of mutations of every format.</remarks>
public class DecoderFuzzTests
{
    private static readonly int Rounds =
        int.TryParse(Environment.GetEnvironmentVariable("HYPERSPHERE_FUZZ"), NumberStyles.None, CultureInfo.InvariantCulture, out int n)
            ? n : 3000;

    [Fact]
    public void Png()
    {
        List<byte[]> seeds = [];
        foreach ((int type, int depth, bool interlaced) in ((int, int, bool)[])[(0, 1, false), (2, 8, true), (3, 4, false), (6, 16, true)])
        {
            seeds.Add(new PngMaker(11, 9, depth, type, interlaced, 5).Make().File);
        }

        Fuzz("png", seeds, RepairChecksums, bytes => ImageDecoders.Decode(bytes, "f"));
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
        Fuzz("pnm", seeds, (b, _) => b, bytes => ImageDecoders.Decode(bytes, "f"));
    }

    [Fact]
    public void Idx()
    {
        Fuzz("idx", [IdxTests.Idx(5, 4, 3)], (b, _) => b, b => IdxFile.Read(new MemoryStream(b), b.Length, b.Length, 3, "f"));
        Fuzz("idx inside gzip", [IdxTests.Idx(5, 4, 3)], (b, _) => IdxTests.Zip(b), ReadZipped);
        Fuzz("gzip", [IdxTests.Zip(IdxTests.Idx(5, 4, 3))], (b, _) => b, ReadZipped);
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

        Fuzz("npz", seeds, (b, _) => b, bytes =>
        {
            using NpzReader npz = new(new MemoryStream(bytes), "f");
            _ = NpzImages.Read(npz, "f", null);
        });

        MemoryStream npy = new();
        NpyFile.Write(npy, NpyArray.Of(["left", "right"]));
        MemoryStream floats = new();
        NpyFile.Write(floats, NpyArray.Of(new float[6], 2, 3));
        Fuzz("npy", [npy.ToArray(), floats.ToArray()], (b, _) => b, bytes => NpyFile.Read(new MemoryStream(bytes), bytes.Length, "f"));
    }

    private static void ReadZipped(byte[] bytes)
    {
        using GZipStream stream = new(new MemoryStream(bytes), CompressionMode.Decompress);
        _ = IdxFile.Read(stream, null, bytes.Length, 3, "f");
    }

    private static void Fuzz(string format, List<byte[]> seeds, Func<byte[], Rng, byte[]> finish, Action<byte[]> read)
    {
        int told = 0;
        Rng root = new(2024);
        for (int round = 0; round < Rounds; round++)
        {
            Rng rng = root.Fork(format, round);
            byte[] bytes = finish(Mutation.Of(seeds[rng.NextInt(seeds.Count)], rng), rng);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(bytes);
            }
            catch (InputException e) when (!e.Message.Contains('\n', StringComparison.Ordinal) && e.Message.StartsWith('f'))
            {
                told++;
            }
            catch (Exception e)
            {
                Assert.Fail($"{format}, round {round}: {e}");
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < (8 << 20), $"{format}, round {round}: {allocated} bytes for a file of {bytes.Length}");
        }

        Assert.InRange(told, Rounds / 4, Rounds);
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
