using Hypersphere;
using Hypersphere.Data;
using Hypersphere.Formats;

namespace Data;

public class DataLoaderTests
{
    [Fact]
    public void AnEpochHoldsEveryImageOnce()
    {
        MemoryImages source = TestImages.Numbered(23, 4);
        using DataLoader loader = new(source, new() { BatchSize = 5, DropLast = false }, new Rng(1));
        List<int> indices = [];
        int position = 0;
        foreach (ImageBatch batch in loader.Epoch(3))
        {
            Assert.Equal((3, position, position == 4 ? 3 : 5), (batch.Epoch, batch.Position, batch.Count));
            position++;
            for (int i = 0; i < batch.Count; i++)
            {
                int index = batch.Indices.Span[i];
                Assert.Equal(index % 4, batch.Labels.Span[i]);
                Assert.All(batch.Pixels.Span.Slice(i * 6, 6).ToArray(), p => Assert.Equal((index - 127.5f) / 127.5f, p));
            }

            Assert.Equal(batch.Count * 6, batch.Pixels.Length);
            indices.AddRange(batch.Indices.Span);
        }

        Assert.Equal(5, position);
        Assert.Equal(Enumerable.Range(0, 23), indices.Order());
        Assert.NotEqual(Enumerable.Range(0, 23), indices);
    }

    [Fact]
    public void DropLastAndOrder()
    {
        MemoryImages source = TestImages.Numbered(23, 4);
        using DataLoader dropping = new(source, new() { BatchSize = 5, Sampler = null }, new Rng(1));
        Assert.Equal(Enumerable.Range(0, 20), dropping.Epoch(0).SelectMany(b => b.Indices.ToArray()));
        Assert.Equal(4, dropping.BatchesPerEpoch);
        using DataLoader whole = new(source, DataLoaderOptions.InOrder(5), new Rng(1));
        Assert.Equal(Enumerable.Range(0, 23), whole.Epoch(0).SelectMany(b => b.Indices.ToArray()));
        Assert.Equal(5, whole.BatchesPerEpoch);
        Assert.Equal(Enumerable.Range(15, 8), whole.Epoch(0, 3).SelectMany(b => b.Indices.ToArray()));
        Assert.Empty(whole.Epoch(0, 5));
    }

    [Fact]
    public void ResumedEpochsGoOnAsTheyWould()
    {
        SyntheticImages source = new(5, 50, 8);
        DataLoaderOptions options = new() { BatchSize = 8, Augmentations = [new Crop(2), new Flip()], Prefetch = 3 };
        List<float[]> Run(int epoch, int first)
        {
            using DataLoader loader = new(source, options, new Rng(7));
            return [.. loader.Epoch(epoch, first).Select(b => b.Pixels.ToArray())];
        }

        List<float[]> whole = Run(2, 0);
        Assert.Equal(6, whole.Count);
        for (int first = 0; first < 6; first++)
        {
            Assert.Equal(whole[first..], Run(2, first));
        }

        Assert.NotEqual(whole[0], Run(3, 0)[0]);
    }

