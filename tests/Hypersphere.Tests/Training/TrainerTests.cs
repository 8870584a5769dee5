using Hypersphere.Data;
using Hypersphere.Kernels.Threading;
using Hypersphere.Optimizers;
using Hypersphere.Registry;
using Hypersphere.Tensors;
using Hypersphere.Training;

namespace Hypersphere.Tests.Training;

[Collection(Alone.Name)]
public sealed class TrainerTests : IDisposable
{
    private static readonly SyntheticImages _images = new(4, 70, 8);
    private static readonly TrainingOptions _options = new()
    {
        Backbone = "small-cnn(embedding=8, width=4)", Loss = "arcface(margin=0.3, scale=16)", Schedule = "cosine(warmup=4)",
        Epochs = 3, Batch = 16, CheckpointEvery = 3, LogEvery = 2, Flip = 0.5f, CropPadding = 1, Seed = 5, MarginRamp = 0.5f,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("hypersphere-trainer-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Training_lowers_the_loss_and_writes_its_files()
    {
        List<double> losses = [];
        using Trainer trainer = Trainer.Begin(_options with { Epochs = 6 }, _images, _folder);
        Assert.Equal(TrainingEnd.Completed, trainer.Run(p => losses.Add(p.Loss)));
        Assert.Equal(24, losses.Count);
        Assert.True(losses[^1] < 0.7 * losses[0], $"loss went from {losses[0]} to {losses[^1]}");
        Assert.Equal(12 , File.ReadAllLines(Path.Combine(_folder, "metrics.jsonl")).Length);
        Assert.Equal(["best.safetensors", "step-000000021.safetensors", "step-000000024.safetensors"],
            Directory.GetFiles(Path.Combine(_folder, "checkpoints")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        EmbeddingModel loaded = EmbeddingModel.Load(_folder);
        Assert.Equal(trainer.Model.Embed(_images).Values, loaded.Embed(_images).Values);
        Assert.Equal(trainer.Model.Loss.ToString(), loaded.Loss.ToString());
    }

    [Theory]
    [InlineData("arcface", 16, "shuffled")]
    [InlineData("triplet", 16, "pk(samples=4)")]
    [InlineData("triplet", 32, "pk(samples=8)")]
    [InlineData("triplet", 7, "shuffled")]
    [InlineData("vicreg", 16, "pk(samples=4)")]
    [InlineData("cross-batch-memory(loss=ntxent)", 16, "pk(samples=4)")]
    [InlineData("softmax + 0.1*supcon", 16, "pk(samples=4)")]
    public void Batches_have_positives_where_the_loss_needs_them(string loss, int batch, string sampler)
    {
        using Trainer trainer = Trainer.Begin(_options with { Loss = loss, Batch = batch }, _images);
        Assert.Equal(sampler, trainer.Options.Sampler);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(8)]
    [InlineData(11)]
    public void A_stopped_run_continues_bit_for_bit(int stopAt)
    {
        string whole = Path.Combine(_folder, "whole"), parts = Path.Combine(_folder, "parts");
        using (Trainer trainer = Trainer.Begin(_options, _images, whole))
        {
            trainer.Run();
        }

        using (Trainer first = Trainer.Begin(_options, _images, parts))
        {
            using CancellationTokenSource stop = new();
            Assert.Equal(TrainingEnd.Stopped, first.Run(p => { if (p.Step == stopAt) { stop.Cancel(); } }, stop: stop.Token));
            Assert.Equal(stopAt, first.Step);
        }

        using (Trainer second = Trainer.Resume(parts, _images)!)
        {
            Assert.Equal(stopAt, second.Step);
            Assert.Equal(TrainingEnd.Completed, second.Run());
        }

        foreach (string file in new[] { "model.safetensors", "checkpoints/step-000000012.safetensors", "checkpoints/best.safetensors" })
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(whole, file)), File.ReadAllBytes(Path.Combine(parts, file)));
        }

        Assert.Equal(WithoutSpeed(whole), WithoutSpeed(parts));
    }

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        int threads = WorkerPool.Shared.Threads;
        byte[][] models = new byte[3][];
        for (int i = 0; i < models.Length; i++)
        {
            WorkerPool.Configure(i + 1);
            string folder = Path.Combine(_folder, $"threads-{i + 1}");
            using Trainer trainer = Trainer.Begin(_options, _images, folder);
            trainer.Run();
            models[i] = File.ReadAllBytes(Path.Combine(folder, "model.safetensors"));
        }

        WorkerPool.Configure(threads);
        Assert.Equal(models[0], models[1]);
        Assert.Equal(models[0], models[2]);
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void A_warm_step_rents_nothing_new(string optimizer)
    {
        long after = 0;
        using Trainer trainer = Trainer.Begin(_options with { Epochs = 10, Optimizer = optimizer, LearningRate = 1e-3f }, _images);
        trainer.Run(p => after = p.Step == 4 ? StoragePool.Allocations : after);
        Assert.Equal(after, StoragePool.Allocations);
    }

    public static TheoryData<string> Optimizers() => [.. Registry<Optimizer>.All.Select(o => o.Attribute.Name)];

    [Fact]
    public void A_warm_network_in_use_rents_nothing_new()
    {
        // on one thread: of several, each keeps a few blocks for itself, and which of them runs a slice is left to chance
        int threads = WorkerPool.Shared.Threads;
        WorkerPool.Configure(1);
        using Trainer trainer = Trainer.Begin(_options, _images);
        EmbeddingModel model = trainer.Model;
        model.Fold();
        model.Embed(_images, 16);
        long after = StoragePool.Allocations;
        model.Embed(_images, 16);
        WorkerPool.Configure(threads);
        Assert.Equal(after, StoragePool.Allocations);
    }

    [Fact]
    public void The_peak_of_a_training_is_its_own()
    {
        using (Tape.Record())
        {
            _ = Tensor.Zeros(new Shape(1 << 24));
        }

        using Trainer trainer = Trainer.Begin(_options with { Epochs = 1 }, _images, _folder);
        trainer.Run();
        Assert.InRange(Trainer.PeakTensorBytes, 1, StoragePool.RentedBytes + (1 << 24));
        Assert.Contains("\"tensor_bytes\":", File.ReadAllText(Path.Combine(_folder, "metrics.jsonl")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_that_is_not_finite_names_the_culprit_and_leaves_the_checkpoint()
    {
        using Trainer trainer = Trainer.Begin(_options, _images, _folder);
        NonFiniteException error = Assert.Throws<NonFiniteException>(() => trainer.Run(p =>
        {
            if (p.Step == 4)
            {
                trainer.Model.Backbone.Parameters().First().Parameter.Value.Span[0] = float.NaN;
            }
        }));
        Assert.Contains("backbone.body.0.weight", error.Message, StringComparison.Ordinal);
        using Trainer resumed = Trainer.Resume(_folder, _images)!;
        Assert.InRange(resumed.Step, 3, 4);
    }

    [Fact]
    public void A_huge_learning_rate_is_diagnosed()
    {
        using Trainer trainer = Trainer.Begin(_options with { LearningRate = 1e30f, Schedule = "constant" }, _images);
        NonFiniteException error = Assert.Throws<NonFiniteException>(() => trainer.Run());
        Assert.Contains("lower the learning rate", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_is_not_overwritten_unless_asked()
    {
        Trainer.Begin(_options, _images, _folder).Dispose();
        Assert.Null(Trainer.Resume(_folder, _images));
        using (Trainer trainer = Trainer.Begin(_options, _images, _folder))
        {
            trainer.Run();
        }

        Assert.Contains("--resume", Assert.Throws<InputException>(() => Trainer.Begin(_options, _images, _folder)).Message, StringComparison.Ordinal);
        Trainer.Begin(_options, _images, _folder, overwrite: true).Dispose();
    }

    [Fact]
    public void Resuming_on_other_data_or_another_architecture_is_refused()
    {
        using (Trainer trainer = Trainer.Begin(_options, _images, _folder))
        {
            trainer.Run();
        }

        Assert.Contains(
            "other data", Assert.Throws<InputException>(() => Trainer.Resume(_folder, new SyntheticImages(4, 60, 8))).Message, StringComparison.Ordinal);
        Assert.Contains(
            "images are 9×9", Assert.Throws<InputException>(() => EmbeddingModel.Load(_folder).Embed(new SyntheticImages(4, 60, 9))).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("epochs")]
    [InlineData("batch")]
    [InlineData("learning rate")]
    [InlineData("flip")]
    public void Options_out_of_range_are_refused(string what)
    {
        TrainingOptions wrong = what switch
        {
            "epochs" => _options with { Epochs = 0 },
            "batch" => _options with { Batch = 0 },
            "learning rate" => _options with { LearningRate = float.NaN },
            _ => _options with { Flip = 1.5f },
        };
        Assert.Contains(what, Assert.Throws<InputException>(() => Trainer.Begin(wrong, _images)).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> WithoutSpeed(string folder) =>
        File.ReadAllLines(Path.Combine(folder, "metrics.jsonl")).Select(line => line[..line.IndexOf(",\"samples_per_second", StringComparison.Ordinal)]);
}
