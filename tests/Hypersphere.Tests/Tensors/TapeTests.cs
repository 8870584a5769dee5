using Hypersphere.Layers;
using Hypersphere.Tensors;

namespace Hypersphere.Tests.Tensors;

[Collection(Alone.Name)]
public sealed class TapeTests
{
    [Fact]
    public void A_scope_returns_its_memory_and_its_tensors_refuse_to_be_read()
    {
        Tensor tensor;
        long before = StoragePool.RentedBytes;
        using (Scope.Begin())
        {
            tensor = Tensor.Zeros(new Shape(100, 100));
            Assert.True(StoragePool.RentedBytes >= before + 40_000);
        }

        Assert.True(tensor.IsReleased);
        Assert.Contains("Keep()", Assert.Throws<ObjectDisposedException>(() => tensor.ToArray()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kept_tensor_survives_its_scope()
    {
        Tensor tensor;
        using (Scope.Begin())
        {
            tensor = Tensor.From([1, 2, 3], new Shape(3)).Keep();
        }

        Assert.Equal([1, 2, 3], tensor.ToArray());
    }

    [Fact]
    public void Outside_a_scope_tensors_are_ordinary_memory()
    {
        long before = StoragePool.Allocations;
        Assert.Equal(0, Tensor.Zeros(new Shape(1000)).Span[999]);
        Assert.Equal(before, StoragePool.Allocations);
    }

    [Fact]
    public void Scopes_end_in_reverse_order()
    {
        Scope outer = Scope.Begin();
        using (Scope.Begin())
        {
            Assert.Throws<InvalidOperationException>(outer.Dispose);
        }

        outer.Dispose();
    }

    [Fact]
    public void Backward_needs_a_single_number_that_depends_on_a_parameter()
    {
        using Tape tape = Tape.Record();
        Assert.Throws<ShapeException>(() => tape.Backward(Tensor.Zeros(new Shape(2))));
        Assert.Throws<InvalidOperationException>(() => tape.Backward(Tensor.Zeros(Shape.Scalar)));
    }

    [Fact]
    public void Parameters_add_up_gradients_until_they_are_used()
    {
        Linear layer = new(3, 1, new Rng(1), bias: false);
        float[] input = [1, 2, 3];
        for (int pass = 1; pass <= 2; pass++)
        {
            using Tape tape = Tape.Record();
            tape.Backward(layer.Forward(Tensor.From(input, new Shape(1, 3))));
            Assert.Equal(input.Select(v => v * pass), layer.Weight.Gradient!.ToArray());
        }
    }

    [Fact]
    public void A_tensor_used_twice_gets_both_gradients()
    {
        Linear layer = new(2, 2, new Rng(1), bias: false);
        Residual twice = new(layer, layer);
        Linear sum = new(2, 1, new Rng(2), bias: false, initializer: Initializers.Constant(1));
        using Tape tape = Tape.Record();
        tape.Backward(sum.Forward(twice.Forward(Tensor.From([3, 5], new Shape(1, 2)))));
        Assert.Equal([6, 10, 6, 10], layer.Weight.Gradient!.ToArray());
    }

    [Fact]
    public void Frozen_parameters_get_no_gradient()
    {
        Linear first = new(2, 2, new Rng(1));
        Linear second = new(2, 1, new Rng(2));
        first.Freeze();
        using Tape tape = Tape.Record();
        tape.Backward(second.Forward(first.Forward(Tensor.From([3, 5], new Shape(1, 2)))));
        Assert.Null(first.Weight.Gradient);
        Assert.NotNull(second.Weight.Gradient);
    }

    [Fact]
    public void Backward_frees_what_it_passes()
    {
        Sequential net = new(new Linear(4, 4, new Rng(1)), new ReLU(), new Linear(4, 1, new Rng(2)));
        using Tape tape = Tape.Record();
        Tensor hidden = net.Layers[0].Forward(Tensor.Zeros(new Shape(1, 4)));
        Tensor kept = net.Layers[1].Forward(hidden).Keep();
        Tensor loss = net.Layers[2].Forward(kept);
        tape.Backward(loss);
        Assert.True(hidden.IsReleased);
        Assert.False(kept.IsReleased);
        Assert.True(float.IsFinite(loss.Item()));
    }

    [Theory]
    [InlineData(0, 16)]
    [InlineData(1, 16)]
    [InlineData(17, 32)]
    [InlineData(1000, 1024)]
    [InlineData(1_000_000, 1_048_576)]
    public void Size_classes_hold_the_request_and_waste_an_eighth_at_most(int count, int most)
    {
        int size = StoragePool.SizeClass(count);
        Assert.InRange(size, count, most);
    }
}