    [Fact]
    public void AnImagesChangesDependOnEpochAndIndexAlone()
    {
        SyntheticImages source = new(5, 48, 8);
        float[][] Run(int epoch, int batch, bool shuffle)
        {
            Augmentation[] augmentations = [new Crop(3), new Flip()];
            DataLoaderOptions options = new() { BatchSize = batch, Sampler = shuffle ? new Shuffled() : null, Augmentations = augmentations };
            using DataLoader loader = new(source, options, new Rng(7));
            float[][] result = new float[source.Count][];
            foreach (ImageBatch b in loader.Epoch(epoch))
            {
                for (int i = 0; i < b.Count; i++)
                {
                    result[b.Indices.Span[i]] = b.Pixels.Slice(i * source.ImageBytes, source.ImageBytes).ToArray();
                }
            }

            return result;
        }

        float[][] images = Run(1, 8, shuffle: false);
        Assert.Equal(images, Run(1, 3, shuffle: true));
        Assert.InRange(images.Zip(Run(2, 8, shuffle: false)).Count(p => !p.First.AsSpan().SequenceEqual(p.Second)), 40, 48);
        Assert.Equal(48, images.Select(i => string.Join(',', i)).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void ChannelsHaveTheirOwnScale()
    {
        MemoryImages source = TestImages.Numbered(4, 2, channels: 3);
        DataLoaderOptions options = DataLoaderOptions.InOrder(4) with { Preprocessing = new(ChannelOrder.Rgb, [0, 1, 2], [1, 2, 4]) };
        using DataLoader loader = new(source, options, new Rng(1));
        float[] pixels = loader.Epoch(0).Single().Pixels.ToArray();
        Assert.Equal([3, 1, 0.25f], pixels[^3..]);
    }

    [Theory]
    [InlineData("rgb(mean=0, std=1)", new[] { 10f, 20, 30 })]
    [InlineData("bgr(mean=0, std=1)", new[] { 30f, 20, 10 })]
    [InlineData("bgr(mean=10 0 0, std=1 1 2)", new[] { 20f, 20, 5 })]
    public void ChannelsComeInTheNetworksOrder(string preprocessing, float[] expected)
    {
        MemoryImages source = new("one", new(1, 1, 3), new byte[] { 10, 20, 30 }, new[] { 0 }, ["a"]);
        using DataLoader loader = new(source, DataLoaderOptions.InOrder(1) with { Preprocessing = Preprocessing.Parse(preprocessing, 3) }, new Rng(1));
        Assert.Equal(expected, loader.Epoch(0).Single().Pixels.ToArray());
    }

    [Fact]
    public void LeavingInMidEpochIsClean()
    {
        MemoryImages source = TestImages.Numbered(200, 4);
        using DataLoader loader = new(source, new() { BatchSize = 2 }, new Rng(1));
        for (int epoch = 0; epoch < 50; epoch++)
        {
            Assert.Equal(1 + (epoch % 5), loader.Epoch(epoch).Take(1 + (epoch % 5)).Count());
        }

        using IEnumerator<ImageBatch> first = loader.Epoch(0).GetEnumerator();
        Assert.True(first.MoveNext());
        Assert.Contains("still being read", Assert.Throws<InvalidOperationException>(() => loader.Epoch(1).First()).Message,
            StringComparison.Ordinal);
        loader.Dispose();
        Assert.False(first.MoveNext());
        _ = Assert.Throws<ObjectDisposedException>(() => loader.Epoch(0).First());
    }

    [Fact]
    public void ErrorsReachTheConsumerBehindTheGoodBatches()
    {
        using DataLoader loader = new(new Failing(20, 13), DataLoaderOptions.InOrder(4), new Rng(1));
        int batches = 0;
        InputException e = Assert.Throws<InputException>(() =>
        {
            foreach (ImageBatch _ in loader.Epoch(0))
            {
                batches++;
            }
        });
        Assert.Equal((3, "13.png: truncated"), (batches, e.Message));
        Assert.Equal(2, loader.Epoch(1, 1).Take(2).Count());
    }

    [Fact]
    public void NothingIsAllocatedAfterWarmUp()
    {
        Failing source = new(4000, int.MaxValue);
        DataLoaderOptions options = new() { BatchSize = 10, Augmentations = [new Crop(1), new Flip()] };
        using DataLoader loader = new(source, options, new Rng(1));
        _ = loader.Epoch(0).Count();
        using IEnumerator<ImageBatch> epoch = loader.Epoch(1).GetEnumerator();
        _ = epoch.MoveNext();
        long before = GC.GetAllocatedBytesForCurrentThread();
        source.Restart();
        int batches = 1;
        while (epoch.MoveNext())
        {
            batches++;
        }

        Assert.Equal(400, batches);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4096);
        Assert.InRange(source.Allocated, 0, 4096);
    }

    [Fact]
    public void WaitingIsMeasured()
    {
        using DataLoader loader = new(new Failing(8, int.MaxValue, TimeSpan.FromMilliseconds(5)), DataLoaderOptions.InOrder(2), new Rng(1));
        _ = loader.Epoch(0).Count();
        Assert.InRange(loader.Waited.TotalMilliseconds, 20, 60_000);
    }

    [Fact]
    public void SenselessOptionsAreTold()
    {
        MemoryImages source = TestImages.Numbered(10, 2);
        DataLoaderOptions[] senseless =
        [
            new() { BatchSize = 0 }, new() { BatchSize = 11 }, new() { BatchSize = int.MaxValue, DropLast = false },
            new() { BatchSize = 2, Prefetch = 0 }, new() { BatchSize = 2, Preprocessing = new(ChannelOrder.Grey, [0], [0]) },
            new() { BatchSize = 2, Preprocessing = new(ChannelOrder.Grey, [1, 2], [1]) }, new() { BatchSize = 2, Preprocessing = Preprocessing.Usual(3) },
        ];
        foreach (DataLoaderOptions options in senseless)
        {
            _ = Assert.Throws<InputException>(() => new DataLoader(source, options, new Rng(1)));
        }
    }

    /// <summary>Fails at one image; counts what the reading thread allocates.</summary>
    private sealed class Failing(int count, int bad, TimeSpan delay = default) : ImageSource("failing", count, new ImageInfo(4, 4, 1),
        ["a", "b"])
    {
        private long _begin = -1;

        public long Allocated { get; private set; }

        public void Restart() => Volatile.Write(ref _begin, -1);

        public override int Label(int index) => index % 2;

        public override string Name(int index) => $"{index}";

        protected override void Fill(int index, Span<byte> pixels)
        {
            if (index == bad)
            {
                throw new InputException($"{index}.png: truncated");
            }

            if (delay > TimeSpan.Zero)
            {
                Thread.Sleep(delay);
            }

            if (Volatile.Read(ref _begin) < 0)
            {
                Volatile.Write(ref _begin, GC.GetAllocatedBytesForCurrentThread());
            }

            Allocated = GC.GetAllocatedBytesForCurrentThread() - _begin;
            pixels.Fill((byte)index);
        }
    }
}
