using Hypersphere.Collectives;
using Hypersphere.Losses;
using Hypersphere.Ops;
using Hypersphere.Registry;
using Hypersphere.Tensors;
using Hypersphere.Tests.Collectives;

namespace Hypersphere.Tests.Losses;

/// <summary>Over ranks every loss has the value and the gradients that it has in one process.</summary>
public sealed class LossesOverRanksTests
{
    private const int Size = 6, Classes = 7;

    private static readonly int[] _labels = [0, 1, 0, 2, -1, 1, 0, 3, 2, 6, 6];

    public static TheoryData<string> Specs =>
    [
        .. Registry<Loss>.All.Where(l => l.Type.Assembly == typeof(Loss).Assembly).Select(l => l.Attribute.Name),
        "arcface(smoothing=0.1)", "arcface(focal=2)", "arcface(filter=0.2)", "cosface(scale=256)", "sphereface(annealing=false)",
        "arcface + 0.1*regular-face", "arcface + 0.003*center", "cosface + 0.5*triplet",
    ];

    [Theory]
    [MemberData(nameof(Specs))]
    public void As_in_one_process(string spec)
    {
        (float loss, float[] dx, Dictionary<string, float[]> rest) = Run(spec, SingleProcess.Instance);
        foreach (int size in new[] { 2, 3 })
        {
            (float Loss, float[] Dx, Dictionary<string, float[]> Others)[] all = ThreadRanks.Run(size, ranks => Run(spec, ranks));
            Assert.All(all, r => Assert.Equal(all[0].Loss, r.Loss));
            Near([loss], [all[0].Loss], "the loss");
            Near(dx, [.. all.SelectMany(r => r.Dx)], "the embeddings’ gradient");
            foreach ((string name, float[] expected) in rest)
            {
                bool isSpread = all[0].Others[name].Length < expected.Length;
                Near(expected, isSpread ? [.. all.SelectMany(r => r.Others[name])] : all[0].Others[name], name);
                Assert.All(isSpread ? [] : all, r => Assert.Equal(all[0].Others[name], r.Others[name]));
            }
        }
    }

    [Fact]
    public void Each_rank_has_some_prototypes_of_losses_on_the_fused_kernel_only()
    {
        Assert.Equal([3, 4], ThreadRanks.Run(2, ranks => Create("arcface", ranks).Prototypes!.Value.Shape[0]));
        Assert.Equal([7, 7], ThreadRanks.Run(2, ranks => Create("softmax", ranks).Prototypes!.Value.Shape[0]));
        Assert.Equal([7, 7], ThreadRanks.Run(2, ranks => Create("arcface + 0.1*regular-face", ranks).Prototypes!.Value.Shape[0]));
        float[] whole = Create("arcface", SingleProcess.Instance).Prototypes!.Value.ToArray();
        Assert.Equal(whole, ThreadRanks.Run(3, ranks => Create("arcface", ranks).Prototypes!.Value.ToArray()).SelectMany(p => p));
    }

    private static Loss Create(string spec, ICollective ranks) => Loss.Create(spec, new LossContext(Classes, Size, new Rng(5)) { Ranks = ranks });

    private static (float Loss, float[] Dx, Dictionary<string, float[]> Others) Run(string spec, ICollective ranks)
    {
        Loss loss = Create(spec, ranks);
        Shares shares = new(_labels.Length, ranks.Size, Size);
        Parameter x = new(new Shape(shares.Count(ranks.Rank), Size), ParameterKind.Weight);
        shares.Of(LossRun.Gaussian(_labels.Length * Size, "ranks").AsSpan(), ranks.Rank).CopyTo(x.Value.Span);
        loss.BeginStep(new Rng(3));
        float value;
        using (Tape tape = Tape.Record())
        {
            Tensor total = loss.Forward(Gather.Forward(x.Value, _labels.Length, ranks), _labels);
            value = total.Item();
            tape.Backward(total);
        }

        Dictionary<string, float[]> rest = [];
        foreach (NamedParameter p in loss.Parameters())
        {
            rest["gradient of " + p.Name] = p.Parameter.Gradient?.ToArray() ?? [];
        }

        foreach (NamedBuffer b in loss.Buffers())
        {
            rest[b.Name] = b.Value.ToArray();
        }

        return (value, x.Gradient!.ToArray(), rest);
    }

    private static void Near(float[] expected, float[] got, string what)
    {
        Assert.Equal(expected.Length, got.Length);
        double scale = Math.Max(1e-3, expected.Select(v => Math.Abs((double)v)).DefaultIfEmpty().Max());
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - got[i]) <= 2e-5 * scale, $"{what}[{i}]: {expected[i]} in one process, {got[i]} over ranks");
        }
    }
}
