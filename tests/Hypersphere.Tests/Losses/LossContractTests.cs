using Hypersphere.Kernels.Threading;
using Hypersphere.Losses;
using Hypersphere.Losses.Pairs;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Tests.Losses;

/// <summary>What every registered loss with prototypes promises.</summary>
[Collection(Alone.Name)]
public sealed class LossContractTests
{
    private const int Size = 7;
    private const int Classes = 9;

    private static readonly string[] _specs =
    [
        .. Registry<Loss>.All.Where(c => c.Type.Assembly == typeof(Loss).Assembly && c.Type.Namespace != typeof(PairwiseLoss).Namespace).SelectMany(Variants),
        "arcface(easy_margin=true)", "arcface(gradient=straight-through)", "combined-margin(m1=1.5, m2=0.4, m3=0.1)", .. OfAUser(),
    ];

    public static TheoryData<string> Specs => [.. _specs];

    public static TheoryData<string> Margins => [.. _specs.Where(s => s != "softmax")];

    /// <summary>The sample of a loss of one's own, which docs/adding-a-loss.md shows.</summary>
    private static string[] OfAUser()
    {
        Registry<Loss>.Register<OwnMargin.HalfArc>();
        return ["half-arc(margin=0.2)", "half-arc(scale=256)"];
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void Finite_on_hard_input(string spec)
    {
        float[] prototypes = LossRun.Gaussian(Classes * Size, "prototypes");
        prototypes.AsSpan(0, Size).Clear();
        float[] own = prototypes[Size..(2 * Size)];
        float[] opposite = [.. own.Select(v => -v)];
        float[] embeddings = [.. new float[Size], .. own, .. own, .. opposite, .. own.Select(v => v * 1e-18f), .. own.Select(v => v * 1e15f), .. own.Select(v => v + 1e-4f)];
        Assert.True(LossRun.Of(spec, embeddings, prototypes, [3, 1, 1, 1, 1, 1, 0], Size).IsFinite);
        Assert.True(LossRun.Of(spec, own, prototypes, [1], Size).IsFinite);
        Assert.True(LossRun.Of(spec, own, own, [0], Size).IsFinite);
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void A_batch_in_which_no_row_counts_has_no_loss_and_no_gradient(string spec)
    {
        LossRun run = LossRun.Of(spec, LossRun.Gaussian(2 * Size, "x"), LossRun.Gaussian(Classes * Size, "w"), [-1, -1], Size);
        Assert.Equal(0, run.Loss);
        Assert.All(run.EmbeddingGradient.Concat(run.PrototypeGradient), g => Assert.Equal(0, g));
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void Ignored_rows_change_nothing(string spec)
    {
        float[] x = LossRun.Gaussian(5 * Size, "x"), w = LossRun.Gaussian(Classes * Size, "w"), ignored = LossRun.Gaussian(Size, "ignored");
        LossRun without = LossRun.Of(spec, x, w, [0, 1, 2, 3, 8], Size);
        LossRun with = LossRun.Of(spec, [.. x[..(2 * Size)], .. ignored, .. x[(2 * Size)..]], w, [0, 1, -1, 2, 3, 8], Size);
        Assert.Equal(without.Loss, with.Loss, 1e-5f * (1 + without.Loss));
        Close(without.EmbeddingGradient, [.. with.EmbeddingGradient[..(2 * Size)], .. with.EmbeddingGradient[(3 * Size)..]], 1e-5);
        Close(without.PrototypeGradient, with.PrototypeGradient, 1e-5);
        Assert.All(with.EmbeddingGradient[(2 * Size)..(3 * Size)], g => Assert.Equal(0, g));
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void The_order_of_rows_does_not_matter(string spec)
    {
        float[] x = LossRun.Gaussian(4 * Size, "x"), w = LossRun.Gaussian(Classes * Size, "w");
        LossRun forward = LossRun.Of(spec, x, w, [0, 1, 2, 3], Size);
        LossRun backward = LossRun.Of(spec, [.. Enumerable.Range(0, 4).Reverse().SelectMany(i => x[(i * Size)..((i + 1) * Size)])], w, [3, 2, 1, 0], Size);
        Assert.Equal(forward.Loss, backward.Loss, 1e-5f * (1 + forward.Loss));
        Close(forward.EmbeddingGradient[..Size], backward.EmbeddingGradient[(3 * Size)..], 1e-5);
        Close(forward.PrototypeGradient, backward.PrototypeGradient, 1e-5);
    }

    [Theory]
    [MemberData(nameof(Margins))]
    public void Lengths_do_not_matter_and_gradients_are_tangent_unless_it_says_so(string spec)
    {
        float[] x = LossRun.Gaussian(4 * Size, "x"), w = LossRun.Gaussian(Classes * Size, "w");
        LossRun run = LossRun.Of(spec, x, w, [0, 1, 2, 3], Size);
        LossRun longer = LossRun.Of(spec, [.. x.Select(v => v * 5)], [.. w.Select(v => v * 0.1f)], [0, 1, 2, 3], Size);
        if (Registry<Loss>.Create(spec, new LossContext(Classes, Size, new Rng(0))).DependsOnLength)
        {
            Assert.True(Math.Abs(run.Loss - longer.Loss) > 1e-4f * (1 + run.Loss), "it says that lengths matter, but they do not");
            return;
        }

        Assert.Equal(run.Loss, longer.Loss, 1e-4f * (1 + run.Loss));
        for (int i = 0; i < 4; i++)
        {
            double along = Enumerable.Range(i * Size, Size).Sum(k => (double)x[k] * run.EmbeddingGradient[k]);
            Assert.Equal(0, along, 1e-3);
        }
    }

    [Theory]
    [MemberData(nameof(Margins))]
    public void Turning_the_sphere_changes_nothing(string spec)
    {
        float[] x = LossRun.Gaussian(4 * Size, "x"), w = LossRun.Gaussian(Classes * Size, "w");
        LossRun run = LossRun.Of(spec, x, w, [0, 1, 2, 3], Size), turned = LossRun.Of(spec, Turn(x), Turn(w), [0, 1, 2, 3], Size);
        Assert.Equal(run.Loss, turned.Loss, 1e-4f * (1 + run.Loss));
        Close(Turn(run.EmbeddingGradient), turned.EmbeddingGradient, 1e-4);
    }

    [Theory]
    [MemberData(nameof(Margins))]
    public void Kept_and_recomputed_exponentials_agree(string spec)
    {
        float[] x = LossRun.Gaussian(6 * Size, "x"), w = LossRun.Gaussian(Classes * Size, "w");
        LossRun kept = LossRun.Of(spec, x, w, [0, 1, 2, 3, 4, -1], Size), recomputed = LossRun.Of(spec, x, w, [0, 1, 2, 3, 4, -1], Size, budget: 0);
        Assert.Equal(kept.Loss, recomputed.Loss, 1e-5f * (1 + kept.Loss));
        Close(kept.EmbeddingGradient, recomputed.EmbeddingGradient, 1e-5);
        Close(kept.PrototypeGradient, recomputed.PrototypeGradient, 1e-5);
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void Threads_do_not_change_a_bit(string spec)
    {
        const int classes = 1500;
        float[] x = LossRun.Gaussian(40 * Size, "x"), w = LossRun.Gaussian(classes * Size, "w");
        int[] labels = [.. Enumerable.Range(0, 40).Select(i => i * 37 % classes)];
        int threads = WorkerPool.Shared.Threads;
        WorkerPool.Configure(1);
        LossRun one = LossRun.Of(spec, x, w, labels, Size);
        WorkerPool.Configure(3);
        LossRun three = LossRun.Of(spec, x, w, labels, Size);
        WorkerPool.Configure(threads);
        Assert.Equal(one.Loss, three.Loss);
        Assert.Equal(one.EmbeddingGradient, three.EmbeddingGradient);
        Assert.Equal(one.PrototypeGradient, three.PrototypeGradient);
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void Wrong_input_is_refused(string spec)
    {
        Loss loss = Registry<Loss>.Create(spec, new LossContext(Classes, Size, new Rng(0)));
        string shape = Assert.Throws<ShapeException>(() => loss.Forward(Tensor.Zeros(new Shape(2, Size + 1)), new int[2])).Message;
        Assert.Contains("was this loss built for another backbone?", shape, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => loss.Forward(Tensor.Zeros(new Shape(2, Size)), new int[3]));
        Assert.Throws<InputException>(() => loss.Forward(Tensor.Zeros(new Shape(2, Size)), new[] { 0, Classes }));
        Assert.Throws<InputException>(() => loss.Forward(Tensor.Zeros(new Shape(2, Size)), new[] { 0, -2 }));
    }

    internal static void Close(float[] expected, float[] got, double tolerance)
    {
        double scale = expected.Max(Math.Abs) + 1e-6;
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - got[i]) <= tolerance * scale, $"[{i}] {expected[i]} against {got[i]}, scale {scale}");
        }
    }

    /// <summary>Margins that are drawn (see ElasticTests) are held at their mean.</summary>
    private static IEnumerable<string> Variants(ComponentInfo c)
    {
        string steady = c.Parameters.Any(p => p.Name == "std") ? ", std=0" : "";
        return c.Parameters.Any(p => p.Name == "scale")
            ? [$"{c.Attribute.Name}(scale=16{steady})", $"{c.Attribute.Name}(scale=256{steady})"]
            : [c.Attribute.Name];
    }

    /// <summary>A rotation of every row: swaps coordinates in pairs, turns each pair by an angle of its own.</summary>
    private static float[] Turn(float[] rows)
    {
        float[] turned = [.. rows];
        for (int i = 0; i < rows.Length / Size; i++)
        {
            for (int k = 0; k + 1 < Size; k++)
            {
                (double sin, double cos) = Math.SinCos(0.3 + k);
                (float a, float b) = (turned[(i * Size) + k], turned[(i * Size) + k + 1]);
                turned[(i * Size) + k] = (float)((cos * a) - (sin * b));
                turned[(i * Size) + k + 1] = (float)((sin * a) + (cos * b));
            }
        }

        return turned;
    }
}
