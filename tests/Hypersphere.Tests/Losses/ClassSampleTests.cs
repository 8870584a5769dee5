using FsCheck;
using FsCheck.Fluent;
using Hypersphere.Losses;

namespace Hypersphere.Tests.Losses;

public sealed class ClassSampleTests
{
    [Fact]
    public void It_holds_the_batch_and_as_many_others_as_the_rate_allows()
    {
        Gen<(int, int, int, double)> cases = Gen.Choose(0, int.MaxValue).SelectMany(seed => Gen.Choose(1, 300).SelectMany(
            classes => Gen.Choose(0, 40).SelectMany(batch => Gen.Choose(0, 1000).Select(rate => (seed, classes, batch, rate / 1000.0)))));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(cases.ToArbitrary(), c => Holds(c.Item1, c.Item2, c.Item3, c.Item4)));
    }

    [Fact]
    public void Every_class_is_drawn_as_often()
    {
        const int classes = 40, draws = 4000;
        int[] counts = new int[classes];
        for (int i = 0; i < draws; i++)
        {
            foreach (int c in ClassSample.Draw(classes, [7, 7, 30, -1], i % 2 == 0 ? 0.2 : 0.8, new Rng(1).Fork("step", i)).Classes)
            {
                counts[c]++;
            }
        }

        Assert.Equal((draws, draws), (counts[7], counts[30]));
        double expected = draws * (6 + 30) / 2.0 / (classes - 2), deviation = Math.Sqrt(draws * 0.25);
        Assert.All(Enumerable.Range(0, classes).Except([7, 30]), c => Assert.InRange(counts[c], expected - (4 * deviation), expected + (4 * deviation)));
    }

    [Fact]
    public void It_depends_on_the_step_alone()
    {
        IReadOnlyList<int> Draw(long step) => ClassSample.Draw(1_000_000, [5], 0.001, new Rng(3).Fork("step", step)).Classes;
        Assert.Equal(Draw(4), Draw(4));
        Assert.NotEqual(Draw(4), Draw(5));
    }

    [Fact]
    public void Ranks_share_one_sample()
    {
        ClassSample whole = ClassSample.Draw(101, [3, 50, 99], 0.4, new Rng(2));
        IEnumerable<int> parts = new[] { (0, 34), (34, 34), (68, 33) }.SelectMany(r => whole.Within(r.Item1, r.Item2).Classes.Select(c => c + r.Item1));
        Assert.Equal(whole.Classes, parts);
        Assert.Equal(0, ClassSample.Of(3, 4).Within(10, 5).Count);
    }

    [Fact]
    public void Labels_find_their_places()
    {
        Assert.Equal([1, -1, -1, 0, 2], ClassSample.Of(2, 5, 9).Positions([5, 6, -1, 2, 9]));
        Assert.Throws<ArgumentException>(() => ClassSample.Of(2, 2));
        Assert.Throws<ArgumentException>(() => ClassSample.Of(-1, 2));
        Assert.Throws<ArgumentException>(() => ClassSample.Of());
    }

    private static bool Holds(int seed, int classes, int batch, double rate)
    {
        Rng random = new((ulong)seed);
        int[] labels = [.. Enumerable.Range(0, batch).Select(_ => random.NextInt(classes + 1) - 1)];
        int own = labels.Where(l => l >= 0).Distinct().Count();
        IReadOnlyList<int> drawn = ClassSample.Draw(classes, labels, rate, random).Classes;
        Assert.Equal(Math.Max(Math.Max(own, 1), (int)(rate * classes)), drawn.Count);
        Assert.Equal(drawn.Distinct().Order(), drawn);
        Assert.All(drawn, c => Assert.InRange(c, 0, classes - 1));
        Assert.Empty(labels.Where(l => l >= 0).Except(drawn));
        return true;
    }
}
