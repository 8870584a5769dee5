using Hypersphere.Kernels.Threading;
using Hypersphere.Losses;
using Hypersphere.Losses.Pairs;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Tests.Losses;

/// <summary>What every registered loss over pairs or triplets promises.</summary>
[Collection(Alone.Name)]
public sealed class PairContractTests
{
    private const int Size = 5;

    /// <summary>Two to four rows of four classes, one row of a fifth, none of the sixth.</summary>
    private static readonly int[] _labels = [0, 1, 0, 2, 1, 0, 3, 2, 4, 3, 0, 2];

    /// <summary>Their value depends on which row of a class comes first.</summary>
    private static readonly string[] _ordered = ["n-pairs", "instance"];

    private static readonly ComponentInfo[] _components =
        [.. Registry<Loss>.All.Where(c => c.Type.Assembly == typeof(Loss).Assembly && c.Type.IsAssignableTo(typeof(PairwiseLoss)))];

    private static readonly string[] _specs =
    [
        .. _components.Select(c => c.Attribute.Name), "circle(scope=batch)", "circle(detach=false)", "angular(normalize_negatives=false)",
        "triplet(smooth=true)", "supcon(distance=lp)", "ntxent(distance=lp(power=2))", "lifted-structure(distance=cosine)", "fastap(distance=cosine)",
        "contrastive(distance=lp(p=3, normalize=false))", "contrastive(distance=snr(normalize=false), reduction=sum)",
    ];

    public static TheoryData<string> Names => [.. _components.Select(c => c.Attribute.Name)];

    public static TheoryData<string> Specs => [.. _specs];

    public static TheoryData<string> Unordered => [.. _specs.Where(s => !_ordered.Contains(s))];

    /// <summary>Not those that compare variances over coordinates, or another norm than the second.</summary>
    public static TheoryData<string> Turnable => [.. _specs.Where(s => !s.Contains("snr", StringComparison.Ordinal) && !s.Contains("p=3", StringComparison.Ordinal))];

    public static TheoryData<string> Extremes =>
    [
        .. _specs,
        .. from c in _components
           from p in c.Parameters
           where p.Maximum is not null
           from end in new[] { p.Minimum, p.Maximum }
           select FormattableString.Invariant($"{c.Attribute.Name}({p.Name}={end})"),
    ];

    private static float[] Batch => LossRun.Gaussian(_labels.Length * Size, "pairs");

