using FsCheck;
using FsCheck.Fluent;
using Hypersphere.Losses;
using Hypersphere.Optimizers;
using Hypersphere.Oracles;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Tests.Losses;

/// <summary>Margin softmax over a sample of the classes.</summary>
[Collection(Alone.Name)]
public sealed class PartialFcTests
{
    private const int Size = 7;
    private const int Classes = 23;

    /// <summary>Every loss on the fused kernel; margins that are drawn are held at their mean.</summary>
    public static TheoryData<string> Heads =>
    [
        .. Registry<Loss>.All.Where(c => c.Type.Assembly == typeof(Loss).Assembly && c.Type.IsAssignableTo(typeof(MarginSoftmaxLoss)))
            .Select(c => c.Parameters.Any(p => p.Name == "std") ? $"{c.Attribute.Name}(std=0)" : c.Attribute.Name),
        "cosface(scale=16, filter=0.2)", "cosface(scale=16, smoothing=0.1)", "arcface(scale=16, focal=2)", "arcface(gradient=straight-through)",
    ];

    [Theory]
    [MemberData(nameof(Heads))]
    public void A_sample_is_a_smaller_head(string spec)
    {
        int[] sample = [1, 2, 3, 8, 13, 21], labels = [8, 2, -1, 21, 8];
        float[] x = LossRun.Gaussian(labels.Length * Size, "x"), w = LossRun.Gaussian(Classes * Size, "w");
        MarginSoftmaxLoss small = Head(spec, sample.Length), large = Head(spec, Classes);
        foreach ((NamedBuffer to, NamedBuffer from) in small.Buffers().Zip(large.Buffers()))
        {
            from.Value.Span.CopyTo(to.Value.Span);
        }

        LossRun expected = LossRun.Of(small, x, [.. sample.SelectMany(c => w[(c * Size)..((c + 1) * Size)])], ClassSample.Of(sample).Positions(labels));
        large.SampledClasses = ClassSample.Of(sample);
        LossRun run = LossRun.Of(large, x, w, labels);
        Assert.Equal(expected.Loss, run.Loss);
        Assert.Equal(expected.EmbeddingGradient, run.EmbeddingGradient);
        Assert.Equal(expected.PrototypeGradient, run.PrototypeGradient);
        Assert.Equal(sample, large.Prototypes.GradientRows);
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void All_classes_are_the_full_head_to_the_bit(string spec)
    {
        int[] labels = [0, 22, -1, 7, 7];
        float[] x = LossRun.Gaussian(labels.Length * Size, "x"), w = LossRun.Gaussian(Classes * Size, "w");
        MarginSoftmaxLoss full = Head(spec, Classes), sampled = Head(spec, Classes);
        sampled.SampledClasses = ClassSample.Of([.. Enumerable.Range(0, Classes)]);
        (LossRun expected, LossRun run) = (LossRun.Of(full, x, w, labels), LossRun.Of(sampled, x, w, labels));
        Assert.Equal(expected.Loss, run.Loss);
        Assert.Equal(expected.EmbeddingGradient, run.EmbeddingGradient);
        Assert.Equal(expected.PrototypeGradient, run.PrototypeGradient);
    }

    [Theory]
    [InlineData("sgd(momentum=0)")]
    [InlineData("sgd(nesterov=true)")]
    [InlineData("adamw")]
    public void Steps_of_all_rows_are_those_of_the_whole_to_the_bit(string optimizer)
    {
        const int wide = 32;
        (MarginSoftmaxLoss full, MarginSoftmaxLoss sampled) = (Head("arcface", Classes, wide), Head("arcface", Classes, wide));
        sampled.SampledClasses = ClassSample.Of([.. Enumerable.Range(0, Classes)]);
        Assert.Equal(Stepped(optimizer, full).Prototypes.Value.ToArray(), Stepped(optimizer, sampled).Prototypes.Value.ToArray());
    }

    [Fact]
    public void Loss_and_gradients_are_those_of_the_formula_over_the_sample()
    {
        Gen<(int, int, int, int)> cases = Gen.Choose(0, int.MaxValue).SelectMany(seed => Gen.Choose(1, 60).SelectMany(
            classes => Gen.Choose(1, 9).SelectMany(batch => Gen.Choose(0, 100).Select(rate => (seed, classes, batch, rate)))));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(40), Prop.ForAll(cases.ToArbitrary(), c => Agrees(c.Item1, c.Item2, c.Item3, c.Item4 / 100.0)));
    }

