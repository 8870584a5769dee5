using Hypersphere.Kernels.Threading;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Hypersphere.Evaluation;

/// <summary>How an <see cref="EmbeddingIndex"/> looks through its rows.</summary>
public enum IndexPrecision
{
    /// <summary>In 32 bits: the exact nearest rows.</summary>
    Float32,

    /// <summary>In 7 bits and a scale a row, then the best few (four times as many as wanted, and 32) again in 32 bits. Scores are exact; a row is
    /// missed where its rounded cosine falls behind all of those.</summary>
    Int8,
}

/// <summary>The nearest of many embeddings by cosine. Safe to use from several threads.</summary>
/// <remarks>Blocks of a matrix product go through running lists of the best; the Q×G similarities never exist. Cost 2·Q·G·D operations; memory
/// G·D floats for the unit rows, a quarter more with bytes, and a block a thread. One query reads the rows once. The same bits for any number of
/// threads.</remarks>
/// <example><code>EmbeddingIndex index = new(gallery);
/// Neighbors found = index.Find(queries, top: 10);
/// int nearest = found.Rows(0)[0];</code></example>
public sealed class EmbeddingIndex
{
    private const int MoreCandidates = 4;

    private readonly float[] _unit;
    private readonly ByteRows? _bytes;

    /// <summary>Takes embeddings.</summary>
    /// <param name="set">They need not be normalised.</param>
    /// <param name="precision">How they are looked through.</param>
    public EmbeddingIndex(EmbeddingSet set, IndexPrecision precision = IndexPrecision.Float32)
    {
        ArgumentNullException.ThrowIfNull(set);
        (_unit, Size, Count) = (Vectors.Normalized(set.Values, set.Size), set.Size, set.Count);
        _bytes = precision == IndexPrecision.Int8 ? new ByteRows(_unit, Size) : null;
    }

    /// <summary>D, numbers in an embedding.</summary>
    public int Size { get; }

    /// <summary>G, embeddings that are searched.</summary>
    public int Count { get; }

    /// <summary>The nearest rows of each query, nearest first; of equally near ones the lower row first.</summary>
    /// <param name="queries">Embeddings of the same size, need not be normalised.</param>
    /// <param name="top">How many for each, at least 1; fewer where there are not as many.</param>
    /// <exception cref="InputException">The embeddings have another size.</exception>
    public Neighbors Find(EmbeddingSet queries, int top)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        if (queries.Size != Size)
        {
            throw new InputException($"search: the embeddings have {Size} numbers and the queries {queries.Size}; both must come from one model.");
        }

        top = Math.Min(top, Count);
        float[] asked = Vectors.Normalized(queries.Values, Size);
        if (_bytes is null)
        {
            return Neighbors.Find(new InnerProducts(asked, _unit, Size), top);
        }

        int candidates = (int)Math.Min(Count, (MoreCandidates * (long)top) + MoreCandidates * 8);
        Neighbors rough = Neighbors.Find(new ByteSimilarities(asked, _bytes, Size), candidates);
        var again = new Reranking(asked, _unit, Size, rough, top);
        WorkerPool.Shared.Run(again.Queries, ref again);
        return again.Result;
    }

    /// <summary>Candidates in the order of their exact cosines.</summary>
    private readonly struct Reranking(float[] queries, float[] gallery, int size, Neighbors rough, int top) : IParallelBody
    {
        public int Queries => queries.Length / size;

        public Neighbors Result { get; } = Neighbors.Room(queries.Length / size, top);

        public void Run(int chunk)
        {
            ReadOnlySpan<float> query = queries.AsSpan(chunk * size, size);
            ReadOnlySpan<int> candidates = rough.Rows(chunk);
            ulong[] exact = new ulong[candidates.Length];
            for (int i = 0; i < exact.Length; i++)
            {
                exact[i] = TopList.Candidate(TensorPrimitives.Dot(query, gallery.AsSpan(candidates[i] * size, size)), candidates[i]);
            }

            Selection.SortDescending(exact);
            Result.Set(chunk, exact.AsSpan(0, top));
        }
    }
}
