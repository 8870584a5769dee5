using Hypersphere.Losses;
using Hypersphere.Losses.Pairs;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Tests.Losses;

public sealed class CrossBatchMemoryTests
{
    private static readonly LossContext _context = new(5, 2, new Rng(1));

    /// <summary>On a circle: distances between unit vectors at 0°, 60°, 90°, 180°.</summary>
    [Fact]
    public void A_batch_is_compared_with_itself_and_the_batches_before()
    {
        Loss loss = Registry<Loss>.Create("cross-batch-memory(loss=contrastive(negative_margin=0.5), memory=3)", _context);
        Assert.Equal(0, Forward(loss, [(0, 0)]));
        Assert.Equal(1, Forward(loss, [(60, 0)]), 1e-5f);
        Assert.Equal((Math.Sqrt(2) + (2 * Math.Sin(Math.PI / 12))) / 2, Forward(loss, [(90, 0)]), 1e-5);
        Assert.Equal((Math.Sqrt(3) + Math.Sqrt(2)) / 2, Forward(loss, [(180, 0)]), 1e-5);   // the first is forgotten
    }

    [Fact]
    public void A_batch_larger_than_the_memory_leaves_its_last_rows()
    {
        CrossBatchMemory loss = new(_context, new Contrastive(_context, negativeMargin: 0), memory: 2);
        Assert.Equal((1 + Math.Sqrt(2) + (4 * Math.Sin(Math.PI / 12))) / 4, Forward(loss, [(0, 0), (60, 0), (90, 0)]), 1e-5);
    }

    [Fact]
    public void Nothing_is_remembered_in_use_nor_of_rows_that_take_no_part()
    {
        CrossBatchMemory loss = new(_context, memory: 4);
        Forward(loss, [(0, -1), (10, 1)]);
        loss.SetTraining(false);
        Assert.Equal(Forward(loss, [(70, 1)]), Forward(loss, [(70, 1)]));
        Assert.Equal([1, -1, -1, -1], loss.Buffers().Single(b => b.Name == "labels").Value.ToArray());
    }

    /// <summary>State in buffers: a copy of them makes another instance go on alike.</summary>
    [Theory]
    [InlineData("cross-batch-memory(loss=multi-similarity, memory=6)")]
    [InlineData("dynamic-soft-margin(bins=8, momentum=0.3)")]
    public void Another_instance_goes_on_from_its_buffers(string spec)
    {
        Loss first = Registry<Loss>.Create(spec, _context), second = Registry<Loss>.Create(spec, _context);
        float before = 0;
        for (int step = 0; step < 3; step++)
        {
            before = Forward(first, [(step * 40, 0), (100 + step, 0), (30, 1), (170, 1)]);
        }

        foreach ((NamedBuffer from, NamedBuffer to) in first.Buffers().Zip(second.Buffers()))
        {
            from.Value.Span.CopyTo(to.Value.Span);
        }

        (double, int)[] next = [(20, 0), (80, 0), (50, 1), (140, 1)];
        float expected = Forward(Registry<Loss>.Create(spec, _context), next);
        Assert.Equal(Forward(first, next), Forward(second, next));
        Assert.NotEqual(expected, Forward(second, next));
        Assert.NotEqual(0, before);
    }

    [Fact]
    public void Only_losses_over_pairs_go_inside()
    {
        InputException e = Assert.Throws<InputException>(() => Registry<Loss>.Create("cross-batch-memory(loss=arcface)", _context));
        Assert.Contains("no pairwise loss 'arcface'", e.Message, StringComparison.Ordinal);
        string spec = Registry<Loss>.Create("xbm(loss=ntxent(temperature=0.25), memory=8)", _context).ToString();
        Assert.Contains("loss=ntxent(temperature=0.25", spec, StringComparison.Ordinal);
        Assert.Equal(spec, Registry<Loss>.Create(spec, _context).ToString());
    }

    private static float Forward(Loss loss, (double Degrees, int Label)[] rows) => loss.Forward(
        Tensor.From([.. rows.SelectMany(r => new[] { (float)Math.Cos(r.Degrees * Math.PI / 180), (float)Math.Sin(r.Degrees * Math.PI / 180) })], new Shape(rows.Length, 2)),
        rows.Select(r => r.Label).ToArray()).Item();
}