    [Theory]
    [InlineData("sgd(momentum=0.9, weight_decay=0.1)")]
    [InlineData("sgd(momentum=0, weight_decay=0.1)")]
    [InlineData("sgd(nesterov=true, weight_decay=0.1)")]
    [InlineData("adamw(weight_decay=0.1)")]
    public void Classes_that_were_not_drawn_keep_value_and_momentum_to_the_bit(string spec)
    {
        MarginSoftmaxLoss head = Head("arcface(scale=16)", Classes);
        Optimizer optimizer = Registry<Optimizer>.Create(spec);
        optimizer.Attach(head.Parameters());
        float[][] Rows() => [.. optimizer.State.Select(s => s.Value).Prepend(head.Prototypes.Value).SelectMany(t => t.ToArray().Chunk(Size))];
        for (int step = 0; step < 3; step++)
        {
            int[] sample = step == 1 ? [2, 5, 11] : [2, 3, 11, 19];
            head.SampledClasses = ClassSample.Of(sample);
            float[][] before = Rows();
            Backward(head, [2, 11]);
            optimizer.Step(0.1f);
            float[][] after = Rows();
            for (int row = 0; row < before.Length; row++)
            {
                bool momentumOfPlainSgd = row >= Classes && spec.Contains("momentum=0,", StringComparison.Ordinal);
                Assert.Equal(!sample.Contains(row % Classes) || momentumOfPlainSgd, before[row].SequenceEqual(after[row]));
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gradients_of_several_samples_add_up(bool one)
    {
        MarginSoftmaxLoss head = Head("cosface(scale=16)", Classes);
        (int[] First, int[] Second) samples = ([1, 4, 9], one ? [1, 4, 9] : [0, 4, 7]);
        float[] expected = new float[Classes * Size];
        foreach (int[] sample in new[] { samples.First, samples.Second })
        {
            head.SampledClasses = ClassSample.Of(sample);
            Backward(head, [4, 4]);
            Spread(head.Prototypes, expected);
            head.Prototypes.Value.Gradient = null;
        }

        foreach (int[] sample in new[] { samples.First, samples.Second })
        {
            head.SampledClasses = ClassSample.Of(sample);
            Backward(head, [4, 4]);
        }

        Assert.Equal(samples.First.Union(samples.Second).Order(), head.Prototypes.GradientRows);
        float[] got = new float[Classes * Size];
        Spread(head.Prototypes, got);
        Assert.Equal(expected, got);
    }

    [Theory]
    [InlineData("cosface(scale=16) + 0.1*regular-face")]
    [InlineData("0.5*cosface(scale=16) + arcface(scale=16)")]
    public void Terms_that_need_all_prototypes_get_a_gradient_of_all(string spec)
    {
        float[] x = LossRun.Gaussian(2 * Size, "x"), w = LossRun.Gaussian(Classes * Size, "w");
        Loss sampled = Loss.Create(spec, new LossContext(Classes, Size, new Rng(0))), full = Loss.Create(spec, new LossContext(Classes, Size, new Rng(0)));
        foreach (MarginSoftmaxLoss head in sampled.Summands.OfType<MarginSoftmaxLoss>())
        {
            head.SampledClasses = ClassSample.Of([.. Enumerable.Range(0, Classes)]);
        }

        LossRun run = LossRun.Of(sampled, x, w, [3, 5]);
        Assert.Equal(LossRun.Of(full, x, w, [3, 5]).PrototypeGradient, run.PrototypeGradient);
        Assert.Equal(spec.Contains("regular-face", StringComparison.Ordinal), sampled.Prototypes!.GradientRows is null);
    }

    [Fact]
    public void Two_samples_on_one_tape_do_not_share_memory()
    {
        MarginSoftmaxLoss head = Head("cosface(scale=16)", Classes);
        (float[] once, float[] twice) = (new float[Classes * Size], new float[Classes * Size]);
        head.SampledClasses = ClassSample.Of(1, 4, 9);
        Backward(head, [4, 4]);
        Spread(head.Prototypes, once);
        head.Prototypes.Value.Gradient = null;
        Backward(head, [4, 4], times: 2);
        Spread(head.Prototypes, twice);
        LossContractTests.Close([.. once.Select(g => 2 * g)], twice, 1e-6);
    }

    [Fact]
    public void A_sample_that_lacks_a_class_of_the_batch_is_refused()
    {
        MarginSoftmaxLoss head = Head("arcface", Classes);
        head.SampledClasses = ClassSample.Of(1, 2);
        Assert.Contains("lacks class 3 of row 1", Assert.Throws<InputException>(() => Backward(head, [1, 3])).Message, StringComparison.Ordinal);
        head.SampledClasses = ClassSample.Of(1, Classes);
        Assert.Contains("class 23", Assert.Throws<InputException>(() => Backward(head, [1])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void In_use_all_classes_count()
    {
        MarginSoftmaxLoss head = Head("arcface", Classes);
        head.SampleRate = 0.2;
        head.SetTraining(false);
        Backward(head, [1]);
        Assert.Null(head.Prototypes.GradientRows);
        head.SetTraining(true);
        head.Prototypes.Value.Gradient = null;
        Backward(head, [1]);
        Assert.Equal(4, head.Prototypes.GradientRows!.Count);
    }

    private static MarginSoftmaxLoss Head(string spec, int classes, int size = Size) =>
        (MarginSoftmaxLoss)Registry<Loss>.Create(spec, new LossContext(classes, size, new Rng(0)));

    private static MarginSoftmaxLoss Stepped(string optimizer, MarginSoftmaxLoss head)
    {
        Optimizer stepping = Registry<Optimizer>.Create(optimizer);
        stepping.Attach(head.Parameters());
        for (int step = 0; step < 2; step++)
        {
            Backward(head, [3, 3, 20]);
            stepping.Step(0.1f);
        }

        return head;
    }

    private static void Backward(MarginSoftmaxLoss head, int[] labels, int times = 1)
    {
        using Tape tape = Tape.Record();
        Tensor x = Tensor.From(LossRun.Gaussian(labels.Length * head.Context.Embedding, "batch"), new Shape(labels.Length, head.Context.Embedding));
        Tensor loss = head.Forward(x, labels);
        for (int i = 1; i < times; i++)
        {
            loss = Hypersphere.Ops.Add.Forward(loss, head.Forward(x, labels));
        }

        tape.Backward(loss);
    }

    private static void Spread(Parameter parameter, float[] all)
    {
        float[][] rows = [.. parameter.Gradient!.ToArray().Chunk(Size)];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int d = 0; d < Size; d++)
            {
                all[(parameter.GradientRows![i] * Size) + d] += rows[i][d];
            }
        }
    }

    private static bool Agrees(int seed, int classes, int batch, double rate)
    {
        Rng random = new((ulong)seed);
        int[] labels = [.. Enumerable.Range(0, batch).Select(_ => random.NextInt(classes))];
        float[] x = LossRun.Gaussian(batch * Size, "x", (ulong)seed), w = LossRun.Gaussian(classes * Size, "w", (ulong)seed);
        MarginSoftmaxLoss head = Head("cosface(margin=0.35, scale=8)", classes);
        head.SampleRate = rate;
        head.BeginStep(random);
        LossRun run = LossRun.Of(head, x, w, labels);
        IReadOnlyList<int> rows = head.Prototypes.GradientRows ?? [.. Enumerable.Range(0, classes)];
        MarginSoftmaxOracle oracle = new()
        {
            X = Array.ConvertAll(x, v => (double)v), W = [.. rows.SelectMany(r => w[(r * Size)..((r + 1) * Size)]).Select(v => (double)v)],
            Labels = [.. labels.Select(l => rows.ToList().IndexOf(l))], Dimensions = Size, Scale = 8, Target = (c, _) => c - 0.35,
        };
        double[] weights = [.. labels.Select(_ => 1.0 / batch)];
        (double[] dx, double[] dw) = oracle.DifferenceGradients(weights);
        double loss = FiniteDifference.Dot(oracle.Losses(), weights);
        Assert.Equal(loss, run.Loss, 3e-5 * (1 + loss));
        LossContractTests.Close(Array.ConvertAll(dx, v => (float)v), run.EmbeddingGradient, 5e-4);
        LossContractTests.Close(Array.ConvertAll(dw, v => (float)v), run.PrototypeGradient, 5e-4);
        return true;
    }
}
