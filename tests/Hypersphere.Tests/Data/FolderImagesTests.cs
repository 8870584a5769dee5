using Formats;
using Hypersphere;
using Hypersphere.Data;
using Hypersphere.Formats;

namespace Data;

public sealed class FolderImagesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ClassesAndFilesAreInOrdinalOrder()
    {
        Put("b/2.png", 4, 5, 1);
        Put("b/10.pgm", 4, 5, 1);
        Put("B/x.ppm", 4, 5, 3);
        Put("a/1.png", 4, 5, 1);
        File.WriteAllText(Path.Combine(_folder.FullName, "README"), "not an image");
        File.WriteAllText(Path.Combine(_folder.FullName, "a", "notes.txt"), "nor this");
        ImageSource source = ImageSource.Open(_folder.FullName);
        Assert.Equal(["B", "a", "b"], source.ClassNames);
        Assert.Equal(["B/x.ppm", "a/1.png", "b/10.pgm", "b/2.png"], Enumerable.Range(0, 4).Select(source.Name));
        Assert.Equal([0, 1, 2, 2], Enumerable.Range(0, 4).Select(source.Label));
        Assert.Equal("4×5 RGB", source.DescribeShape());
        Assert.Equal(TestImages.Random(4, 5, 1).WithChannels(3).Pixels, source.Read(1).Pixels);
        ImageSource grey = ImageSource.Open(_folder.FullName, new() { Channels = 1 });
        Assert.Equal(TestImages.Random(4, 5, 3).WithChannels(1).Pixels, grey.Read(0).Pixels);
    }

    [Fact]
    public void FoldersOfFoldersAreIdentitiesToo()
    {
        Put("Greek/alpha/1.png", 3, 3, 1);
        Put("Greek/beta/1.png", 3, 3, 1);
        Put("Latin/a/1.png", 3, 3, 1);
        Assert.Equal(["Greek/alpha", "Greek/beta", "Latin/a"], ImageSource.Open(_folder.FullName).ClassNames);
    }

    [Fact]
    public void DifferentSizesNeedASize()
    {
        Put("a/1.png", 4, 4, 1);
        Put("a/2.png", 8, 4, 1);
        Put("b/1.png", 2, 2, 1);
        Fails("2.png: is 8×4, but a/1.png is 4×4");
        ImageSource source = ImageSource.Open(_folder.FullName, new() { Size = (2, 2) });
        Assert.Equal((2, 2), (source.Height, source.Width));
        byte[] first = TestImages.Random(4, 4, 1).Pixels;
        Assert.Equal((first[0] + first[1] + first[4] + first[5] + 2) / 4, source.Read(0).Pixels[0]);
    }

    [Fact]
    public void UnusableFoldersAreTold()
    {
        Fails("holds no images");
        Put("x.png", 3, 3, 1);
        Fails("holds images itself");
        File.Delete(_folder.File("x.png"));
        Put("train/a/1.png", 3, 3, 1);
        Put("test/a/1.png", 3, 3, 1);
        Fails("is in parts");
        Put("b/1.tiff", 3, 3, 1);
        Fails("b/1.tiff is of a format that cannot be read (1 such files); readable are ");
        File.Delete(_folder.File("b/1.tiff"));
        Put("b/1.png", 3, 3, 1);
        File.WriteAllBytes(_folder.File("b/2.png"), []);
        Fails("2.png: the file is empty");
        File.WriteAllText(_folder.File("b/2.png"), "<html>not found</html>");
        Fails("2.png: not an image that can be read");
        Assert.Contains("no such folder", Assert.Throws<InputException>(() => ImageSource.Open(_folder.File("missing"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ATruncatedImageIsToldWhenRead()
    {
        Put("a/1.png", 9, 9, 3);
        byte[] file = File.ReadAllBytes(_folder.File("a/1.png"));
        File.WriteAllBytes(_folder.File("a/1.png"), file[..^20]);
        ImageSource source = ImageSource.Open(_folder.FullName);
        InputException e = Assert.Throws<InputException>(() => source.Read(0));
        Assert.Contains($"a{Path.DirectorySeparatorChar}1.png: truncated PNG", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheCacheKeepsToItsBudget()
    {
        Put("a/1.png", 4, 4, 1);
        Put("a/2.png", 4, 4, 1);
        ImageSource source = new FolderImages(_folder.FullName, new() { CacheBytes = 20 });
        _ = (source.Read(0), source.Read(1));
        Put("a/1.png", 4, 4, 1, seed: 9);
        Put("a/2.png", 4, 4, 1, seed: 9);
        Assert.Equal(TestImages.Random(4, 4, 1).Pixels, source.Read(0).Pixels);
        Assert.Equal(TestImages.Random(4, 4, 1, 9).Pixels, source.Read(1).Pixels);
    }

    [Fact]
    public void RegisteredFormatsAreFound()
    {
        Put("a/1.grey", 1, 1, 1);
        File.WriteAllBytes(_folder.File("a/1.grey"), [.. "GREY"u8, 77]);
        ImageDecoders.Register(new OnePixel());
        Assert.Equal([77], ImageSource.Open(_folder.FullName).Read(0).Pixels);
    }

    [Fact]
    public void RealFacesAndDrawingsAreRead()
    {
        if (TestImages.Shared("orl") is not { } orl || TestImages.Shared("omniglot/images_background") is not { } omniglot)
        {
            return;
        }

        Assert.Equal("400 images 112×92 grey, 40 classes of 10", new DatasetSummary(ImageSource.Open(orl)).ToString());
        ImageSource drawings = ImageSource.Open(omniglot);
        Assert.Equal("4,840 images 105×105 grey, 242 classes of 20", new DatasetSummary(drawings).ToString());
        byte[] pixels = new byte[drawings.ImageBytes];
        for (int i = 0; i < drawings.Count; i += 20)
        {
            drawings.Read(i, pixels);
            Assert.InRange(pixels.Count(p => p == 0), 20, 3000);
        }
    }

    private void Fails(string expected)
    {
        InputException e = Assert.Throws<InputException>(() => ImageSource.Open(_folder.FullName));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    private void Put(string name, int height, int width, int channels, ulong seed = 1)
    {
        string path = _folder.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        RasterImage image = TestImages.Random(height, width, channels, seed);
        File.WriteAllBytes(path, name.EndsWith(".png", StringComparison.Ordinal) ? PngEncoder.Encode(image) : PnmDecoder.Encode(image));
    }

    private sealed class OnePixel : ImageDecoder
    {
        public override string Name => "GREY";

        public override IReadOnlyList<string> Extensions => [".grey"];

        public override bool Matches(ReadOnlySpan<byte> head) => head.StartsWith("GREY"u8);

        public override ImageInfo Identify(ReadOnlySpan<byte> file, string name) => new(1, 1, 1);

        public override RasterImage Decode(ReadOnlySpan<byte> file, string name) => new(1, 1, 1, [file[4]]);
    }
}
