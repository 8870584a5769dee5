using System.Buffers.Binary;
using System.IO.Compression;
using Hypersphere;
using Hypersphere.Data;
using Hypersphere.Formats;

namespace Formats;

public class IdxTests
{
    public static byte[] Idx(params int[] shape)
    {
        byte[] file = new byte[4 + (4 * shape.Length) + shape.Aggregate(1, (a, b) => a * b)];
        (file[2], file[3]) = (8, (byte)shape.Length);
        for (int i = 0; i < shape.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4 + (4 * i)), shape[i]);
        }

        for (int i = 4 + (4 * shape.Length); i < file.Length; i++)
        {
            file[i] = (byte)(i % 3);
        }

        return file;
    }

    public static byte[] Zip(byte[] bytes)
    {
        MemoryStream zipped = new();
        using (GZipStream gzip = new(zipped, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return zipped.ToArray();
    }

    [Theory]
    [InlineData("", false)]
    [InlineData(".gz", true)]
    [InlineData("", true)]
    public void BothPartsAreRead(string ending, bool zipped)
    {
        using TemporaryFolder folder = new();
        foreach ((string part, int count) in ((string, int)[])[("train", 7), ("t10k", 4)])
        {
            byte[] images = Idx(count, 5, 3), labels = Idx(count);
            File.WriteAllBytes(folder.File($"{part}-images-idx3-ubyte{ending}"), zipped ? Zip(images) : images);
            File.WriteAllBytes(folder.File($"{part}-labels-idx1-ubyte{ending}"), zipped ? Zip(labels) : labels);
        }

        ImageSource train = ImageSource.Open($"idx:{folder.FullName}"), test = ImageSource.Open($"idx:{folder.FullName}#test");
        Assert.Equal((7, 5, 3, 1, 3), (train.Count, train.Height, train.Width, train.Channels, train.ClassNames.Count));
        Assert.Equal(4, test.Count);
        Assert.Equal(4, ImageSource.Open($"idx:{folder.FullName}", new() { Part = DataPart.Test }).Count);
        Assert.Equal([2, 0, 1, 2], Enumerable.Range(0, 4).Select(test.Label));
        Assert.Equal(Idx(4, 5, 3).AsSpan(16 + 15, 15).ToArray(), test.Read(1).Pixels);
        _ = Assert.Throws<InputException>(() => ImageSource.Open($"idx:{folder.FullName}#both"));
        _ = Assert.Throws<InputException>(() => ImageSource.Open($"idx:{folder.FullName}/missing"));
    }

    [Fact]
    public void CountsThatDifferAreTold()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.File("images"), Idx(5, 2, 2));
        File.WriteAllBytes(folder.File("labels"), Idx(6));
        InputException e = Assert.Throws<InputException>(() => IdxImages.Load(folder.File("images"), folder.File("labels")));
        Assert.Contains("6 labels", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LabelsOutOfRangeAreTold()
    {
        using TemporaryFolder folder = new();
        byte[] labels = Idx(6);
        labels[10] = 200;
        File.WriteAllBytes(folder.File("images"), Idx(6, 2, 2));
        File.WriteAllBytes(folder.File("labels"), labels);
        foreach (int? classes in (int?[])[null, 10])
        {
            InputException e = Assert.Throws<InputException>(() => IdxImages.Load(folder.File("images"), folder.File("labels"), classes));
            Assert.Contains("label 200 of image 2 is out of range", e.Message, StringComparison.Ordinal);
        }

        Assert.Equal(256, IdxImages.Load(folder.File("images"), folder.File("labels"), 256).ClassNames.Count);
    }

    [Theory]
    [InlineData(4, 0x7F, false)]
    [InlineData(4, 0x7F, true)]
    [InlineData(7, 0x01, false)]
    [InlineData(7, 0x01, true)]
    [InlineData(7, 0x09, true)]
    [InlineData(2, 0x0D, false)]
    [InlineData(3, 0x01, false)]
    [InlineData(5, 0xFF, true)]
    public void HeadersThatLieAreTold(int at, byte value, bool zipped)
    {
        byte[] bytes = Idx(8, 4, 4);
        bytes[at] = value;
        byte[] stored = zipped ? Zip(bytes) : bytes;
        using Stream stream = zipped ? new GZipStream(new MemoryStream(stored), CompressionMode.Decompress) : new MemoryStream(stored);
        long before = GC.GetAllocatedBytesForCurrentThread();
        long? length = zipped ? null : stored.Length;
        InputException e = Assert.Throws<InputException>(() => IdxFile.Read(stream, length, stored.Length, 3, "lie"));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
        Assert.StartsWith("lie: ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AGzipBombStopsAtTheClaim()
    {
        byte[] bomb = Zip([.. Idx(8, 4, 4), .. new byte[50_000_000]]);
        using GZipStream stream = new(new MemoryStream(bomb), CompressionMode.Decompress);
        long before = GC.GetAllocatedBytesForCurrentThread();
        InputException e = Assert.Throws<InputException>(() => IdxFile.Read(stream, null, bomb.Length, 3, "bomb"));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
        Assert.Contains("more follow", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FashionMnistIsRead()
    {
        const string Folder = "/usr/share/datasets/fashion-mnist";
        if (!Directory.Exists(Folder))
        {
            return;
        }

        ImageSource test = ImageSource.Open($"idx:{Folder}#test");
        Assert.Equal("10,000 images 28×28 grey, 10 classes of 1,000", new DatasetSummary(test).ToString());
        Assert.Equal([9, 2, 1, 1, 6, 1, 4, 6, 5, 7], Enumerable.Range(0, 10).Select(test.Label));
    }
}
