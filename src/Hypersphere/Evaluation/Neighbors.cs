namespace Hypersphere.Evaluation;

/// <summary>The nearest rows of some queries.</summary>
/// <param name="rows">[Q, top].</param>
/// <param name="scores">[Q, top] cosines.</param>
/// <param name="top">How many for each query.</param>
public sealed class Neighbors(int[] rows, float[] scores, int top)
{
    /// <summary>How many there are for each query.</summary>
    public int Top => top;

    /// <summary>Rows of the gallery, nearest first.</summary>
    /// <param name="query">0 … Q−1.</param>
    public ReadOnlySpan<int> Rows(int query) => rows.AsSpan(query * top, top);

    /// <summary>Their cosines, in [−1, 1].</summary>
    /// <param name="query">0 … Q−1.</param>
    public ReadOnlySpan<float> Scores(int query) => scores.AsSpan(query * top, top);

    /// <summary>Searches with every row.</summary>
    /// <param name="similarities">Of queries with a gallery.</param>
    /// <param name="top">How many for each, no more than there are.</param>
    /// <param name="skipOwn">Whether the column of a row's number is the query itself and passed over.</param>
    internal static Neighbors Find<T>(T similarities, int top, bool skipOwn = false)
        where T : struct, ISimilarities
    {
        Neighbors found = Room(similarities.Rows, top);
        Search.Run(similarities, new Queries(found, skipOwn));
        return found;
    }

    internal static Neighbors Room(int queries, int top) => new(new int[checked(queries * top)], new float[queries * top], top);

    /// <summary>Takes the neighbours of a query, nearest first, as <see cref="TopList.Candidate"/> writes them.</summary>
    internal void Set(int query, ReadOnlySpan<ulong> neighbors)
    {
        for (int i = 0; i < neighbors.Length; i++)
        {
            (rows[(query * top) + i], scores[(query * top) + i]) = (TopList.IndexOf(neighbors[i]), Math.Clamp(TopList.ScoreOf(neighbors[i]), -1, 1));
        }
    }

    private sealed class Queries(Neighbors found, bool skipOwn) : ISearchQueries
    {
        public int DepthOf(int query) => found.Top;

        public int SelfOf(int query) => skipOwn ? query : -1;

        public void Take(int query, ReadOnlySpan<ulong> neighbors) => found.Set(query, neighbors);
    }
}
