using Hypersphere.Collectives;
using Hypersphere.Data;
using Hypersphere.Evaluation;
using Hypersphere.Formats;
using Hypersphere.Tensors;
using Hypersphere.Tests.Collectives;
using Hypersphere.Training;

namespace Hypersphere.Tests.Training;

/// <summary>A training over ranks is the training of one process.</summary>
[Collection(Alone.Name)]
public sealed class RanksTests : IDisposable
{
    private static readonly SyntheticImages _images = new(5, 120, 8);
    private static readonly TrainingOptions _options = new()
    {
        Backbone = "small-cnn(embedding=8, width=4)", Loss = "arcface(margin=0.3, scale=16)", Schedule = "constant", LearningRate = 0.0001f,
        Sampler = "pk(samples=3)", Epochs = 2, Batch = 15, Seed = 5, Flip = 0.5f, CheckpointEvery = 3, KeepCheckpoints = 100,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("hypersphere-ranks-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("arcface(margin=0.3, scale=16)", "small-cnn(embedding=8, width=4)", 0)]
    [InlineData("arcface(margin=0.3, scale=16)", "small-cnn(embedding=8, width=4)", 0.5)]
    [InlineData("adaface(scale=16)", "small-cnn(embedding=8, width=4)", 0)]
    [InlineData("triplet", "small-cnn(embedding=8, width=4)", 0)]
    [InlineData("cosface(scale=16, smoothing=0.1) + 0.01*center", "small-cnn(embedding=8, width=4)", 1)]
    [InlineData("arcface(margin=0.3, scale=16)", "small-resnet(embedding=8, width=4, blocks=1, dropout=0.4)", 0)]
    public void The_course_is_that_of_one_process(string loss, string backbone, float clip)
    {
        TrainingOptions options = _options with { Loss = loss, Backbone = backbone, ClipNorm = clip };
        (double[] losses, Dictionary<string, float[]> weights) = Train(options, 1, "one");
        foreach (int size in new[] { 2, 4 })
        {
            (double[] also, Dictionary<string, float[]> same) = Train(options, size, $"{size}");
            Assert.All(losses.Zip(also), p => Assert.InRange(Math.Abs(p.First - p.Second) / Math.Max(1, p.First), 0, 5e-4));
            Near(weights, same, 1e-3);
        }
    }

    [Theory]
    [InlineData(0.2, 0)]
    [InlineData(0.6, 0.01f)]
    [InlineData(1.0, 0)]
    [InlineData(1.0, 0.1f)]
    public void Without_kinks_rounding_stays_rounding_and_partial_fc_draws_for_all_ranks_what_it_draws_for_one(double rate, float sparse)
    {
        // two classes a batch and at most one more: of four ranks some compare with no class at all
        TrainingOptions options = _options with { Backbone = "linear(embedding=8)", Batch = 6, PartialFc = rate, SparseGradient = sparse, LearningRate = 0.01f };
        (double[] losses, Dictionary<string, float[]> weights) = Train(options, 1, "one");
        foreach (int size in new[] { 2, 4 })
        {
            (double[] also, Dictionary<string, float[]> same) = Train(options, size, $"{size}");
            Assert.All(losses.Zip(also), p => Assert.InRange(Math.Abs(p.First - p.Second) / Math.Max(1, p.First), 0, 1e-5));
            Near(weights, same, 1e-5);
        }
    }

    [Fact]
    public void Batch_norm_a_rank_is_another_training_with_one_running_mean()
    {
        TrainingOptions options = _options with { BatchNormPerRank = true };
        (_, Dictionary<string, float[]> one) = Train(_options, 1, "one");
        (_, Dictionary<string, float[]> alone) = Train(options, 1, "alone");
        Near(one, alone, 0);
        (_, Dictionary<string, float[]> two) = Train(options, 2, "two");
        Assert.NotEqual(one["backbone.body.0.weight"], two["backbone.body.0.weight"]);
        string[] fingerprints = ThreadRanks.Run(2, ranks => Run(options, ranks, null).Trainer.Model.Fingerprint());
        Assert.Equal(fingerprints[0], fingerprints[1]);
    }

    [Fact]
    public void A_run_goes_on_with_any_number_of_ranks()
    {
        (_, Dictionary<string, float[]> whole) = Train(_options, 1, "whole");
        string first = Path.Combine(_folder, "first");
        ThreadRanks.Run(3, ranks => Run(_options, ranks, first, stopAt: 5).Trainer.Step);
        Assert.Equal(Entries(Checkpoint("whole", 3)), Entries(Checkpoint("first", 3)));
        foreach (int size in new[] { 1, 2, 3, 5 })
        {
            string folder = Path.Combine(_folder, $"then-{size}");
            Copy(first, folder);
            ThreadRanks.Run(size, ranks =>
            {
                using Trainer trainer = Trainer.Resume(folder, _images, ranks)!;
                Assert.Equal(5, trainer.Step);
                return trainer.Run();
            });
            Near(whole, Weights(Path.Combine(folder, "model.safetensors")), 1e-4);
        }
    }

    [Fact]
    public void The_same_ranks_go_on_to_the_same_bits()
    {
        string parts = Path.Combine(_folder, "parts");
        Train(_options, 2, "whole");
        ThreadRanks.Run(2, ranks => Run(_options, ranks, parts, stopAt: 4).Trainer.Step);
        ThreadRanks.Run(2, ranks =>
        {
            using Trainer trainer = Trainer.Resume(parts, _images, ranks)!;
            return trainer.Run();
        });
        Assert.Equal(File.ReadAllBytes(Path.Combine(_folder, "whole", "model.safetensors")), File.ReadAllBytes(Path.Combine(parts, "model.safetensors")));
    }

    [Fact]
    public void All_ranks_validate_and_the_first_decides_which_checkpoint_is_the_best()
    {
        string folder = Path.Combine(_folder, "validated");
        ThreadRanks.Run(2, ranks =>
        {
            double value = 1;
            using Trainer trainer = Trainer.Begin(_options, _images, folder, ranks: ranks);
            return trainer.Run(validate: () => value += ranks.Rank == 0 ? -0.5 : 1); // the first epoch is the best on rank 0 alone
        });
        using SafetensorsFile best = SafetensorsFile.Open(Path.Combine(folder, "checkpoints", "best.safetensors"));
        Assert.Equal("8", best.Metadata["step"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Ranks_embed_together_what_one_embeds(int size)
    {
        using Trainer trainer = Trainer.Begin(_options, _images);
        trainer.Run();
        ImageSource some = _images.Subset(5, 0, 119); // one of four ranks gets none
        EmbeddingSet one = trainer.Model.Embed(some);
        int[] done = new int[size];
        foreach (EmbeddingSet all in ThreadRanks.Run(size, ranks => trainer.Model.Embed(some, ranks, n => done[ranks.Rank] = n)))
        {
            Assert.Equal(one.Values, all.Values);
            Assert.Equal(one.Labels, all.Labels);
            Assert.Equal(one.Names!, all.Names!);
        }

        Assert.Equal(3, done.Sum());
    }

    [Fact]
    public void A_batch_has_an_image_for_every_rank()
    {
        InputException error = Assert.Throws<InputException>(
            () => ThreadRanks.Run(3, ranks => Trainer.Begin(_options with { Batch = 2, Sampler = "shuffled" }, _images, ranks: ranks)));
        Assert.Contains("too small for 3 ranks", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gradients_are_added_up_while_the_way_back_goes_on()
    {
        float[][] sums = ThreadRanks.Run(2, ranks =>
        {
            Parameter first = new(new Shape(2), ParameterKind.Weight), last = new(new Shape(3), ParameterKind.Weight), other = new(new Shape(1), ParameterKind.Weight);
            GradientBuckets buckets = new(ranks, [new("first", first), new("last", last)], length: 1);
            float[] seen = [];
            for (int step = 0; step < 3; step++)
            {
                foreach (Parameter p in new[] { last, other, first, first }) // the first is used twice
                {
                    p.Value.GradientToWrite(out bool add).Span.Fill(add ? 5 : ranks.Rank + 1);
                    buckets.Written(p.Value);
                }

                buckets.Finish();
                seen = [.. seen, first.Gradient!.Span[1], last.Gradient!.Span[2], other.Gradient!.Span[0]];
                first.Value.Gradient = last.Value.Gradient = other.Value.Gradient = null;
            }

            buckets.Written(last.Value);
            Assert.Throws<InvalidOperationException>(() => buckets.Written(last.Value));
            return seen;
        });
        Assert.Equal([10, 3, 1, 10, 3, 1, 10, 3, 1], sums[0]);
        Assert.Equal([10, 3, 2, 10, 3, 2, 10, 3, 2], sums[1]);
    }

    private static (Trainer Trainer, double[] Losses) Run(TrainingOptions options, OrderedCollective ranks, string? folder, int stopAt = 0)
    {
        using Trainer trainer = Trainer.Begin(options with { LogEvery = 1 }, _images, folder, ranks: ranks);
        using var stop = new CancellationTokenSource();
        List<double> losses = [];
        trainer.Run(
            p =>
            {
                losses.Add(p.Loss);
                if (p.Step == stopAt && ranks.Rank == ranks.Size - 1)
                {
                    stop.Cancel();
                }
            },
            stop: stop.Token);
        return (trainer, [.. losses]);
    }

    private (double[] Losses, Dictionary<string, float[]> Weights) Train(TrainingOptions options, int size, string name)
    {
        string folder = Path.Combine(_folder, name);
        double[][] losses = ThreadRanks.Run(size, ranks => Run(options, ranks, folder).Losses);
        Assert.All(losses, l => Assert.Equal(losses[0], l));
        return (losses[0], Weights(Path.Combine(folder, "model.safetensors")));
    }

    private string Checkpoint(string name, int step) => Path.Combine(_folder, name, "checkpoints", $"step-{step:D9}.safetensors");

    private static string[] Entries(string file)
    {
        using SafetensorsFile stored = SafetensorsFile.Open(file);
        return [.. stored.Entries.Select(e => $"{e.Name} [{string.Join(", ", e.Shape)}]"), .. stored.Metadata.Keys];
    }

    private static Dictionary<string, float[]> Weights(string file)
    {
        using SafetensorsFile stored = SafetensorsFile.Open(file);
        return stored.Entries.ToDictionary(e => e.Name, e =>
        {
            float[] values = new float[e.Count];
            stored.Read(e.Name, values.AsSpan());
            return values;
        });
    }

    private static void Near(Dictionary<string, float[]> expected, Dictionary<string, float[]> got, double tolerance)
    {
        Assert.Equal(expected.Keys, got.Keys);
        foreach ((string name, float[] values) in expected)
        {
            double scale = Math.Max(1, values.Max(Math.Abs));
            Assert.All(values.Zip(got[name]), p => Assert.True(
                Math.Abs(p.First - p.Second) <= tolerance * scale, $"{name}: {p.First} in one process, {p.Second} over ranks"));
        }
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
