using Hypersphere.Data;
using Hypersphere.Formats;
using Hypersphere.Training;

namespace Hypersphere.Tests.Training;

[Collection(Alone.Name)]
public sealed class WarmStartTests : IDisposable
{
    private static readonly SyntheticImages _images = new(4, 70, 8);
    private static readonly TrainingOptions _options = new()
    {
        Backbone = "small-cnn(embedding=8, width=4)", Loss = "arcface(margin=0.3, scale=16)", Schedule = "constant", Epochs = 1, Batch = 16, Seed = 5,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("hypersphere-warm-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_training_begins_where_another_ended()
    {
        EmbeddingModel first = Trained();
        using Trainer second = Trainer.Begin(_options with { Seed = 9, WarmStart = _folder }, _images);
        Assert.Equal(first.Embed(_images).Values, second.Model.Embed(_images).Values);
        Assert.Equal(first.Loss.Prototypes!.Value.ToArray(), second.Model.Loss.Prototypes!.Value.ToArray());
    }

    [Fact]
    public void A_fingerprint_follows_weights_statistics_and_preprocessing()
    {
        EmbeddingModel first = Trained();
        string before = first.Fingerprint();
        Assert.Matches("^[0-9a-f]{16}$", before);
        Assert.Equal(before, Embedder.Load(_folder).Fingerprint());
        Assert.NotEqual(before, first.With(Preprocessing.Parse("grey(mean=1, std=2)", 1)).Fingerprint());
        first.Backbone.Buffers().First().Value.Span[0] += 1;
        Assert.NotEqual(before, first.Fingerprint());
    }

    [Fact]
    public void Another_loss_begins_anew_and_preprocessing_is_kept()
    {
        using (Trainer first = Trainer.Begin(_options with { Preprocessing = "grey(mean=100, std=50)" }, _images, _folder))
        {
            first.Run();
        }

        using Trainer second = Trainer.Begin(_options with { Loss = "cosface", WarmStart = _folder }, _images);
        Assert.Equal("grey(mean=100, std=50)", second.Model.Preprocessing.ToString());
        Assert.Equal("grey(mean=100, std=50)", second.Options.Preprocessing);
        Assert.Equal("small-cnn(embedding=8, width=4)", EmbeddingModel.BackboneOf(_folder));
    }

    [Theory]
    [InlineData("")]
    [InlineData("module.")]
    public void A_state_dictionary_from_elsewhere_fits_by_its_names(string prefix)
    {
        EmbeddingModel first = Trained();
        string file = Path.Combine(_folder, "published.safetensors");
        using (SafetensorsFile stored = SafetensorsFile.Open(Path.Combine(_folder, "model.safetensors")))
        {
            SafetensorsWriter.Save(file, new Dictionary<string, string>(StringComparer.Ordinal), [.. stored.Entries
                .Where(e => e.Name.StartsWith("backbone.", StringComparison.Ordinal))
                .Select(e => Source(prefix + e.Name["backbone.".Length..], e.Shape, Values(stored, e)))]);
        }

        Assert.Null(EmbeddingModel.BackboneOf(file));
        using Trainer second = Trainer.Begin(_options with { Seed = 9, WarmStart = file }, _images);
        Assert.Equal(first.Embed(_images).Values, second.Model.Embed(_images).Values);
    }

    [Fact]
    public void Another_architecture_is_told()
    {
        Trained();
        InputException wider = Assert.Throws<InputException>(() => Trainer.Begin(_options with { Backbone = "small-cnn(embedding=8, width=5)", WarmStart = _folder }, _images));
        Assert.Contains("holds another architecture", wider.Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => Trainer.Begin(_options with { WarmStart = Path.Combine(_folder, "none.safetensors") }, _images));
    }

    [Fact]
    public void A_network_with_no_share_of_the_learning_rate_keeps_its_weights_and_the_loss_learns()
    {
        using Trainer trainer = Trainer.Begin(_options with { BackboneRate = 0 }, _images);
        float[] network = [.. trainer.Model.Backbone.Parameters().SelectMany(p => p.Parameter.Value.ToArray())];
        float[] prototypes = trainer.Model.Loss.Prototypes!.Value.ToArray();
        trainer.Run();
        Assert.Equal(network, trainer.Model.Backbone.Parameters().SelectMany(p => p.Parameter.Value.ToArray()));
        Assert.NotEqual(prototypes, trainer.Model.Loss.Prototypes!.Value.ToArray());
    }

    [Theory]
    [InlineData("arcface")]
    [InlineData("subcenter-arcface(centers=2)")]
    public void Imprinted_prototypes_are_the_mean_directions_of_their_classes(string loss)
    {
        using Trainer trainer = Trainer.Begin(_options with { Loss = loss, Imprint = true }, _images), plain = Trainer.Begin(_options with { Loss = loss }, _images);
        Hypersphere.Evaluation.EmbeddingSet unit = trainer.Model.Embed(_images).Normalized();
        int centers = trainer.Model.Loss.PrototypesPerClass;
        float[] prototypes = trainer.Model.Loss.Prototypes!.Value.ToArray(), before = plain.Model.Loss.Prototypes!.Value.ToArray();
        for (int c = 0; c < 4; c++)
        {
            double[] mean = [.. Enumerable.Range(0, 8).Select(d => Enumerable.Range(0, unit.Count).Where(i => unit.Labels[i] == c).Sum(i => (double)unit.Row(i)[d]))];
            double Norm(IEnumerable<double> v) => Math.Sqrt(v.Sum(x => x * x));
            double[] own = [.. prototypes.Skip(c * centers * 8).Take(8).Select(v => (double)v)];
            Assert.Equal(1, own.Zip(mean).Sum(p => p.First * p.Second) / Norm(own) / Norm(mean), 1e-5);
            Assert.Equal(Norm(before.Skip(c * centers * 8).Take(8).Select(v => (double)v)), Norm(own), 1e-4);
        }
    }

    [Fact]
    public void A_loss_without_prototypes_cannot_be_imprinted() =>
        Assert.Contains("has no prototypes", Assert.Throws<InputException>(() => Trainer.Begin(_options with { Loss = "triplet", Imprint = true }, _images)).Message, StringComparison.Ordinal);

    private static SafetensorsSource Source(string name, IReadOnlyList<long> shape, float[] values) =>
        new(name, [.. shape.Select(e => (int)e)], () => values);

    private static float[] Values(SafetensorsFile stored, SafetensorsEntry entry)
    {
        float[] values = new float[entry.Shape.Aggregate(1L, (a, b) => a * b)];
        stored.Read(entry.Name, values.AsSpan());
        return values;
    }

    private EmbeddingModel Trained()
    {
        using Trainer trainer = Trainer.Begin(_options, _images, _folder);
        trainer.Run();
        return trainer.Model;
    }
}
