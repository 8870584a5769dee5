using Hypersphere.Data;
using Hypersphere.Training;

namespace Hypersphere.Tests.Training;

[Collection(Alone.Name)]
public sealed class FreezingTests : IDisposable
{
    private static readonly SyntheticImages _images = new(4, 70, 8);
    private static readonly TrainingOptions _options = new()
    {
        Backbone = "small-cnn(embedding=8, width=4)", Loss = "arcface(margin=0.3, scale=16)", Schedule = "constant", Epochs = 2, Batch = 16, Seed = 5, CheckpointEvery = 3,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("hypersphere-freeze-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>small-cnn: convolutions at 0, 3, 7, 10, the linear layer at 15, each with what follows it.</summary>
    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "body.15 body.16")]
    [InlineData(2, "body.10 body.11 body.12 body.15 body.16")]
    [InlineData(5, "body.0 body.1 body.2 body.3 body.4 body.5 body.7 body.8 body.9 body.10 body.11 body.12 body.15 body.16")]
    public void Only_the_last_layers_change_and_running_statistics_with_them(int layers, string expected)
    {
        using Trainer trainer = Trainer.Begin(_options with { TrainLast = layers }, _images, _folder);
        Dictionary<string, float[]> before = State(trainer.Model);
        float[] prototypes = trainer.Model.Loss.Prototypes!.Value.ToArray();
        trainer.Run();
        Dictionary<string, float[]> after = State(trainer.Model);
        string[] changed = [.. before.Where(b => !b.Value.SequenceEqual(after[b.Key])).Select(b => b.Key[..b.Key.LastIndexOf('.')]).Distinct()];
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(), changed.Order());
        Assert.NotEqual(prototypes, trainer.Model.Loss.Prototypes!.Value.ToArray());
    }

    [Fact]
    public void An_interrupted_training_stays_frozen()
    {
        using Trainer whole = Trainer.Begin(_options with { TrainLast = 1 }, _images);
        whole.Run();
        using var stop = new CancellationTokenSource();
        using (Trainer first = Trainer.Begin(_options with { TrainLast = 1 }, _images, _folder))
        {
            first.Run(p => { if (p.Step == 3) { stop.Cancel(); } }, stop: stop.Token);
        }

        using Trainer second = Trainer.Resume(_folder, _images)!;
        Assert.InRange(second.Step, 1, second.Steps - 1);
        second.Run();
        Assert.Equal(State(whole.Model), State(second.Model));
    }

    [Fact]
    public void Frozen_layers_are_not_gone_back_through()
    {
        using Trainer trainer = Trainer.Begin(_options with { TrainLast = 1 }, _images);
        trainer.Run();
        Assert.All(trainer.Model.Backbone.Parameters().Where(p => p.Parameter.IsFrozen), p => Assert.Null(p.Parameter.Gradient));
        Assert.Equal(3, trainer.Model.Backbone.Parameters().Count(p => !p.Parameter.IsFrozen));
    }

    [Fact]
    public void Too_many_layers_or_nothing_at_all_is_told()
    {
        Assert.Contains("has 5 with weights", Refusal(_options with { TrainLast = 6 }), StringComparison.Ordinal);
        Assert.Contains("nothing is left to train", Refusal(_options with { TrainLast = 0, Loss = "triplet" }), StringComparison.Ordinal);
        Assert.Contains("0 or more", Refusal(_options with { TrainLast = -1 }), StringComparison.Ordinal);
    }

    private static string Refusal(TrainingOptions options) => Assert.Throws<InputException>(() => Trainer.Begin(options, _images)).Message;

    private static Dictionary<string, float[]> State(EmbeddingModel model) =>
        model.Backbone.Parameters().Select(p => (p.Name, p.Parameter.Value)).Concat(model.Backbone.Buffers().Select(b => (b.Name, b.Value)))
            .ToDictionary(p => p.Name, p => p.Value.ToArray());
}
