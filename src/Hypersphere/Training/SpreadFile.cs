using Hypersphere.Collectives;
using Hypersphere.Formats;
using Hypersphere.Tensors;

namespace Hypersphere.Training;

/// <summary>Matrices whose rows are spread over ranks, to and from files that hold them whole: what W ranks saved, any number can read.</summary>
internal static class SpreadFile
{
    private const int Piece = 1 << 20;

    /// <summary>The shape in the file; null for a tensor that is not spread.</summary>
    public static Shape? WholeShape(Tensor tensor) => tensor.Spread is { } spread ? new Shape(spread.Rows, tensor.Shape[1]) : null;

    /// <summary>The whole matrix: rank 0 writes its own rows, then receives and writes those of the others, a piece at a time.</summary>
    public static SafetensorsSource Entry(string name, Tensor tensor) =>
        new(name, WholeShape(tensor)!.Value.ToArray(), () => tensor.Span) { Pieces = Pieces(tensor) };

    /// <summary>Writes a file that all ranks have a part in; one of them writes it.</summary>
    /// <param name="path">The file; an existing one is replaced whole or not at all.</param>
    /// <param name="metadata">Free text by key.</param>
    /// <param name="entries">The arrays.</param>
    /// <param name="spread">Those tensors among them that are spread, in the same order.</param>
    /// <param name="ranks">The ranks.</param>
    public static void Save(
        string path, IReadOnlyDictionary<string, string> metadata, IEnumerable<SafetensorsSource> entries, IEnumerable<Tensor> spread, ICollective ranks)
    {
        if (ranks.Rank == 0)
        {
            SafetensorsWriter.Save(path, metadata, [.. entries]);
            return;
        }

        foreach (Tensor tensor in spread)
        {
            Send(tensor);
        }
    }

    private static void Send(Tensor tensor)
    {
        foreach ((int start, int count) in Cut(tensor.Count))
        {
            tensor.Spread!.Ranks.Send<float>(tensor.Span.Slice(start, count), to: 0);
        }
    }

    /// <summary>Reads this rank's rows.</summary>
    public static void Read(SafetensorsFile file, string name, Tensor tensor) =>
        file.ReadPart(name, (long)tensor.Spread!.First * tensor.Shape[1], tensor.Span);

    private static IEnumerable<SafetensorsValues> Pieces(Tensor tensor)
    {
        yield return () => tensor.Span;
        ICollective ranks = tensor.Spread!.Ranks;
        float[] buffer = new float[Piece];
        for (int rank = 1; rank < ranks.Size; rank++)
        {
            int from = rank;
            foreach ((_, int count) in Cut(checked(tensor.Spread.Shares.Count(rank) * tensor.Shape[1])))
            {
                yield return () =>
                {
                    ranks.Receive(buffer.AsSpan(0, count), from);
                    return buffer.AsSpan(0, count);
                };
            }
        }
    }

    private static IEnumerable<(int Start, int Count)> Cut(int total)
    {
        for (int start = 0; start < total; start += Piece)
        {
            yield return (start, Math.Min(Piece, total - start));
        }
    }
}
