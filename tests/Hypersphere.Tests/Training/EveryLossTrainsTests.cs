using System.Numerics.Tensors;
using Hypersphere.Data;
using Hypersphere.Evaluation;
using Hypersphere.Losses;
using Hypersphere.Registry;
using Hypersphere.Training;

namespace Hypersphere.Tests.Training;

/// <summary>Whatever its formula, a loss must bring the classes apart, and go on after an interruption as if there had been none.</summary>
[Collection(Alone.Name)]
public sealed class EveryLossTrainsTests : IDisposable
{
    private static readonly SyntheticImages _images = new(4, 96, 8);

    private readonly string _folder = Directory.CreateTempSubdirectory("hypersphere-losses-").FullName;

    public static TheoryData<string> All => [.. Registry<Loss>.All.Where(l => l.Type.Assembly == typeof(Loss).Assembly).Select(l => l.Attribute.Name)];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(All))]
    public void Classes_come_apart(string loss)
    {
        using Trainer trainer = Trainer.Begin(Options(loss, epochs: 12), _images);
        double before = Gap(trainer.Model);
        trainer.Run(p => Assert.True(double.IsFinite(p.Loss)));
        double after = Gap(trainer.Model);
        Assert.True(after > before + 0.1, $"cosine within classes less that between them went from {before:0.000} to {after:0.000}");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_stopped_run_continues_bit_for_bit(string loss)
    {
        string whole = Path.Combine(_folder, "whole"), parts = Path.Combine(_folder, "parts");
        using (Trainer trainer = Trainer.Begin(Options(loss, epochs: 2), _images, whole))
        {
            trainer.Run();
        }

        using (Trainer first = Trainer.Begin(Options(loss, epochs: 2), _images, parts))
        {
            using CancellationTokenSource stop = new();
            first.Run(p => { if (p.Step == 5) { stop.Cancel(); } }, stop: stop.Token);
            Assert.Equal(5, first.Step);
        }

        using (Trainer second = Trainer.Resume(parts, _images)!)
        {
            second.Run();
        }

        Assert.Equal(File.ReadAllBytes(Path.Combine(whole, "model.safetensors")), File.ReadAllBytes(Path.Combine(parts, "model.safetensors")));
    }

    private static TrainingOptions Options(string loss, int epochs) => new()
    {
        Backbone = "small-cnn(embedding=8, width=4)", Loss = loss, Optimizer = "adamw", LearningRate = 0.003f, Schedule = "constant",
        Sampler = "pk(samples=4)", Epochs = epochs, Batch = 16, ClipNorm = 5, Seed = 3,
    };

    /// <summary>Mean cosine within classes less that between them.</summary>
    private static double Gap(EmbeddingModel model)
    {
        EmbeddingSet set = model.Embed(_images);
        (double Sum, int Count) within = default, between = default;
        for (int i = 0; i < set.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double cosine = TensorPrimitives.CosineSimilarity(set.Row(i), set.Row(j));
                ref (double Sum, int Count) side = ref set.Labels[i] == set.Labels[j] ? ref within : ref between;
                side = (side.Sum + cosine, side.Count + 1);
            }
        }

        return (within.Sum / within.Count) - (between.Sum / between.Count);
    }
}
