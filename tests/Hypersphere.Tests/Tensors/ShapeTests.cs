using Hypersphere.Tensors;

namespace Hypersphere.Tests.Tensors;

public sealed class ShapeTests
{
    [Fact]
    public void Counts_and_indexes()
    {
        Shape shape = new(2, 3, 4, 5);
        Assert.Equal(120, shape.Count);
        Assert.Equal(60, shape.RowCount);
        Assert.Equal(5, shape[-1]);
        Assert.Equal("[2, 3, 4, 5]", shape.ToString());
        Assert.Equal(1, Shape.Scalar.Count);
        Assert.Equal(12, new Shape(0, 3, 4).RowCount);
        Assert.Throws<ArgumentOutOfRangeException>(() => shape[4]);
        Assert.Throws<ShapeException>(() => new Shape(-1));
        Assert.Throws<ShapeException>(() => Shape.Of([1, 2, 3, 4, 5]));
        Assert.Throws<OverflowException>(() => new Shape(100_000, 100_000).Count);
    }

    [Fact]
    public void Shapes_of_different_rank_differ()
    {
        Assert.NotEqual(new Shape(2), new Shape(2, 0));
        Assert.Equal(new Shape(2, 3), Shape.Of([2, 3]));
    }

    [Fact]
    public void Files_hold_filters_as_PyTorch_does_and_give_them_back()
    {
        FileLayout layout = FileLayout.Convolution(2, 2, 1, 3);
        float[] memory = [.. Enumerable.Range(0, 12).Select(i => (float)i)];
        float[] file = new float[12];
        layout.ToFile(memory, file);

        // memory [o, h, w, i] = o·6 + h·3 + i; file [o, i, h, w]
        Assert.Equal([0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11], file);
        float[] back = new float[12];
        layout.FromFile(file, back);
        Assert.Equal(memory, back);
        Assert.Equal(new Shape(2, 3, 2, 1), layout.Shape);
    }

    [Fact]
    public void Files_hold_depthwise_filters_channel_first()
    {
        float[] file = new float[6];
        FileLayout.Depthwise(3, 1, 2).ToFile([0, 1, 2, 3, 4, 5], file);
        Assert.Equal([0, 2, 4, 1, 3, 5], file);
    }
}
