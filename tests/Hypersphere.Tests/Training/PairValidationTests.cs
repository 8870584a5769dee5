using System.Text.Json;
using Hypersphere.Data;
using Hypersphere.Evaluation;
using Hypersphere.Training;

namespace Hypersphere.Tests.Training;

[Collection(Alone.Name)]
public sealed class PairValidationTests : IDisposable
{
    private static readonly SyntheticImages _images = new(4, 70, 8), _others = new(6, 60, 8, seed: 7);
    private static readonly TrainingOptions _options = new()
    {
        Backbone = "small-cnn(embedding=8, width=4)", Loss = "arcface(margin=0.3, scale=16)", Schedule = "constant", Epochs = 5, Batch = 16, Seed = 5,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("hypersphere-validation-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void It_measures_what_verification_measures()
    {
        PairValidation validation = new(_others, Pairs(200), far: 0.05);
        EmbeddingModel model = EmbeddingModel.Create(_options.Backbone, _options.Loss, _images, seed: 1);
        VerificationResult expected = Verification.Evaluate(model.Embed(_others), Pairs(200));
        ValidationScore score = validation.Measure(model);
        Assert.Equal(expected.Curve.TarAt(0.05).Tar, score.Value);
        Assert.Equal([expected.Curve.TarAt(0.05).Tar!.Value, expected.Accuracy!.Mean, expected.Curve.Eer!.Value], score.Measures.Select(m => m.Value));
    }

    [Fact]
    public void It_runs_every_so_many_epochs_and_at_the_end_and_the_best_is_kept()
    {
        double[] values = [0.2, 0.9, 0.5];
        List<long> steps = [];
        using Trainer trainer = Trainer.Begin(_options with { ValidateEvery = 2 }, _images, _folder);
        trainer.Run(validate: () =>
        {
            steps.Add(trainer.Step);
            return values[steps.Count - 1];
        });
        long epoch = trainer.Steps / 5;
        Assert.Equal([2 * epoch, 4 * epoch, 5 * epoch], steps);
        using Formats.SafetensorsFile best = Formats.SafetensorsFile.Open(Path.Combine(_folder, "checkpoints", "best.safetensors"));
        Assert.Equal($"{4 * epoch}", best.Metadata["step"]);
        double[] logged = [.. File.ReadLines(Path.Combine(_folder, "metrics.jsonl")).Select(l => JsonDocument.Parse(l).RootElement)
            .Where(l => l.TryGetProperty("validation", out _)).Select(l => l.GetProperty("validation").GetDouble())];
        Assert.Equal(values, logged);
    }

    [Fact]
    public void It_does_not_change_the_training()
    {
        using Trainer plain = Trainer.Begin(_options, _images), validated = Trainer.Begin(_options, _images);
        PairValidation validation = new(_others, Pairs(200), far: 0.05);
        plain.Run();
        validated.Run(validate: () => validation.Measure(validated.Model));
        Assert.Equal(plain.Model.Embed(_others).Values, validated.Model.Embed(_others).Values);
    }

    [Fact]
    public void Too_few_impostor_pairs_for_the_rate_are_told() =>
        Assert.Contains("at least 100 impostor pairs", Assert.Throws<InputException>(() => new PairValidation(_others, Pairs(100))).Message, StringComparison.Ordinal);

    private static VerificationPairs Pairs(int count) =>
        VerificationPairs.Balanced([.. Enumerable.Range(0, _others.Count).Select(_others.Label)], count, new Rng(3));
}
