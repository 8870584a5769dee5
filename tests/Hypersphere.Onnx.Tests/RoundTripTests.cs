using Hypersphere.Backbones;
using Hypersphere.Data;
using Hypersphere.Training;

namespace Hypersphere.Onnx.Tests;

public sealed class RoundTripTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hypersphere-onnx-").FullName;

    public RoundTripTests() => OnnxNetwork.Register();

    public static TheoryData<string> Specs => Networks.Specs;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Specs))]
    public void What_was_exported_computes_the_same_when_imported(string spec)
    {
        Backbone network = Networks.Create(spec);
        string path = Path.Combine(_folder, "network.onnx");
        OnnxExport.Save(new Embedder(network, Preprocessing.Parse("bgr(mean=1 2 3, std=4)", 3)), path);

        Embedder back = Embedder.Load("onnx:" + path);

        float[] images = Networks.Images(network.Context, 3);
        float[] expected = Networks.Embed(network, images, 3);
        Assert.Equal(network.Embedding, back.Backbone.Embedding);
        Assert.True(Networks.Difference(expected, Networks.Embed(back.Backbone, images, 3)) < 1e-5);
        Assert.Equal("bgr(mean=1 2 3, std=4)", back.Preprocessing.ToString());
    }

    [Fact]
    public void An_imported_network_learns_and_its_model_needs_the_file_no_more()
    {
        SyntheticImages images = new(4, 64, 16);
        using (Trainer first = Trainer.Begin(new TrainingOptions { Backbone = "small-cnn(embedding=8, width=4)", Epochs = 1, Batch = 16 }, images))
        {
            first.Run();
            OnnxExport.Save(first.Model, Path.Combine(_folder, "first.onnx"));
        }

        string file = "onnx:" + Path.Combine(_folder, "first.onnx"), run = Path.Combine(_folder, "run");
        float[] before = Embedder.Load(file).Embed(images).Values;
        using Trainer second = Trainer.Begin(new TrainingOptions { Backbone = file, Epochs = 2, Batch = 16, LearningRate = 0.01f }, images, run);
        Assert.Equal(before, second.Model.Embed(images).Values);
        second.Run();
        Assert.NotEqual(before, second.Model.Embed(images).Values);

        File.Delete(Path.Combine(_folder, "first.onnx"));
        Assert.Equal(second.Model.Embed(images).Values, Embedder.Load(run).Embed(images).Values);
        using Trainer third = Trainer.Begin(new TrainingOptions { Backbone = EmbeddingModel.BackboneOf(run)!, WarmStart = run, Batch = 16 }, images);
        Assert.Equal(second.Model.Embed(images).Values, third.Model.Embed(images).Values);
    }

    [Fact]
    public void Onnx_alone_is_no_network() =>
        Assert.Contains("onnx:FILE", Assert.Throws<InputException>(() => Registry.Registry<Backbone>.Create("onnx", new BackboneContext(8, 8, 3, new Rng(1)))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_published_embedder_gives_the_embeddings_that_its_own_runtime_gives()
    {
        string? models = Oracles.GoldenFolder.Path is { } golden ? Path.GetFullPath(Path.Combine(golden, "..", "models")) : null;
        if (models is null || !File.Exists(Path.Combine(models, "fr_feature.onnx")))
        {
            return;
        }

        using Formats.NpzReader reference = new(Path.Combine(models, "fr_feature_reference.npz"));
        byte[] pixels = reference.Read("pixels").Values<byte>();
        float[] expected = reference.Read("embeddings").Values<float>();
        Embedder model = Embedder.Load("onnx:" + Path.Combine(models, "fr_feature.onnx"), "rgb(mean=127, std=128)");
        MemoryImages images = new("reference", new(112, 112, 3), pixels, new int[12], ["face"]);
        Assert.True(Networks.Difference(expected, model.Embed(images).Values) < 1e-4);
    }
}
