using Hypersphere.Losses;
using Hypersphere.Losses.Classification;
using Hypersphere.Oracles;
using Hypersphere.Tensors;

namespace Hypersphere.Tests.Losses;

/// <summary>Sums of losses and regularisers.</summary>
public sealed class WeightedSumTests
{
    private const int Size = 5;

    private static readonly LossContext _context = new(4, Size, new Rng(3));

    /// <summary>Each regulariser by its definition, a function of embeddings and prototypes; two centres a class.</summary>
    private static readonly Dictionary<string, Func<double[][], double[][], double>> _plain = new(StringComparer.Ordinal)
    {
        ["center-invariant"] = (_, w) => w.Average(r => Math.Pow(Squared(r) - w.Average(Squared), 2)) / 4,
        ["lp"] = (x, _) => x.Average(r => Math.Sqrt(Squared(r))),
        ["lp(p=3, power=2)"] = (x, _) => x.Average(r => Math.Pow(r.Sum(v => Math.Pow(Math.Abs(v), 3)), 2.0 / 3)),
        ["regular-face"] = (_, w) => w.Select((r, i) => w.Where((_, j) => j / 2 != i / 2).Max(o => Cosine(r, o))).Average(),
        ["sparse-centers"] = (_, w) => w.Chunk(2).Sum(c => Math.Sqrt(2 + 1e-5 - (2 * Cosine(c[0], c[1])))) / (4 * 2 * 1),
        ["zero-mean"] = (x, _) => x.Average(r => Math.Abs(r.Sum())),
    };

    public static TheoryData<string> Regularizers => [.. _plain.Keys];

    [Theory]
    [InlineData("softmax + 0.003*center", "softmax + 0.003*center")]
    [InlineData(" 2 * cosface(scale=16)+zero-mean ", "2*cosface(margin=0.35, scale=16) + zero-mean")]
    [InlineData("0.5*center", "0.5*center")]
    [InlineData("softmax", "softmax")]
    public void A_sum_is_written_as_it_is_read(string spec, string full)
    {
        Loss loss = Loss.Create(spec, _context);
        Assert.Equal(full, loss.ToString());
        Assert.Equal(full, Loss.Create(full, _context).ToString());
    }

    [Theory]
    [InlineData("softmax + 0.1*centre", "there is no loss 'centre', did you mean 'center'?")]
    [InlineData("softmax + -1*center", "a weight must be a positive number")]
    [InlineData("softmax + a*center", "is not a sum of losses")]
    [InlineData("softmax * 2 * center", "is not a sum of losses")]
    [InlineData("zero-mean + lp", "holds no loss")]
    [InlineData("contrastive + regular-face", "is about prototypes, but no loss of the sum has any")]
    [InlineData("softmax + lp(p=0.5)", "p must be in 1 … 100 but is 0.5")]
    public void What_is_no_sum_is_told_in_a_line(string spec, string message) =>
        Assert.Contains(message, Assert.Throws<InputException>(() => Loss.Create(spec, _context)).Message, StringComparison.Ordinal);

    [Fact]
    public void Terms_add_up_with_their_gradients_and_keep_their_names()
    {
        float[] x = LossRun.Gaussian(6 * Size, "x");
        int[] labels = [0, 1, 2, 3, -1, 1];
        Loss first = Loss.Create("cosface(scale=16)", _context), second = Loss.Create("center", _context with { Random = _context.Random.Fork("term", 1) });
        (double a, float[] da) = Run(first, x, labels);
        (double b, float[] db) = Run(second, x, labels);
        Loss sum = Loss.Create("cosface(scale=16) + 0.25*center", _context);
        (double both, float[] dx) = Run(sum, x, labels);
        Assert.Equal(a + (0.25 * b), both, 1e-5);
        LossContractTests.Close([.. da.Zip(db, (p, q) => p + (0.25f * q))], dx, 1e-5);
        Assert.Equal(["term0.prototypes", "term1.prototypes"], sum.Parameters().Select(p => p.Name));
        Assert.Equal("cosface+center", sum.Name);
        Assert.Same(sum.Summands[0].Prototypes, sum.Prototypes);
    }

    [Theory]
    [MemberData(nameof(Regularizers))]
    public void Regularisers_agree_with_their_definitions(string spec)
    {
        Loss sum = Loss.Create($"subcenter-arcface(centers=2) + 0.5*{spec}", _context);
        var main = (SubCenterArcFace)sum.Summands[0];
        LossRun.Gaussian(4 * 2 * Size, "w").CopyTo(main.Prototypes.Value.Span);
        float[] x = LossRun.Gaussian(3 * Size, "x");
        int[] labels = [0, 3, 1];
        (double alone, float[] dxAlone) = Run(main, x, labels);
        float[] dwAlone = main.Prototypes.Gradient!.ToArray();
        main.Prototypes.Value.Gradient = null;
        (double both, float[] dx) = Run(sum, x, labels);
        double[] doubles = Array.ConvertAll(x, v => (double)v), w = Array.ConvertAll(main.Prototypes.Value.ToArray(), v => (double)v);
        double Plain(double[] e, double[] p) => _plain[spec]([.. e.Chunk(Size)], [.. p.Chunk(Size)]);
        Assert.Equal(Plain(doubles, w), 2 * (both - alone), 1e-5 * (1 + Math.Abs(both)));
        Same(FiniteDifference.Gradient(e => Plain(e, w), doubles), dx, dxAlone);
        Same(FiniteDifference.Gradient(p => Plain(doubles, p), w), main.Prototypes.Gradient!.ToArray(), dwAlone);
    }

    [Theory]
    [MemberData(nameof(Regularizers))]
    public void Regularisers_are_finite_at_zero_and_at_duplicates(string spec)
    {
        Loss sum = Loss.Create($"subcenter-arcface(centers=2) + {spec}", _context);
        sum.Prototypes!.Value.Span[Size..].Clear();
        sum.Prototypes.Value.Span[..Size].CopyTo(sum.Prototypes.Value.Span[Size..]);
        (double value, float[] dx) = Run(sum, new float[2 * Size], [0, -1]);
        Assert.True(double.IsFinite(value));
        Assert.All(dx.Concat(sum.Prototypes.Gradient!.ToArray()), g => Assert.True(float.IsFinite(g)));
    }

    private static (double Value, float[] Gradient) Run(Loss loss, float[] embeddings, int[] labels)
    {
        Parameter x = new(new Shape(labels.Length, Size), ParameterKind.Weight);
        embeddings.CopyTo(x.Value.Span);
        using Tape tape = Tape.Record();
        Tensor value = loss.Forward(x.Value, labels);
        double number = value.Item();
        tape.Backward(value);
        return (number, x.Gradient!.ToArray());
    }

    /// <summary>Half of the expected gradient is what the sum has beyond the loss alone, up to the digits that the loss' gradient
    /// takes.</summary>
    private static void Same(double[] expected, float[] both, float[] alone)
    {
        double tolerance = 1e-6 * (1 + alone.Max(Math.Abs)) + (1e-4 * expected.Max(Math.Abs));
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], 2 * ((double)both[i] - alone[i]), tolerance);
        }
    }

    private static double Squared(double[] v) => v.Sum(d => d * d);

    private static double Cosine(double[] a, double[] b) => a.Zip(b, (p, q) => p * q).Sum() / Math.Sqrt(Squared(a) * Squared(b));
}
