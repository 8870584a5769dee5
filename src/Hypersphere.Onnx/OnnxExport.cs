using Hypersphere.Formats;
using Hypersphere.Layers;
using Hypersphere.Tensors;
using Hypersphere.Training;

namespace Hypersphere.Onnx;

/// <summary>Writes networks as ONNX files that other runtimes read.</summary>
/// <example><code>OnnxExport.Save(Embedder.Load("runs/mine"), "mine.onnx");</code></example>
public static class OnnxExport
{
    private const int Opset = 13;

    /// <summary>Writes a model, atomically.</summary>
    /// <remarks>Input «input» [N, C, H, W], channels in the order and scale that the metadata entry «preprocessing» says; output «embedding»
    /// [N, D]. Batch norms stay operations of their own. Opset 13.</remarks>
    /// <param name="model">What to write.</param>
    /// <param name="path">The file.</param>
    /// <param name="batch">Images at a time; 0 leaves it open.</param>
    /// <param name="normalize">Whether the embeddings are brought to length 1.</param>
    /// <exception cref="InputException">The network computes with something that has no ONNX operator here, or the file cannot be
    /// written.</exception>
    public static void Save(Embedder model, string path, int batch = 0, bool normalize = false)
    {
        byte[] bytes = ToBytes(model, batch, normalize);
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    internal static byte[] ToBytes(Embedder model, int batch = 0, bool normalize = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfNegative(batch);
        Backbones.BackboneContext c = model.Backbone.Context;
        NetworkGraph graph;
        try
        {
            graph = NetworkGraph.Trace(model.Backbone, new Shape(1, c.Height, c.Width, c.Channels));
        }
        catch (InvalidOperationException e)
        {
            throw new InputException($"{model.Backbone}: cannot be exported: {e.Message}", e);
        }

        return OnnxWriter.ToBytes(new OnnxGraphWriter(graph).Write(
            new OnnxInput("input", [batch, c.Channels, c.Height, c.Width]),
            Opset,
            normalize,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["preprocessing"] = model.Preprocessing.ToString(),
                ["layout"] = "NCHW",
                ["backbone"] = model.Backbone.ToString(),
            }));
    }
}
