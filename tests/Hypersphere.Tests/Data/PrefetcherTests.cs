using Hypersphere.Data;

namespace Data;

public class PrefetcherTests
{
    [Fact]
    public void TheConsumersSlotIsLeftAlone()
    {
        const int Ring = 3;
        int filled = 0;
        using Prefetcher prefetcher = new(Ring, 5, 100);
        prefetcher.Start((slot, position) =>
        {
            Assert.Equal(position % Ring, slot);
            _ = Interlocked.Increment(ref filled);
        });
        for (int taken = 0; taken < 20; taken++)
        {
            Assert.Equal((5 + taken) % Ring, prefetcher.Next());
            Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref filled) == taken + Ring, TimeSpan.FromSeconds(20)));
            Assert.False(SpinWait.SpinUntil(() => Volatile.Read(ref filled) > taken + Ring, TimeSpan.FromMilliseconds(5)));
        }
    }

    [Fact]
    public void DisposeEndsAThreadThatWaits()
    {
        for (int round = 0; round < 200; round++)
        {
            int filled = 0;
            Prefetcher prefetcher = new(2, 0, 1000);
            prefetcher.Start((_, _) => Interlocked.Increment(ref filled));
            for (int taken = 0; taken < round % 4; taken++)
            {
                _ = prefetcher.Next();
            }

            prefetcher.Dispose();
            int after = filled;
            Assert.InRange(after, 0, 2 + (round % 4));
            Assert.Equal(-1, prefetcher.Next());
            Assert.Equal(after, filled);
        }
    }
}
