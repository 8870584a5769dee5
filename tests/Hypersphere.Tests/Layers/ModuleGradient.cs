using Hypersphere.Layers;
using Hypersphere.Tensors;

namespace Hypersphere.Tests.Layers;

/// <summary>Compares a layer's gradients with central differences of a random weighting of its output.</summary>
/// <remarks>float32 all the way, so the tolerance is coarse: this finds wrong wiring; the kernels' own tests find wrong digits.</remarks>
internal static class ModuleGradient
{
    public static void Check(Layer layer, Shape input, float step = 1e-2f, double tolerance = 2e-2, ulong seed = 7)
    {
        Rng random = new Rng(seed).Fork("input");
        Parameter x = new(input, ParameterKind.Weight);
        foreach (ref float value in x.Value.Span)
        {
            value = (float)random.NextGaussian();
        }

        float[] weights = Weights(layer, x.Value, seed);
        using (Tape tape = Tape.Record())
        {
            tape.Backward(Weighted(layer.Forward(x.Value), weights));
        }

        foreach (NamedParameter p in layer.Parameters().Append(new("input", x)))
        {
            Compare(layer, x.Value, weights, p, step, tolerance);
        }
    }

    private static void Compare(Layer layer, Tensor x, float[] weights, NamedParameter p, float step, double tolerance)
    {
        Assert.True(p.Parameter.Gradient is not null, $"{p.Name} got no gradient");
        float[] gradient = p.Parameter.Gradient.ToArray();
        double largest = gradient.Max(Math.Abs) + 1e-3;
        int stride = Math.Max(1, gradient.Length / 40);
        for (int i = 0; i < gradient.Length; i += stride)
        {
            float before = p.Parameter.Value.Span[i];
            p.Parameter.Value.Span[i] = before + step;
            double above = Value(layer, x, weights);
            p.Parameter.Value.Span[i] = before - step;
            double below = Value(layer, x, weights);
            p.Parameter.Value.Span[i] = before;
            double expected = (above - below) / (2.0 * step);
            Assert.True(
                Math.Abs(expected - gradient[i]) <= tolerance * largest,
                $"{layer.GetType().Name}: d/d{p.Name}[{i}] is {gradient[i]} but differences give {expected}");
        }
    }

    private static float[] Weights(Layer layer, Tensor x, ulong seed)
    {
        using Scope scope = Scope.Begin();
        Rng random = new Rng(seed).Fork("weights");
        return [.. Enumerable.Range(0, layer.Forward(x).Count).Select(_ => (float)random.NextGaussian())];
    }

    private static double Value(Layer layer, Tensor x, float[] weights)
    {
        using Scope scope = Scope.Begin();
        float[] y = layer.Forward(x).ToArray();
        return y.Zip(weights, (a, b) => (double)a * b).Sum();
    }

    private static Tensor Weighted(Tensor y, float[] weights)
    {
        Tensor flat = Ops.Reshape.Forward(y, new Shape(1, y.Count));
        return Ops.MatMul.Forward(flat, Tensor.From(weights, new Shape(1, weights.Length)), null);
    }
}
