using Hypersphere.Oracles;
using Hypersphere.Training;

namespace Hypersphere.Onnx.Tests;

public sealed class BadFileTests
{
    private static readonly Dictionary<string, OnnxAttribute> None = [];
    private static readonly OnnxInput Input = new("input", [1, 3, 4, 4]);

    [Fact]
    public void Damaged_files_are_told_and_cost_little()
    {
        byte[][] seeds = [.. new[] { "small-cnn(embedding=3, width=2)", "iresnet(blocks=1, width=2, embedding=3)", "every-layer" }
            .Select(s => OnnxExport.ToBytes(new Embedder(Networks.Create(s))))];
        Fuzzing.Run("onnx", seeds, bytes => Build(OnnxReader.Read(bytes, Fuzzing.FileName)));
    }

    [Fact]
    public void An_unknown_operation_is_named() =>
        Says("f: Einsum 'mix' cannot be built; known are Conv", Model(new OnnxNode("Einsum", "mix", ["input"], ["out"], None)));

    [Fact]
    public void An_operation_of_another_domain_is_not_taken_for_a_standard_one() =>
        Says("f: com.example.Conv 'c' cannot be built", Model(new OnnxNode("com.example.Conv", "c", ["input"], ["out"], None)));

    [Fact]
    public void A_value_that_nothing_makes_is_named() =>
        Says("f: Relu 'r' takes 'later', which nothing before it makes", Model(new OnnxNode("Relu", "r", ["later"], ["out"], None)));

    [Fact]
    public void A_cycle_is_a_value_that_nothing_makes_yet() => Says(
        "takes 'b', which nothing before it makes",
        Model(new OnnxNode("Add", "a", ["input", "b"], ["a"], None), new OnnxNode("Relu", "r", ["a"], ["b"], None)));

    [Fact]
    public void Weights_must_be_constants() =>
        Says("f: Conv 'c' takes 'w', which must be a constant", Model(new OnnxNode("Conv", "c", ["input", "w"], ["out"], None)));

    [Fact]
    public void Padding_that_differs_is_told()
    {
        OnnxModel model = Model(new OnnxNode("Conv", "c", ["input", "w"], ["out"], new Dictionary<string, OnnxAttribute>(StringComparer.Ordinal)
        {
            ["pads"] = new([0, 0, 1, 1], [], null, null),
        }));
        Says("f: Conv 'c' has pads [0, 0, 1, 1]", model with { Constants = new Dictionary<string, OnnxTensor> { ["w"] = new([2, 3, 3, 3], new float[54]) } });
    }

    [Fact]
    public void Text_is_no_onnx_file() =>
        Assert.Contains("f: ", Assert.Throws<InputException>(() => OnnxReader.Read("not an onnx file at all"u8.ToArray(), "f")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_missing_file_is_told() =>
        Assert.Contains("none.onnx", Assert.Throws<InputException>(() => OnnxReader.Load("none.onnx")).Message, StringComparison.Ordinal);

    private static void Says(string expected, OnnxModel model) =>
        Assert.Contains(expected, Assert.Throws<InputException>(() => Build(model)).Message, StringComparison.Ordinal);

    private static OnnxModel Model(params OnnxNode[] nodes) =>
        new(13, nodes, new Dictionary<string, OnnxTensor>(StringComparer.Ordinal), [Input], [nodes[^1].Outputs[0]], new Dictionary<string, string>(StringComparer.Ordinal));

    private static void Build(OnnxModel model) => _ = OnnxNetwork.Build(model, Fuzzing.FileName, new Rng(1));
}
