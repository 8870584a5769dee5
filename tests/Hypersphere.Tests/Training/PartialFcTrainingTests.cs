using Hypersphere.Data;
using Hypersphere.Evaluation;
using Hypersphere.Kernels.Threading;
using Hypersphere.Tensors;
using Hypersphere.Training;

namespace Hypersphere.Tests.Training;

[Collection(Alone.Name)]
public sealed class PartialFcTrainingTests : IDisposable
{
    private static readonly SyntheticIdentities _people = new(new() { Classes = 400, Images = 4000, Dimension = 48, Spread = 0.6 });
    private static readonly SyntheticIdentities _strangers = new(new() { Classes = 100, Images = 600, Dimension = 48, Spread = 0.6, Seed = 1 });
    private static readonly TrainingOptions _options = new()
    {
        Backbone = "linear(embedding=32)", Loss = "arcface(margin=0.3, scale=24)", Schedule = "cosine(warmup=10)", Epochs = 6, Batch = 64,
        PartialFc = 0.1, Seed = 4,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("hypersphere-partial-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_tenth_of_the_classes_and_sparse_gradients_train_as_well_as_all()
    {
        double sparse = Precision(_options with { PartialFc = 1, SparseGradient = 1e-3f });
        double untrained = Precision(_options with { Epochs = 1, LearningRate = 1e-9f }), all = Precision(_options with { PartialFc = 1 }), tenth = Precision(_options);
        Assert.True(all > untrained + 0.1, $"{untrained:0.000} before, {all:0.000} after training");
        Assert.True(tenth > all - 0.02, $"{all:0.000} with all classes, {tenth:0.000} with a tenth");
        Assert.True(sparse > all - 0.02, $"{all:0.000} with whole gradients, {sparse:0.000} with sparse ones");
    }

    [Theory]
    [InlineData("arcface(margin=0.3, scale=24)", "sgd", 0)]
    [InlineData("cosface(margin=0.2, scale=24, filter=0.4)", "adamw", 1)]
    [InlineData("arcface(scale=24, focal=1) + 0.01*center", "sgd", 1)]
    [InlineData("adacos", "sgd", 0)]
    public void A_stopped_run_continues_bit_for_bit_on_any_number_of_threads(string loss, string optimizer, float clip)
    {
        TrainingOptions options = _options with { Loss = loss, Optimizer = optimizer, LearningRate = 0.01f, ClipNorm = clip, Epochs = 1 };
        (string whole, string parts) = (Path.Combine(_folder, "whole"), Path.Combine(_folder, "parts"));
        int threads = WorkerPool.Shared.Threads;
        using (Trainer trainer = Trainer.Begin(options, _people, whole))
        {
            trainer.Run();
        }

        WorkerPool.Configure(1);
        using (Trainer first = Trainer.Begin(options, _people, parts))
        {
            using CancellationTokenSource stop = new();
            first.Run(p => { if (p.Step == 7) { stop.Cancel(); } }, stop: stop.Token);
        }

        WorkerPool.Configure(3);
        using (Trainer second = Trainer.Resume(parts, _people)!)
        {
            second.Run();
        }

        WorkerPool.Configure(threads);
        Assert.Equal(File.ReadAllBytes(Path.Combine(whole, "model.safetensors")), File.ReadAllBytes(Path.Combine(parts, "model.safetensors")));
    }

    [Fact]
    public void A_step_holds_no_gradient_of_all_classes_and_rents_nothing_new()
    {
        // how many rows a step samples depends on its batch: the first training meets every size
        TrainingOptions options = _options with { Epochs = 1 };
        using (Trainer first = Trainer.Begin(options, _people))
        {
            first.Run();
        }

        long after = StoragePool.Allocations;
        using Trainer trainer = Trainer.Begin(options, _people);
        trainer.Run();
        Assert.Equal(after, StoragePool.Allocations);
        using Tape tape = Tape.Record();
        tape.Backward(trainer.Model.Loss.Forward(Tensor.Zeros(new Shape(1, 32)), new int[1]));
        Assert.Equal(new Shape(40, 32), trainer.Model.Loss.Prototypes!.Gradient!.Shape);
    }

    [Fact]
    public void Losses_that_need_all_classes_are_refused()
    {
        string message = Assert.Throws<InputException>(() => Trainer.Begin(_options with { Loss = "triplet" }, _people)).Message;
        Assert.Contains("Partial FC is for margin softmax losses", message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => Trainer.Begin(_options with { PartialFc = 1.5 }, _people));
    }

    [Fact]
    public void Every_step_draws_other_classes()
    {
        List<int[]> drawn = [];
        using Trainer trainer = Trainer.Begin(_options with { Epochs = 1, Optimizer = "sgd(momentum=0)" }, _people);
        float[] before = trainer.Model.Loss.Prototypes!.Value.ToArray();
        trainer.Run(_ =>
        {
            float[] now = trainer.Model.Loss.Prototypes!.Value.ToArray();
            drawn.Add([.. Enumerable.Range(0, 400).Where(c => !now.AsSpan(c * 32, 32).SequenceEqual(before.AsSpan(c * 32, 32)))]);
            before = now;
        });
        Assert.All(drawn, rows => Assert.InRange(rows.Length, 36, 64));
        Assert.Equal(400, drawn.SelectMany(r => r).Distinct().Count());
        Assert.NotEqual(drawn[1], drawn[2]);
    }

    /// <summary>Precision@1 on people who were not trained on.</summary>
    private static double Precision(TrainingOptions options)
    {
        using Trainer trainer = Trainer.Begin(options, _people);
        trainer.Run();
        EmbeddingSet embeddings = trainer.Model.Embed(_strangers);
        return Retrieval.Evaluate(embeddings).PrecisionAt1!.Value;
    }
}
