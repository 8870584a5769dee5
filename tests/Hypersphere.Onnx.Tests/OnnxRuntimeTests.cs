using Hypersphere.Backbones;
using Hypersphere.Training;

namespace Hypersphere.Onnx.Tests;

/// <summary>Exported networks, computed by another runtime.</summary>
public sealed class OnnxRuntimeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hypersphere-onnxruntime-").FullName;

    public static TheoryData<string> Specs => Networks.Specs;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [OnnxRuntimeTheory]
    [MemberData(nameof(Specs))]
    public void An_open_batch_gives_our_output(string spec) => Check(Networks.Create(spec), exported: 0, run: [1, 5]);

    [OnnxRuntimeTheory]
    [MemberData(nameof(Specs))]
    public void A_fixed_batch_gives_our_output(string spec) => Check(Networks.Create(spec), exported: 2, run: [2]);

    [OnnxRuntimeTheory]
    [InlineData("iresnet(blocks=1 2, width=4, embedding=7)")]
    public void Embeddings_can_be_of_length_1(string spec)
    {
        Backbone network = Networks.Create(spec);
        string path = Path.Combine(_folder, "network.onnx");
        OnnxExport.Save(new Embedder(network), path, normalize: true);
        float[] images = Networks.Images(network.Context, 1);
        float[] raw = Networks.Embed(network, images, 1), unit = OnnxRuntime.Run(path, ChannelsFirst(images, network.Context, 1), Shape(network.Context, 1));
        double norm = Math.Sqrt(raw.Sum(v => (double)v * v));
        Assert.True(Networks.Difference([.. raw.Select(v => (float)(v / norm))], unit) < 1e-4);
    }

    private void Check(Backbone network, int exported, int[] run)
    {
        string path = Path.Combine(_folder, "network.onnx");
        OnnxExport.Save(new Embedder(network), path, exported);
        foreach (int count in run)
        {
            float[] images = Networks.Images(network.Context, count);
            float[] theirs = OnnxRuntime.Run(path, ChannelsFirst(images, network.Context, count), Shape(network.Context, count));
            Assert.True(Networks.Difference(Networks.Embed(network, images, count), theirs) < 1e-4);
        }
    }

    private static string Shape(BackboneContext c, int count) => $"{count},{c.Channels},{c.Height},{c.Width}";

    private static float[] ChannelsFirst(float[] images, BackboneContext c, int count)
    {
        (int pixels, float[] turned) = (c.Height * c.Width, new float[images.Length]);
        for (int n = 0; n < count; n++)
        {
            for (int i = 0; i < pixels * c.Channels; i++)
            {
                turned[(n * pixels * c.Channels) + (i % c.Channels * pixels) + (i / c.Channels)] = images[(n * pixels * c.Channels) + i];
            }
        }

        return turned;
    }
}
