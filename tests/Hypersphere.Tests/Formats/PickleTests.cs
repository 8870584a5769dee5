using System.Text;
using Hypersphere;
using Hypersphere.Data;
using Hypersphere.Evaluation;
using Hypersphere.Formats;
using Hypersphere.Oracles;

namespace Formats;

public sealed class PickleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Written by Python: 2.7's protocol 2 (byte strings are str there), 3.11's protocols 3, 4 and 5.</summary>
    [Theory]
    [InlineData("80025d7100285502616271015501637102680155007103655d7104288889658671052e")]
    [InlineData("80035d7100284302616271014301637102680143007103655d7104288889658671052e")]
    [InlineData("8004951b000000000000005d94284302616294430163946801430094655d942888896586942e")]
    [InlineData("8005951b000000000000005d94284302616294430163946801430094655d942888896586942e")]
    public void Sets_of_every_protocol_read_alike(string hex)
    {
        (List<ReadOnlyMemory<byte>> files, bool[] same) = PairBinImages.Parse(Convert.FromHexString(hex), "f");
        Assert.Equal(["ab", "c", "ab", ""], files.Select(f => Encoding.ASCII.GetString(f.Span)));
        Assert.Equal([true, false], same);
    }

    [Theory]
    [InlineData("cos\nsystem\n(S'echo hi'\ntR.", "asks for os.system")]
    [InlineData("(S'x'\nios\nsystem\n.", "holds something of kind 0x53")]
    [InlineData("(ios\nsystem\n.", "asks for os.system")]
    [InlineData("Nb.", "asks to make an object")]
    [InlineData("Pabc\n.", "asks for an object from elsewhere")]
    public void Whatever_would_run_something_is_refused_by_name(string pickle, string expected)
    {
        string message = Assert.Throws<InputException>(() => PickleReader.Read(Encoding.Latin1.GetBytes(pickle), "f")).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains("nothing was run", message, StringComparison.Ordinal);
        Assert.Contains("at byte", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_newer_way_to_ask_for_a_function_is_refused_too()
    {
        byte[] pickle = [0x80, 4, 0x8c, 2, .. "os"u8, 0x8c, 6, .. "system"u8, 0x93, (byte)'.'];
        Assert.Contains("f: at byte 14 the pickle asks for os.system: refused", Assert.Throws<InputException>(() => PickleReader.Read(pickle, "f")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_set_is_a_source_with_pairs()
    {
        byte[][] images = [.. Enumerable.Range(0, 4).Select(i => new PngMaker(6, 5, 8, 2, false, (ulong)i).Make().File)];
        string path = _folder.File("lfw.bin");
        PairBinImages.Write(path, [.. images.Select(i => (ReadOnlyMemory<byte>)i)], [true, false]);
        PairBinImages set = (PairBinImages)ImageSource.Open(path);
        Assert.Equal([0, 0, 1, 2], Enumerable.Range(0, 4).Select(set.Label));
        Assert.Equal([true, false], set.Same);
        Assert.Equal(ImageDecoders.Decode(images[3], "png").Pixels, set.Read(3).Pixels);
        VerificationPairs pairs = VerificationPairs.Of(set)!;
        Assert.Equal([0, 2], pairs.First);
        Assert.Equal([1, 3], pairs.Second);
        Assert.Equal([true, false], pairs.Same);
    }

    [Fact]
    public void Damaged_sets_are_told_and_cost_little()
    {
        string path = _folder.File("s.bin");
        PairBinImages.Write(path, [.. Enumerable.Range(0, 12).Select(i => (ReadOnlyMemory<byte>)new byte[i])], [true, false, true, true, false, false]);
        byte[][] seeds =
        [
            File.ReadAllBytes(path), Convert.FromHexString("80025d7100285502616271015501637102680155007103655d7104288889658671052e"),
            Encoding.Latin1.GetBytes("((lp0\nI01\naI5\na(lp1\ntp2\n."),
        ];
        Fuzzing.Run("pickle", seeds, bytes => _ = PairBinImages.Parse(bytes, Fuzzing.FileName));
    }
}
