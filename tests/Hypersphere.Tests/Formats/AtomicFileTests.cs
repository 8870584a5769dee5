using Hypersphere;
using Hypersphere.Formats;

namespace Formats;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ReplacesTheWholeFile()
    {
        string path = _folder.File("a.bin");
        AtomicFile.Write(path, s => s.Write([1, 2, 3, 4]));
        AtomicFile.Write(path, s => s.Write([9]));
        Assert.Equal([9], File.ReadAllBytes(path));
        Assert.Equal(["a.bin"], _folder.Names());
    }

    [Fact]
    public void PathShowsOldContentsUntilTheEnd()
    {
        string path = _folder.File("a.bin");
        File.WriteAllBytes(path, [1]);
        AtomicFile.Write(path, s =>
        {
            s.Write(new byte[1 << 20]);
            Assert.Equal([1], File.ReadAllBytes(path));
        });
        Assert.Equal(1 << 20, new FileInfo(path).Length);
    }

    [Fact]
    public void FullDiskKeepsTheOldFileAndLeavesNothing()
    {
        string path = _folder.File("a.bin");
        File.WriteAllBytes(path, [7]);
        InputException e = Assert.Throws<InputException>(() => AtomicFile.Write(path, FillDisk));
        Assert.Contains(path + ":", e.Message, StringComparison.Ordinal);
        Assert.Contains("No space left on device", e.Message, StringComparison.Ordinal);
        Assert.Contains("previous file is intact", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
        Assert.Equal([7], File.ReadAllBytes(path));
        Assert.Equal(["a.bin"], _folder.Names());
    }

    [Fact]
    public void FullDiskOnAFirstWriteSaysThatNothingIsLeft()
    {
        InputException e = Assert.Throws<InputException>(() => AtomicFile.Write(_folder.File("new.bin"), FillDisk));
        Assert.Contains("nothing was left behind", e.Message, StringComparison.Ordinal);
        Assert.Empty(_folder.Names());
    }

    [Fact]
    public void OtherFailuresPassThroughAndLeaveNothing()
    {
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(_folder.File("b"), s =>
        {
            s.Write([1]);
            throw new InvalidOperationException();
        }));
        Assert.Empty(_folder.Names());
    }

    [Fact]
    public void MissingFolderIsNamed()
    {
        InputException e = Assert.Throws<InputException>(() => AtomicFile.Write(_folder.File("no/such/x"), s => s.Write([1])));
        Assert.Contains("no/such", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LeftoverOfAKilledProcessIsTakenOver()
    {
        File.WriteAllBytes(_folder.File("a.bin.tmp"), new byte[1000]);
        AtomicFile.Write(_folder.File("a.bin"), s => s.Write([5]));
        Assert.Equal([5], File.ReadAllBytes(_folder.File("a.bin")));
        Assert.Equal(["a.bin"], _folder.Names());
    }

    [Fact]
    public void SecondWriterIsRefusedAndTheFirstIsWhole()
    {
        string path = _folder.File("a.bin");
        AtomicFile.Write(path, s =>
        {
            s.Write([1]);
            Assert.Throws<InputException>(() => AtomicFile.Write(path, t => t.Write([2])));
            s.Write([3]);
        });
        Assert.Equal([1, 3], File.ReadAllBytes(path));
    }

    private static void FillDisk(Stream stream)
    {
        stream.Write(new byte[100_000]);
        throw new IOException("No space left on device");
    }
}
