using Hypersphere;
using Hypersphere.Data;
using Hypersphere.Registry;

namespace Data;

public class SamplerTests
{
    /// <summary>Nine classes, the c-th with c + 1 images.</summary>
    private static readonly MemoryImages _uneven = Uneven(9);

    public static TheoryData<string> All => [.. Registry<Sampler>.All.Select(s => s.Attribute.Name)];

    [Theory]
    [MemberData(nameof(All))]
    public void An_epoch_depends_on_seed_and_number_alone(string spec)
    {
        MemoryImages source = Grouped();
        Assert.Equal(Order(spec, source, 8, 3), Order(spec, source, 8, 3));
        Assert.NotEqual(Order(spec, source, 8, 3), Order(spec, source, 8, 4));
        Assert.All(Order(spec, source, 8, 3), i => Assert.InRange(i, 0, source.Count - 1));
    }

    [Fact]
    public void Pk_batches_hold_P_classes_with_K_images_each()
    {
        foreach (int[] batch in Order("pk(samples=3)", _uneven, 12, 0).Chunk(12).Where(b => b.Length == 12))
        {
            IGrouping<int, int>[] classes = [.. batch.GroupBy(i => _uneven.Label(i))];
            Assert.Equal(4, classes.Length);
            Assert.All(classes, c => Assert.Equal(3, c.Count()));
            Assert.All(classes.Where(c => c.Key >= 2), c => Assert.Equal(3, c.Distinct().Count()));
        }
    }

    [Fact]
    public void Pk_deals_all_classes_and_their_images_evenly()
    {
        MemoryImages source = TestImages.Numbered(70, 7);
        int[] order = Order("pk(samples=2)", source, 10, 1);
        Assert.Equal(70, order.Distinct().Count());
        Assert.All(order.GroupBy(source.Label), c => Assert.Equal(10, c.Count()));
    }

    [Fact]
    public void Class_balanced_shows_every_class_as_often()
    {
        int[] order = Order("class-balanced", _uneven, 9, 0);
        Assert.All(order.GroupBy(_uneven.Label), c => Assert.Equal(5, c.Count()));
    }

    [Fact]
    public void Hierarchical_batches_come_from_few_groups_and_keep_them_for_a_while()
    {
        MemoryImages source = Grouped();
        string[] Groups(int[] batch) => [.. batch.Select(i => source.ClassNames[source.Label(i)].Split('/')[0]).Distinct().Order(StringComparer.Ordinal)];
        int[][] batches = [.. Order("hierarchical(groups=2, samples=2, batches=3)", source, 8, 0).Chunk(8)];
        Assert.All(batches, b => Assert.Equal(2, Groups(b).Length));
        Assert.All(batches, b => Assert.All(b.GroupBy(source.Label), c => Assert.Equal(2, c.Count())));
        Assert.Equal(Groups(batches[0]), Groups(batches[2]));
        Assert.Contains(batches, b => !Groups(b).SequenceEqual(Groups(batches[0])));
    }

    [Theory]
    [InlineData("pk(samples=5)", 12, "5 images a class; choose a batch that 5 divides")]
    [InlineData("pk(samples=1)", 12, "needs 12 classes but the data has 9; choose samples of 2 or more, or a batch of 9 or less")]
    [InlineData("hierarchical", 16, "the data has 1 group of classes")]
    [InlineData("hierarchical(groups=3)", 16, "choose a batch that 12 divides")]
    public void What_cannot_be_drawn_is_explained(string spec, int batch, string part)
    {
        InputException error = Assert.Throws<InputException>(() => Order(spec, _uneven, batch, 0));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    private static int[] Order(string spec, MemoryImages source, int batch, int epoch)
    {
        using DataLoader loader = new(source, new() { BatchSize = batch, Sampler = Registry<Sampler>.Create(spec) }, new Rng(5));
        return [.. loader.Epoch(epoch).SelectMany(b => b.Indices.ToArray())];
    }

    private static MemoryImages Uneven(int classes)
    {
        int[] labels = [.. Enumerable.Range(0, classes).SelectMany(c => Enumerable.Repeat(c, c + 1))];
        return new MemoryImages("uneven", new(2, 2, 1), new byte[labels.Length * 4], labels, [.. Enumerable.Range(0, classes).Select(c => $"c{c}")]);
    }

    /// <summary>Five groups of four classes with six images.</summary>
    private static MemoryImages Grouped()
    {
        int[] labels = [.. Enumerable.Range(0, 120).Select(i => i / 6)];
        return new MemoryImages("grouped", new(2, 2, 1), new byte[480], labels, [.. Enumerable.Range(0, 20).Select(c => $"g{c / 4}/c{c}")]);
    }
}
