using System.Buffers.Binary;
using System.Text;
using Hypersphere;
using Hypersphere.Oracles;
using Hypersphere.Formats;

namespace Formats;

public sealed class SafetensorsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.File("m.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void RoundTripKeepsBitsOrderAndMetadata()
    {
        float[] a = [1, float.NaN, -0f, float.Epsilon, float.MaxValue, float.NegativeInfinity];
        float[] scalar = [3];
        SafetensorsWriter.Save(FilePath, new Dictionary<string, string> { ["loss"] = "arcface(margin=0.5)", ["ключ\n"] = "\"é\"" },
        [
            new("z.weight", [2, 3], () => a),
            new("empty", [0, 5], () => default),
            new("a.scalar", [], () => scalar),
        ]);

        using var file = SafetensorsFile.Open(FilePath);
        Assert.Equal(["z.weight", "empty", "a.scalar"], file.Entries.Select(e => e.Name));
        Assert.Equal("arcface(margin=0.5)", file.Metadata["loss"]);
        Assert.Equal("\"é\"", file.Metadata["ключ\n"]);
        Assert.Equal([2L, 3], file.Find("z.weight")!.Shape);
        var read = new float[6];
        file.Read<float>("z.weight", read);
        Assert.Equal(a.Select(BitConverter.SingleToInt32Bits), read.Select(BitConverter.SingleToInt32Bits));
        file.Read<float>("empty", []);
        file.Read("a.scalar", read.AsSpan(0, 1));
        Assert.Equal(3, read[0]);
        Assert.Null(file.Find("missing"));
    }

    [Fact]
    public void HeaderIsLaidOutAsTheFormatSays()
    {
        float[] values = [1, 2];
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, new Dictionary<string, string>(), [new("w", [2], () => values)]);
        byte[] bytes = stream.ToArray();
        const string Expected = """{"__metadata__":{},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";
        long length = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Assert.Equal(0, length % 8);
        Assert.Equal(Expected, Encoding.UTF8.GetString(bytes, 8, (int)length).TrimEnd(' '));
        Assert.Equal(2f, BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan((int)length + 12)));
        Assert.Equal(8 + length + 8, bytes.Length);
    }

    [Fact]
    public void OtherNumberFormatsAreRead()
    {
        WriteRaw(
            """{"b":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"i":{"dtype":"I32","shape":[2],"data_offsets":[8,16]},"""
            + """ "l":{"dtype":"I64","shape":[1],"data_offsets":[16,24]},"d":{"dtype":"F64","shape":[1],"data_offsets":[24,32]}}""",
            [1, 2, 3, 4, 5, 6, 7, 8, .. BitConverter.GetBytes(-5), .. BitConverter.GetBytes(6), .. BitConverter.GetBytes(-7L), .. BitConverter.GetBytes(0.25)]);
        using var file = SafetensorsFile.Open(FilePath);
        byte[] b = new byte[8];
        int[] i = new int[2];
        long[] l = new long[1];
        double[] d = new double[1];
        file.Read<byte>("b", b);
        file.Read<int>("i", i);
        file.Read<long>("l", l);
        file.Read<double>("d", d);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], b);
        Assert.Equal([-5, 6], i);
        Assert.Equal([-7L], l);
        Assert.Equal([0.25], d);
        Assert.Contains("dtype I32", Assert.Throws<InputException>(() => file.Read<float>("i", new float[2])).Message, StringComparison.Ordinal);
        Assert.Contains("3 were expected", Assert.Throws<InputException>(() => file.Read<int>("i", new int[3])).Message, StringComparison.Ordinal);
        Assert.Contains("no array “x”", Assert.Throws<InputException>(() => file.Read<int>("x", i)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "header")]
    [InlineData("{", "JSON")]
    [InlineData("{}{}", "JSON")]
    [InlineData("{}", "end at byte 0 of 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[0],"data_offsets":[8,8]}}""", "twice")]
    [InlineData("""{"__metadata__":{"k":"1","k":"2"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "twice")]
    [InlineData("""{"__metadata__":{"k":1},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "__metadata__")]
    [InlineData("""{"a":{"dtype":"F16","shape":[4],"data_offsets":[0,8]}}""", "F16")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "does not fill")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "claims bytes 0 to 12 of 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "begins at byte 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "end at byte 4 of 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "claims bytes 8 to 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "whole number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""", "whole number")]
    [InlineData("""{"a":{"dtype":"F32","shape":["2"],"data_offsets":[0,8]}}""", "not a number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}}""", "more elements")]
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775807,9223372036854775807,9223372036854775807],"data_offsets":[0,8]}}""", "more elements")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}""", "lacks")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", "lacks")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "repeated")]
    [InlineData("""{"a":[[[[[[[[1]]]]]]]]}""", "not what the format")]
    [InlineData("""{"a":{"dtype":"F32","shape":[[[[[[2]]]]]],"data_offsets":[0,8]}}""", "not a number")]
    public void LyingHeaderIsRefusedInOneLine(string header, string says)
    {
        WriteRaw(header, new byte[8]);
        InputException e = Assert.Throws<InputException>(() => SafetensorsFile.Open(FilePath));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        Assert.StartsWith(FilePath + ":", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Theory]
    [InlineData(0, new byte[] { })]
    [InlineData(0, new byte[] { 1, 2, 3 })]
    [InlineData(0, new byte[] { 255, 255, 255, 255, 255, 255, 255, 127, 123, 125 })]
    [InlineData(0, new byte[] { 3, 0, 0, 0, 0, 0, 0, 0, 123, 125 })]
    public void LyingLengthIsRefused(int dummy, byte[] bytes)
    {
        Assert.Equal(0, dummy);
        File.WriteAllBytes(FilePath, bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InputException>(() => SafetensorsFile.Open(FilePath));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void MissingFileIsNamed() =>
        Assert.Contains("no.safetensors: cannot be read", Assert.Throws<InputException>(() => SafetensorsFile.Open("no.safetensors")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void FileCutWhileOpenIsNoticed()
    {
        WriteRaw("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", new byte[8]);
        using var file = SafetensorsFile.Open(FilePath);
        using (FileStream cut = new(FilePath, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            cut.SetLength(cut.Length - 3);
        }

        Assert.Contains("ends early", Assert.Throws<InputException>(() => file.Read<float>("a", new float[2])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WriterRefusesWhatCouldNotBeRead()
    {
        float[] two = [1, 2];
        var none = new Dictionary<string, string>();
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(Stream.Null, none, [new("a", [3], () => two)]));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(Stream.Null, none, [new("a", [2], () => two), new("a", [2], () => two)]));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(Stream.Null, none, [new("__metadata__", [2], () => two)]));
    }

    /// <summary>Every single damage is either harmless or an InputException; HYPERSPHERE_FUZZ raises the number of tries.</summary>
    [Fact]
    public void DamagedFilesNeverCrash()
    {
        int tries = int.TryParse(Environment.GetEnvironmentVariable("HYPERSPHERE_FUZZ"), out int n) ? n : 2000;
        float[] values = [.. Enumerable.Range(0, 24).Select(i => (float)i)];
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, new Dictionary<string, string> { ["step"] = "12" },
            [new("a", [2, 3, 4], () => values), new("b", [4], () => values.AsSpan(0, 4)), new("c", [], () => values.AsSpan(0, 1))]);
        byte[] sound = stream.ToArray();
        int refused = 0;
        for (int i = 0; i < tries; i++)
        {
            File.WriteAllBytes(FilePath, Mutation.Of(sound, new Rng(1).Fork("fuzz", i)));
            try
            {
                using var file = SafetensorsFile.Open(FilePath);
                foreach (SafetensorsEntry entry in file.Entries.Where(e => e.Type == SafetensorsType.F32))
                {
                    file.Read<float>(entry.Name, new float[entry.Count]);
                }
            }
            catch (InputException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, tries / 4, tries);
    }

    private void WriteRaw(string header, byte[] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        File.WriteAllBytes(FilePath, [.. BitConverter.GetBytes((long)text.Length), .. text, .. data]);
    }
}
