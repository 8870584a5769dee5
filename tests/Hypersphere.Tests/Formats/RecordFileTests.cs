using Hypersphere;
using Hypersphere.Data;
using Hypersphere.Formats;
using Hypersphere.Oracles;

namespace Formats;

public sealed class RecordFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_written_can_be_read_with_and_without_its_index(bool index)
    {
        byte[][] images = Pngs(5);
        string path = Write(images);
        if (!index)
        {
            File.Delete(Path.ChangeExtension(path, ".idx"));
        }

        RecordImages read = new(path);
        Assert.Equal(["0", "1"], read.ClassNames);
        Assert.Equal([0, 0, 1, 1, 1], Enumerable.Range(0, read.Count).Select(read.Label));
        Assert.Equal(["0/1", "0/2", "1/3", "1/4", "1/5"], Enumerable.Range(0, read.Count).Select(read.Name));
        for (int i = 0; i < images.Length; i++)
        {
            Assert.Equal(images[i], read.Encoded(i).ToArray());
            Assert.Equal(ImageDecoders.Decode(images[i], "png").Pixels, read.Read(i).Pixels);
        }
    }

    [Fact]
    public void Record_0_and_those_of_the_identities_are_as_insightface_writes_them()
    {
        using RecordFile file = RecordFile.Open(Write(Pngs(5)));
        Assert.Equal(8, file.Count);
        Assert.Equal([6f, 8f], file.Read(0).Labels);
        Assert.Equal([1f, 3f], file.Read(6).Labels);
        Assert.Equal([3f, 6f], file.Read(7).Labels);
        Assert.Equal(7, file.Read(7).Id);
        Assert.True(file.Read(7).Payload.IsEmpty);
    }

    [Fact]
    public void Bytes_that_hold_the_magic_number_survive()
    {
        byte[] magic = [0x0A, 0x23, 0xD7, 0xCE];
        byte[][] payloads = [[.. magic, 1, 2, 3], [9, .. magic], [.. magic, .. magic], [1, 2, 3, 4, .. magic, 5], []];
        string path = _folder.File("a.rec");
        RecordWriter.Write(path, [[.. payloads.Select(p => (Func<ReadOnlyMemory<byte>>)(() => p))]]);
        using RecordFile indexed = RecordFile.Open(path);
        Assert.Equal(payloads, Enumerable.Range(1, 5).Select(i => indexed.Read(i).Payload.ToArray()));
        File.Delete(Path.ChangeExtension(path, ".idx"));
        using RecordFile scanned = RecordFile.Open(path);
        Assert.Equal(7, scanned.Count);
        Assert.Equal(payloads, Enumerable.Range(1, 5).Select(i => scanned.Read(i).Payload.ToArray()));
    }

    [Fact]
    public void Damaged_files_are_told_and_cost_little()
    {
        string path = Write(Pngs(3)), damaged = Path.Combine(_folder.FullName, Fuzzing.FileName);
        string before = Directory.GetCurrentDirectory();
        Fuzzing.Run("rec", [File.ReadAllBytes(path)], bytes => Read(bytes, null, damaged));
        byte[] sound = File.ReadAllBytes(path);
        Fuzzing.Run("idx of rec", [File.ReadAllBytes(Path.ChangeExtension(path, ".idx"))], bytes => Read(sound, bytes, damaged));
        Assert.Equal(before, Directory.GetCurrentDirectory());
    }

    private static void Read(byte[] rec, byte[]? idx, string path)
    {
        File.WriteAllBytes(path, rec);
        string index = Path.ChangeExtension(path, ".idx");
        if (idx is not null)
        {
            File.WriteAllBytes(index, idx);
        }
        else
        {
            File.Delete(index);
        }

        try
        {
            using RecordFile file = RecordFile.Open(path);
            for (int i = 0; i < file.Count; i++)
            {
                _ = file.Read(i);
            }
        }
        catch (InputException e)
        {
            throw new InputException(e.Message[e.Message.IndexOf(Path.GetDirectoryName(path)!, StringComparison.Ordinal)..][(Path.GetDirectoryName(path)!.Length + 1)..], e);
        }
    }

    private string Write(byte[][] images)
    {
        string path = _folder.File("train.rec");
        Func<ReadOnlyMemory<byte>>[] read = [.. images.Select(i => (Func<ReadOnlyMemory<byte>>)(() => i))];
        Assert.Equal(images.Length, RecordWriter.Write(path, [read[..2], read[2..]]));
        return path;
    }

    private static byte[][] Pngs(int count) => [.. Enumerable.Range(0, count).Select(i => new PngMaker(6, 5, 8, 2, false, (ulong)i).Make().File)];
}
