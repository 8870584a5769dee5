using Hypersphere;
using Hypersphere.Data;
using Hypersphere.Formats;

namespace Data;

public sealed class DatasetCheckTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hypersphere-check-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Everything_that_is_wrong_is_named()
    {
        RasterImage ann = Picture(1), bob = Picture(2), brighter = new(40, 40, 1, [.. ann.Pixels.Select(p => (byte)Math.Min(255, p + 4))]);
        Write("ann/1.png", ann);
        Write("ann/2.png", brighter);
        Write("ann/3.png", Picture(3));
        Write("bob/1.png", bob);
        Write("bob/2.png", ann);
        Write("cid/1.png", Picture(4));
        File.WriteAllBytes(Path.Combine(_folder, "bob", "3.png"), PngEncoder.Encode(bob)[..60]);

        DatasetCheck check = DatasetCheck.Run(_folder);

        Assert.Equal(6, check.Count);
        Assert.Contains("3.png", Assert.Single(check.Broken), StringComparison.Ordinal);
        Assert.Equal(["cid"], check.Single);
        Assert.Equal(6, check.Sizes["40×40 grey"]);
        Assert.Equal(
            [new("ann/1.png", "ann/2.png", false, true), new("ann/1.png", "bob/2.png", true, false), new("ann/2.png", "bob/2.png", false, false)],
            check.Duplicates);
    }

    [Fact]
    public void A_set_of_mixed_sizes_is_looked_at_by_headers_alone()
    {
        Write("ann/1.png", Picture(1));
        Write("ann/2.png", new RasterImage(3, 5, 1, new byte[15]));
        Write("bob/1.png", Picture(2));
        byte[] cut = PngEncoder.Encode(Picture(3));
        File.WriteAllBytes(Path.Combine(_folder, "bob", "2.png"), cut[..40]);
        var files = DatasetFiles.Read(_folder);
        Assert.Equal([2, 2], files.ImagesPerIdentity);
        Assert.Equal(["3×5 grey 1", "40×40 grey 3"], files.Sizes.Select(s => $"{s.Key} {s.Value}"));
        Assert.Equal(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length), files.Bytes);
        Assert.Equal(2, DatasetFiles.Read("synthetic:classes=2,images=6,size=8").ImagesPerIdentity.Count);
    }

    [Fact]
    public void Loose_images_are_of_nobody_where_that_will_do()
    {
        Write("1.png", Picture(1));
        Write("2.png", Picture(2));
        Assert.Throws<InputException>(() => ImageSource.Open(_folder));
        ImageSource images = ImageSource.Open(_folder, new ImageSourceOptions { Loose = true });
        Assert.Equal(["1.png", "2.png"], Enumerable.Range(0, images.Count).Select(images.Name));
        Assert.Equal([""], images.ClassNames);
    }

    [Fact]
    public void Images_of_the_test_set_are_found_among_those_to_train_on()
    {
        Write("train/ann/1.png", Picture(1));
        Write("train/ann/2.png", Picture(2));
        Write("test/bob/9.png", Picture(2));
        DatasetCheck train = DatasetCheck.Run(Path.Combine(_folder, "train")), test = DatasetCheck.Run(Path.Combine(_folder, "test"));
        Assert.Equal([new("ann/2.png", "bob/9.png", true, false)], train.Overlap(test));
    }

    [Fact]
    public void Near_hashes_are_those_that_a_plain_loop_finds()
    {
        Rng random = new(4);
        List<PerceptualHash> hashes = [];
        for (int i = 0; i < 400; i++)
        {
            PerceptualHash h = i % 4 == 0 ? new(random.NextBits(), random.NextBits(), random.NextBits(), random.NextBits()) : hashes[i - 1];
            for (int flips = i % 4 == 0 ? 0 : random.NextInt(16); flips > 0; flips--)
            {
                ulong bit = 1UL << random.NextInt(64);
                h = random.NextInt(4) switch
                {
                    0 => h with { First = h.First ^ bit }, 1 => h with { Second = h.Second ^ bit },
                    2 => h with { Third = h.Third ^ bit }, _ => h with { Fourth = h.Fourth ^ bit },
                };
            }

            hashes.Add(h);
        }

        HashSet<(int, int)> expected = [];
        for (int a = 0; a < hashes.Count; a++)
        {
            for (int b = a + 1; b < hashes.Count; b++)
            {
                if (hashes[a].Distance(hashes[b]) <= PerceptualHash.Tolerance)
                {
                    expected.Add((a, b));
                }
            }
        }

        (int, int)[] found = [.. PerceptualHash.Near(hashes)];
        Assert.True(expected.Count > 100);
        Assert.Equal(found.Length, found.Distinct().Count());
        Assert.True(expected.SetEquals(found));
    }

    private static RasterImage Picture(ulong seed)
    {
        Rng random = new(seed);
        byte[] cells = [.. Enumerable.Range(0, 64).Select(_ => (byte)random.NextInt(240))];
        return new RasterImage(40, 40, 1, [.. Enumerable.Range(0, 1600).Select(i => cells[(i / 40 / 5 * 8) + (i % 40 / 5)])]);
    }

    private void Write(string name, RasterImage image)
    {
        string path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, PngEncoder.Encode(image));
    }
}