    [Theory]
    [MemberData(nameof(Names))]
    public void The_specification_says_everything(string name)
    {
        Dictionary<string, string> nested = new()
        {
            ["distance"] = "lp(p=3, power=2, normalize=false)", ["reduction"] = "threshold(low=0.1, high=5)",
            ["miner"] = Registry<Loss>.Find(name).Parameters.Any(p => p.Type == typeof(TripletMiner))
                ? "batch-hard(distance=dot(normalize=true))" : "pair-margin(distance=dot(normalize=true))",
        };
        string[] options = [.. Registry<Loss>.Find(name).Parameters.Select(p => p.Name).Where(nested.ContainsKey)];
        string spec = $"{name}({string.Join(", ", options.Select(o => $"{o}={nested[o]}"))})", full = PairRun.Make(spec, Size).ToString();
        Assert.Equal(full, PairRun.Make(full, Size).ToString());
        Assert.NotEmpty(options);
        Assert.All(options, o => Assert.Contains($"{o}={nested[o].Split('(')[0]}(", full, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Extremes))]
    public void Finite_on_hard_input(string spec)
    {
        float[] row = LossRun.Gaussian(Size, "row"), other = LossRun.Gaussian(Size, "other"), zero = new float[Size];
        float[] opposite = [.. row.Select(v => -v)], tiny = [.. row.Select(v => v * 1e-18f)], near = [.. row.Select(v => v + 1e-4f)];
        float[] hard = [.. zero, .. row, .. row, .. opposite, .. tiny, .. other, .. near, .. other];
        int[][] labelings = [[0, 1, 1, 1, 1, 0, 0, 2], [0, 1, 0, 1, 0, 1, 0, 1], [0, 0, 0, 0, 0, 0, 0, 0], [0, 1, 2, 3, 4, 5, -1, -1], [0, 0, -1, -1, -1, 1, 1, 2]];
        Assert.All(labelings, labels => Assert.True(PairRun.Of(spec, hard, labels).IsFinite, string.Join(' ', labels)));
        Assert.True(PairRun.Of(spec, row, [0]).IsFinite);
        Assert.True(PairRun.Of(spec, zero, [0]).IsFinite);
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void Without_rows_that_count_there_is_no_loss_and_no_gradient(string spec)
    {
        PairRun ignored = PairRun.Of(spec, Batch[..(3 * Size)], [-1, -1, -1]), empty = PairRun.Of(spec, [], []);
        Assert.Equal(0, ignored.Loss);
        Assert.All(ignored.Gradient, g => Assert.Equal(0, g));
        Assert.Equal(0, empty.Loss);
        Assert.Empty(empty.Gradient);
        Assert.Equal(0, PairRun.Make(spec, Size).Forward(Tensor.From(Batch, new(12, Size)), _labels, Tensor.Zeros(new Shape(0, Size)), Array.Empty<int>()).Item());
        Assert.Equal(0, PairRun.Make(spec, Size).Forward(Tensor.Zeros(new Shape(0, Size)), Array.Empty<int>(), Tensor.From(Batch, new(12, Size)), _labels).Item());
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void Ignored_rows_change_nothing(string spec)
    {
        float[] x = Batch, ignored = LossRun.Gaussian(Size, "ignored");
        PairRun without = PairRun.Of(spec, x, _labels);
        PairRun with = PairRun.Of(spec, [.. x[..(2 * Size)], .. ignored, .. x[(2 * Size)..]], [.. _labels[..2], -1, .. _labels[2..]]);
        Assert.Equal(without.Loss, with.Loss, 1e-5f * (1 + without.Loss));
        LossContractTests.Close(without.Gradient, [.. with.Gradient[..(2 * Size)], .. with.Gradient[(3 * Size)..]], 2e-5);
        Assert.All(with.Gradient[(2 * Size)..(3 * Size)], g => Assert.Equal(0, g));
        Assert.True(without.Loss > 0 && without.Gradient.Any(g => g != 0), "the batch is to have a loss");
    }

    [Theory]
    [MemberData(nameof(Unordered))]
    public void The_order_of_rows_does_not_matter(string spec)
    {
        int[] order = [.. Enumerable.Range(0, _labels.Length).Select(i => i * 5 % _labels.Length)];
        PairRun run = PairRun.Of(spec, Batch, _labels), mixed = PairRun.Of(spec, Rows(Batch, order), [.. order.Select(i => _labels[i])]);
        Assert.Equal(run.Loss, mixed.Loss, 1e-5f * (1 + run.Loss));
        LossContractTests.Close(Rows(run.Gradient, order), mixed.Gradient, 2e-5);
    }

    [Theory]
    [MemberData(nameof(Turnable))]
    public void Turning_the_sphere_changes_nothing(string spec)
    {
        PairRun run = PairRun.Of(spec, Batch, _labels), turned = PairRun.Of(spec, Turn(Batch), _labels);
        Assert.Equal(run.Loss, turned.Loss, 1e-4f * (1 + run.Loss));
        LossContractTests.Close(Turn(run.Gradient), turned.Gradient, 2e-4);
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void The_batch_as_its_own_references_gives_the_same(string spec)
    {
        int[] labels = [.. _labels];
        labels[3] = -1;
        PairRun run = PairRun.Of(spec, Batch, labels), against = PairRun.AgainstItself(spec, Batch, labels);
        Assert.Equal(run.Loss, against.Loss, 1e-5f * (1 + run.Loss));
        LossContractTests.Close(run.Gradient, against.Gradient, 2e-5);
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void Threads_do_not_change_a_bit(string spec)
    {
        float[] x = LossRun.Gaussian(40 * Size, "threads");
        int[] labels = [.. Enumerable.Range(0, 40).Select(i => i * 7 % PairRun.Classes)];
        int threads = WorkerPool.Shared.Threads;
        WorkerPool.Configure(1);
        PairRun one = PairRun.Of(spec, x, labels);
        WorkerPool.Configure(2);
        PairRun two = PairRun.Of(spec, x, labels);
        WorkerPool.Configure(threads);
        Assert.Equal(one.Loss, two.Loss);
        Assert.Equal(one.Gradient, two.Gradient);
    }

    /// <summary>1,024 rows of 8 a class have 7 million triplets; N³ numbers would be 4 GB.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_large_batch_needs_a_few_matrices_and_leaves_nothing_rented(string name)
    {
        const int rows = 1024, matrix = rows * rows * sizeof(float);
        float[] x = LossRun.Gaussian(rows * 16, "large");
        int[] labels = [.. Enumerable.Range(0, rows).Select(i => i / 8 % 128)];
        PairwiseLoss loss = (PairwiseLoss)Registry<Loss>.Create(name, new LossContext(128, 16, new Rng(4)));
        Parameter input = new(new Shape(rows, 16), ParameterKind.Weight);
        x.CopyTo(input.Value.Span);
        long rented = StoragePool.RentedBytes, peak = StoragePool.PeakBytes, allocated = GC.GetTotalAllocatedBytes(precise: true);
        using (Tape tape = Tape.Record())
        {
            Tensor value = loss.Forward(input.Value, labels);
            tape.Backward(value);
            Assert.True(float.IsFinite(value.Item()));
        }

        Assert.Equal(rented, StoragePool.RentedBytes);
        Assert.True(StoragePool.PeakBytes <= Math.Max(peak, rented + (8 * matrix)), $"{StoragePool.PeakBytes - rented} bytes of tensors");
        long managed = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        Assert.True(managed <= 10 * matrix, $"{managed} bytes allocated");
    }

    [Theory]
    [InlineData("circle(distance=lp)", "use cosine or dot")]
    [InlineData("fastap(distance=dot)", "known range")]
    [InlineData("histogram(distance=lp)", "use cosine")]
    [InlineData("angular(distance=dot)", "must be cosine")]
    public void A_distance_that_does_not_fit_is_refused(string spec, string says) =>
        Assert.Contains(says, Assert.Throws<InputException>(() => PairRun.Of(spec, Batch, _labels)).Message, StringComparison.Ordinal);

    [Fact]
    public void References_must_fit()
    {
        PairwiseLoss loss = PairRun.Make("contrastive", Size);
        Tensor x = Tensor.Zeros(new Shape(2, Size)), references = Tensor.Zeros(new Shape(3, Size));
        Assert.Throws<ShapeException>(() => loss.Forward(x, new[] { 0, 1 }, references, new[] { 0, 1 }));
        Assert.Throws<ShapeException>(() => loss.Forward(x, new[] { 0, 1 }, references, new[] { 0, 1, 0 }, new[] { 0 }));
        Assert.Throws<InputException>(() => loss.Forward(x, new[] { 0, 1 }, references, new[] { 0, 1, 0 }, new[] { 0, 3 }));
    }

    private static float[] Rows(float[] x, int[] order) => [.. order.SelectMany(i => x[(i * Size)..((i + 1) * Size)])];

    /// <summary>Every row turned in the planes of neighbouring coordinates.</summary>
    private static float[] Turn(float[] rows)
    {
        float[] turned = [.. rows];
        for (int k = 0; k < rows.Length; k++)
        {
            if (k % Size < Size - 1)
            {
                (double sin, double cos) = Math.SinCos(0.3 + (k % Size));
                (turned[k], turned[k + 1]) = ((float)((cos * turned[k]) - (sin * turned[k + 1])), (float)((sin * turned[k]) + (cos * turned[k + 1])));
            }
        }

        return turned;
    }
}
