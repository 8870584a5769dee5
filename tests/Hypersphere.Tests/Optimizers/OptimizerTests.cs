using Hypersphere.Losses;
using Hypersphere.Optimizers;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Tests.Optimizers;

public sealed class OptimizerTests
{
    [Theory]
    [InlineData("sgd(momentum=0.9, weight_decay=0.1)")]
    [InlineData("sgd(momentum=0.9, weight_decay=0.1, nesterov=true)")]
    [InlineData("sgd(momentum=0, weight_decay=0.1)")]
    [InlineData("adamw(weight_decay=0.1)")]
    public void Three_steps_follow_the_formula(string spec)
    {
        Parameter p = new(new Shape(2), ParameterKind.Weight);
        new float[] { 1, -2 }.CopyTo(p.Value.Span);
        Optimizer optimizer = Registry<Optimizer>.Create(spec);
        optimizer.Attach([new("p", p)]);
        double[] w = [1, -2], m = new double[2], v = new double[2];
        for (int t = 1; t <= 3; t++)
        {
            float[] g = [0.5f * t, -0.25f];
            g.CopyTo(p.Value.GradientToWrite(out _).Span);
            optimizer.Step(0.1f);
            for (int i = 0; i < 2; i++)
            {
                w[i] = Expected(spec, w[i], g[i], ref m[i], ref v[i], t);
                Assert.Equal(w[i], p.Value.Span[i], 5);
            }

            Assert.Null(p.Gradient);
        }
    }

    [Fact]
    public void Vectors_escape_decay_when_asked()
    {
        Parameter bias = new(new Shape(1), ParameterKind.Vector);
        bias.Value.Span[0] = 1;
        Sgd sgd = new(momentum: 0, weightDecay: 0.5f, decayVectors: false);
        sgd.Attach([new("bias", bias)]);
        bias.Value.GradientToWrite(out _).Span[0] = 0;
        sgd.Step(1);
        Assert.Equal(1f, bias.Value.Span[0]);
    }

    [Fact]
    public void Clipping_scales_all_gradients_together_once()
    {
        Parameter a = new(new Shape(1), ParameterKind.Weight), b = new(new Shape(1), ParameterKind.Weight);
        Sgd sgd = new(momentum: 0, weightDecay: 0);
        sgd.Attach([new("a", a), new("b", b)]);
        a.Value.GradientToWrite(out _).Span[0] = 3;
        b.Value.GradientToWrite(out _).Span[0] = 4;
        Assert.Equal(5, sgd.ClipGradients(1), 6);
        sgd.Step(1);
        Assert.Equal(-0.6f, a.Value.Span[0], 5);
        Assert.Equal(-0.8f, b.Value.Span[0], 5);
        a.Value.GradientToWrite(out _).Span[0] = 1;
        sgd.Step(1);
        Assert.Equal(-1.6f, a.Value.Span[0], 5);
    }

    [Theory]
    [InlineData("constant", 500, 0.1)]
    [InlineData("constant(warmup=100)", 0, 0.001)]
    [InlineData("constant(warmup=100)", 99, 0.1)]
    [InlineData("cosine", 500, 0.05)]
    [InlineData("cosine(warmup=100)", 999, 2.4674e-7)]
    [InlineData("polynomial(power=2)", 500, 0.025)]
    [InlineData("step(drops=3, gamma=0.1)", 249, 0.1)]
    [InlineData("step(drops=3, gamma=0.1)", 750, 0.0001)]
    public void Schedules_follow_their_formula(string spec, long step, double expected) =>
        Assert.Equal(expected, Registry<Schedule>.Create(spec).At(0.1f, step, 1000), expected * 1e-4);

    [Fact]
    public void A_short_training_warms_up_for_a_third_of_its_steps() =>
        Assert.Equal([0.25f, 0.5f, 0.75f, 1f, 1f], Enumerable.Range(0, 5).Select(t => new Constant(warmup: 100).At(1, t, 12)));

    private static double Expected(string spec, double w, double g, ref double m, ref double v, int t)
    {
        if (spec.StartsWith("adamw", StringComparison.Ordinal))
        {
            m = (0.9 * m) + (0.1 * g);
            v = (0.999 * v) + (0.001 * g * g);
            return (w * (1 - 0.01)) - (0.1 * (m / (1 - Math.Pow(0.9, t))) / (Math.Sqrt(v / (1 - Math.Pow(0.999, t))) + 1e-8));
        }

        double h = g + (0.1 * w);
        double momentum = spec.Contains("momentum=0.9", StringComparison.Ordinal) ? 0.9 : 0;
        v = (momentum * v) + h;
        return w - (0.1 * (spec.Contains("nesterov", StringComparison.Ordinal) ? h + (momentum * v) : v));
    }

    [Theory]
    [InlineData("arcface(margin=0.3, scale=16)", "sgd", true)]
    [InlineData("arcface(margin=0.3, scale=16)", "sgd(momentum=0, nesterov=false)", true)]
    [InlineData("arcface(margin=0.3, scale=16)", "adamw", true)]
    [InlineData("softmax", "sgd", false)]
    [InlineData("arcface(margin=0.3, scale=16) + 0.1*regular-face", "sgd", false)]
    public void A_step_in_the_backward_pass_changes_no_bit(string spec, string optimizer, bool possible)
    {
        float[] apart = Prototypes(spec, optimizer, inBackward: false, out _), within = Prototypes(spec, optimizer, inBackward: true, out bool taken);
        Assert.Equal(possible, taken);
        Assert.Equal(apart, within);
    }

    private static float[] Prototypes(string spec, string name, bool inBackward, out bool taken)
    {
        Loss loss = Loss.Create(spec, new LossContext(300, 7, new Rng(1)));
        Optimizer optimizer = Registry<Optimizer>.Create(name);
        optimizer.Attach(loss.Parameters());
        Parameter embeddings = new(new Shape(5, 7), ParameterKind.Weight);
        Rng random = new(2);
        taken = false;
        for (int step = 0; step < 3; step++)
        {
            foreach (ref float value in embeddings.Value.Span)
            {
                value = (float)random.NextGaussian();
            }

            using Tape tape = Tape.Record();
            Tensor total = loss.Forward(embeddings.Value, new[] { 0, 7, 299, 7, -1 });
            taken = inBackward && optimizer.StepInBackward(loss, 0.1f);
            tape.Backward(total);
            Assert.Equal(taken, loss.Prototypes!.Gradient is null);
            optimizer.Step(0.1f);
        }

        return loss.Prototypes!.Value.ToArray();
    }
}
