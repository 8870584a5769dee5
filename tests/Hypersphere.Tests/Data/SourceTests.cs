using Formats;
using Hypersphere;
using Hypersphere.Data;
using Hypersphere.Formats;

namespace Data;

public class SourceTests
{
    [Fact]
    public void NpzImagesAreRead()
    {
        using TemporaryFolder folder = new();
        byte[] pixels = TestImages.Random(4, 3, 3).Pixels;
        Save(("images", NpyArray.Of(pixels, 2, 2, 3, 3)), ("labels", NpyArray.Of([1, 0])));
        ImageSource source = ImageSource.Open(folder.File("d.npz"));
        Assert.Equal("2×3 RGB", source.DescribeShape());
        Assert.Equal(["0", "1"], source.ClassNames);
        Assert.Equal(pixels[18..], source.Read(1).Pixels);
        Save(("images", NpyArray.Of(pixels, 6, 2, 3)), ("labels", NpyArray.Of<byte>([1, 0, 1, 0, 3, 3])),
            ("class_names", NpyArray.Of(["a", "b", "c", "d"])));
        Assert.Equal(["a", "b", "c", "d"], ImageSource.Open(folder.File("d.npz")).ClassNames);

        Fails("images is", ("images", NpyArray.Of(new float[24], 6, 2, 2)), ("labels", NpyArray.Of(new int[6])));
        Fails("no array \"labels\"; it holds images", ("images", NpyArray.Of(pixels, 6, 2, 3)));
        Fails("5 labels but 6 images", ("images", NpyArray.Of(pixels, 6, 2, 3)), ("labels", NpyArray.Of(new int[5])));
        Fails("channels", ("images", NpyArray.Of(pixels, 3, 2, 3, 2)), ("labels", NpyArray.Of(new int[3])));
        Fails("labels: label -1 of image 1 is out of range", ("images", NpyArray.Of(pixels, 3, 4, 3)), ("labels", NpyArray.Of([0, -1, 1])));
        Fails("label 9 of image 2 is out of range", ("images", NpyArray.Of(pixels, 3, 4, 3)), ("labels", NpyArray.Of([0, 1, 9])));
        Fails("labels are 0 … 1", ("images", NpyArray.Of(pixels, 3, 4, 3)), ("labels", NpyArray.Of([0, 1, 2])),
            ("class_names", NpyArray.Of(["a", "b"])));
        Fails("none may be 0", ("images", NpyArray.Of<byte>([], 0, 4, 3)), ("labels", NpyArray.Of<int>([], 0)));

        void Save(params (string, NpyArray)[] arrays) => NpzWriter.Save(folder.File("d.npz"), compress: true, arrays);

        void Fails(string expected, params (string, NpyArray)[] arrays)
        {
            Save(arrays);
            string message = Assert.Throws<InputException>(() => ImageSource.Open(folder.File("d.npz"))).Message;
            Assert.Contains(expected.Replace("images is", "images: is float32 but uint8 is needed", StringComparison.Ordinal), message,
                StringComparison.Ordinal);
            Assert.StartsWith(folder.File("d.npz"), message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void TurnsAreClassesOfTheirOwn()
    {
        MemoryImages source = new("x", new(2, 2, 3), [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, .. new byte[12]], [1, 0], ["a", "b"]);
        ImageSource turned = source.WithTurns();
        Assert.Equal((8, 8), (turned.Count, turned.ClassNames.Count));
        Assert.Equal([1, 0, 3, 2, 5, 4, 7, 6], Enumerable.Range(0, 8).Select(turned.Label));
        Assert.Equal(["1234", "2413", "4321", "3142"], Enumerable.Range(0, 4).Select(t => string.Concat(turned.Read(2 * t).Pixels.Where((_, i) => i % 3 == 0))));
        Assert.Equal("b turned by 90°", turned.ClassNames[turned.Label(2)]);
        Assert.NotEqual(DatasetSummary.Fingerprint(source), DatasetSummary.Fingerprint(turned));
        Assert.Contains("equal sides", Assert.Throws<InputException>(() => new MemoryImages("x", new(1, 2, 1), new byte[4], [0, 1], ["a", "b"]).WithTurns()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SummariesCount()
    {
        MemoryImages source = new("x", new(1, 1, 1), new byte[7], [0, 2, 2, 3, 3, 3, 3], ["a", "b", "c", "d"]);
        DatasetSummary summary = new(source);
        Assert.Equal([1, 0, 2, 4], summary.ImagesPerClass);
        Assert.Equal((3, 1, 1, 4, 2), (summary.Classes, summary.SingleImageClasses, summary.Smallest, summary.Largest, summary.Median));
        Assert.Equal("7 images 1×1 grey, 3 classes of 1–4 (median 2), 1 of them with one image", summary.ToString());
        summary.RequireTrainable();
        DatasetSummary one = new(source.Subset(3, 4));
        Assert.Contains("at least 2 classes", Assert.Throws<InputException>(one.RequireTrainable).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FingerprintsTellDataApart()
    {
        string first = DatasetSummary.Fingerprint(TestImages.Numbered(20, 4));
        Assert.Equal(32, first.Length);
        Assert.Equal(first, DatasetSummary.Fingerprint(TestImages.Numbered(20, 4)));
        Assert.NotEqual(first, DatasetSummary.Fingerprint(TestImages.Numbered(20, 5)));
        Assert.NotEqual(first, DatasetSummary.Fingerprint(TestImages.Numbered(21, 4)));
        Assert.NotEqual(first, DatasetSummary.Fingerprint(TestImages.Numbered(20, 4, height: 3)));
    }

    [Fact]
    public void SplitsByClassShareNoClass()
    {
        MemoryImages source = TestImages.Numbered(100, 10);
        (ImageSource first, ImageSource second) = Splits.ByClass(source, 0.7, new Rng(3));
        Assert.Equal((7, 3, 70, 30), (first.ClassNames.Count, second.ClassNames.Count, first.Count, second.Count));
        Assert.All([first, second], half => Assert.Equal(half.ClassNames.Order(StringComparer.Ordinal), half.ClassNames));
        Assert.Empty(first.ClassNames.Intersect(second.ClassNames, StringComparer.Ordinal));
        foreach (ImageSource half in (ImageSource[])[first, second])
        {
            for (int i = 0; i < half.Count; i++)
            {
                int original = half.Read(i).Pixels[0];
                Assert.Equal($"c{original % 10}", half.ClassNames[half.Label(i)]);
            }
        }

        Assert.Equal(DatasetSummary.Fingerprint(first), DatasetSummary.Fingerprint(Splits.ByClass(source, 0.7, new Rng(3)).First));
        Assert.NotEqual(DatasetSummary.Fingerprint(first), DatasetSummary.Fingerprint(Splits.ByClass(source, 0.7, new Rng(4)).First));
        _ = Assert.Throws<InputException>(() => Splits.ByClass(source.Subset(0, 10), 0.5, new Rng(1)));
        _ = Assert.Throws<InputException>(() => Splits.ByClass(source, 1, new Rng(1)));
    }

    [Fact]
    public void SplitsBySampleShareEveryClass()
    {
        MemoryImages source = TestImages.Numbered(100, 10);
        (ImageSource first, ImageSource second) = Splits.BySample(source, 0.8, new Rng(3));
        Assert.Equal("80 images 2×3 grey, 10 classes of 8", new DatasetSummary(first).ToString());
        Assert.Equal("20 images 2×3 grey, 10 classes of 2", new DatasetSummary(second).ToString());
        IEnumerable<int> all = Values(first).Concat(Values(second));
        Assert.Equal(Enumerable.Range(0, 100), all.Order());
        _ = Assert.Throws<InputException>(() => Splits.BySample(TestImages.Numbered(5, 5), 0.5, new Rng(1)));

        static IEnumerable<int> Values(ImageSource half) => Enumerable.Range(0, half.Count).Select(i => (int)half.Read(i).Pixels[0]);
    }

    [Fact]
    public void SyntheticImagesAreTheSameEveryTime()
    {
        ImageSource a = ImageSource.Open("synthetic:classes=4,images=40,size=12,channels=3,seed=5");
        ImageSource b = new SyntheticImages(4, 40, 12, 3, 5);
        Assert.Equal("40 images 12×12 RGB, 4 classes of 10", new DatasetSummary(a).ToString());
        Assert.Equal(a.Read(7).Pixels, b.Read(7).Pixels);
        Assert.NotEqual(a.Read(3).Pixels, a.Read(7).Pixels);
        Assert.NotEqual(a.Read(7).Pixels, ImageSource.Open("synthetic:classes=4,images=40,size=12,channels=3,seed=5#test").Read(7).Pixels);
        Assert.Equal(1000, ImageSource.Open("synthetic").Count);
        _ = Assert.Throws<InputException>(() => ImageSource.Open("synthetic:classes=0"));
        _ = Assert.Throws<InputException>(() => ImageSource.Open("synthetic:colours=3"));
        _ = Assert.Throws<InputException>(() => ImageSource.Open("synthetic:classes=4", new() { Channels = 3 }));
    }

    [Fact]
    public void SyntheticClassesAreNearerThanOthers()
    {
        SyntheticImages source = new(5, 100);
        double[][] images = [.. Enumerable.Range(0, 100).Select(i => Array.ConvertAll(source.Read(i).Pixels, p => (double)p))];
        int right = Enumerable.Range(0, 100).Count(i => Enumerable.Range(0, 100).Where(j => j != i)
            .MinBy(j => images[i].Zip(images[j], (a, b) => (a - b) * (a - b)).Sum()) % 5 == i % 5);
        Assert.InRange(right, 85, 100);
    }
}
