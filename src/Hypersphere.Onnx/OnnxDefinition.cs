using System.IO.Compression;

namespace Hypersphere.Onnx;

/// <summary>A network's operations without its weights, as text: what a stored model keeps beside its parameters.</summary>
internal static class OnnxDefinition
{
    /// <summary>Constants of up to so many numbers are kept: shapes and bounds; larger ones are weights.</summary>
    private const int LargestKept = 16, LargestText = 1 << 24;

    public static string Write(OnnxModel model)
    {
        Dictionary<string, OnnxTensor> shapes = model.Constants.ToDictionary(
            c => c.Key, c => c.Value.Count <= LargestKept ? c.Value : c.Value with { Values = null }, StringComparer.Ordinal);
        using MemoryStream compressed = new();
        using (ZLibStream zip = new(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zip.Write(OnnxWriter.ToBytes(model with { Constants = shapes }));
        }

        return Convert.ToBase64String(compressed.ToArray());
    }

    /// <exception cref="InputException">The text is missing or damaged.</exception>
    public static OnnxModel Read(string? text)
    {
        if (text is null)
        {
            throw new InputException("'onnx' alone is no network; write onnx:FILE.");
        }

        try
        {
            using ZLibStream zip = new(new MemoryStream(Convert.FromBase64String(text)), CompressionMode.Decompress);
            using MemoryStream bytes = new();
            byte[] block = new byte[1 << 16];
            for (int read; (read = zip.Read(block)) > 0 && bytes.Length < LargestText;)
            {
                bytes.Write(block, 0, read);
            }

            return OnnxReader.Read(bytes.ToArray(), "the stored network");
        }
        catch (Exception e) when (e is FormatException or InvalidDataException)
        {
            throw new InputException("the stored description of the network is damaged; take an earlier checkpoint", e);
        }
    }
}
