using System.Buffers;
using Hypersphere.Kernels;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Evaluation;

/// <summary>Similarities of the rows of one matrix with those of another, a block at a time.</summary>
internal interface ISimilarities
{
    /// <summary>Rows of the left matrix.</summary>
    int Rows { get; }

    /// <summary>Rows of the right matrix.</summary>
    int Columns { get; }

    /// <summary>Writes [count, width] similarities of left rows from <paramref name="row"/> on with right rows from <paramref name="column"/> on.</summary>
    void Compute(int row, int count, int column, int width, float[] values);
}

/// <summary>Inner products by a matrix product in 32 bits.</summary>
/// <param name="left">[rows, size].</param>
/// <param name="right">[columns, size].</param>
/// <param name="size">Length of a row.</param>
/// <param name="rows">How many left rows take part, the first ones; all without.</param>
internal readonly struct InnerProducts(float[] left, float[] right, int size, int? rows = null) : ISimilarities
{
    public int Rows => rows ?? (left.Length / size);

    public int Columns => right.Length / size;

    public unsafe void Compute(int row, int count, int column, int width, float[] values)
    {
        fixed (float* l = left, r = right, v = values)
        {
            Gemm.Multiply(false, true, count, width, size, l + ((nint)row * size), size, r + ((nint)column * size), size, v, width);
        }
    }
}

/// <summary>What is done with the similarities of a band of rows; bands run at the same time, the blocks of one band in column
/// order.</summary>
internal interface ISimilarityBand
{
    /// <summary>Takes one block.</summary>
    void Add(in SimilarityBlock block);

    /// <summary>All blocks of the band came.</summary>
    void Complete();
}

/// <summary>Rows × columns of similarities.</summary>
internal readonly record struct SimilarityRange(int FirstRow, int Rows, int FirstColumn, int Columns);

/// <summary>Similarities of some left rows with some right ones.</summary>
internal readonly ref struct SimilarityBlock(ReadOnlySpan<float> values, SimilarityRange range)
{
    private readonly ReadOnlySpan<float> _values = values;

    public int FirstRow => range.FirstRow;

    public int Rows => range.Rows;

    public int FirstColumn => range.FirstColumn;

    /// <summary>The similarities of row <see cref="FirstRow"/> + <paramref name="row"/>.</summary>
    public ReadOnlySpan<float> Row(int row) => _values.Slice(row * range.Columns, range.Columns);

    /// <summary>Those with the columns from <paramref name="from"/> on and before <paramref name="to"/>, as far as they lie in the block.</summary>
    public ReadOnlySpan<float> Row(int row, int from, int to)
    {
        int start = Math.Clamp(from - FirstColumn, 0, range.Columns);
        return Row(row)[start..Math.Clamp(to - FirstColumn, start, range.Columns)];
    }
}

/// <summary>Similarities in blocks that fit the cache; they never exist all at once. Cut by shape: the same bits for any number of
/// threads.</summary>
internal static class SimilarityBlocks
{
    /// <summary>Rows of a band, unless its consumer needs much memory per row.</summary>
    public const int BandRows = 256;

    /// <summary>Columns of a block.</summary>
    public const int BlockColumns = 1024;

    /// <summary>Visits every block, or with <paramref name="upper"/> only those that reach above the diagonal (column &gt; row).</summary>
    /// <param name="similarities">What is visited.</param>
    /// <param name="begin">Makes the consumer of a band.</param>
    /// <param name="upper">Skip blocks whose columns all lie at or below the rows' numbers.</param>
    /// <param name="bandRows">Rows of a band.</param>
    /// <param name="bandColumns">Columns of a band, a multiple of <see cref="BlockColumns"/>; without it, all.</param>
    public static void Visit<T>(
        T similarities, Func<SimilarityRange, ISimilarityBand> begin, bool upper = false, int bandRows = BandRows, int bandColumns = int.MaxValue)
        where T : struct, ISimilarities
    {
        var body = new Body<T>(similarities, begin, upper, bandRows, bandColumns);
        WorkerPool.Shared.Run(body.Bands, ref body);
    }

    private readonly struct Body<T>(T similarities, Func<SimilarityRange, ISimilarityBand> begin, bool upper, int bandRows, int bandColumns)
        : IParallelBody
        where T : struct, ISimilarities
    {
        public int Bands => Parts(similarities.Rows, bandRows) * Across;

        private int Across => Math.Max(1, Parts(similarities.Columns, bandColumns));

        public void Run(int chunk)
        {
            (int down, int across) = Math.DivRem(chunk, Across);
            int firstRow = down * bandRows, rows = Math.Min(bandRows, similarities.Rows - firstRow), firstColumn = across * bandColumns;
            int end = (int)Math.Min(similarities.Columns, (long)firstColumn + bandColumns);
            ISimilarityBand band = begin(new SimilarityRange(firstRow, rows, firstColumn, end - firstColumn));
            float[] values = ArrayPool<float>.Shared.Rent(rows * Math.Min(end - firstColumn, BlockColumns));
            int from = upper ? Math.Max(firstColumn, (firstRow + 1) / BlockColumns * BlockColumns) : firstColumn;
            for (int column = from; column < end; column += BlockColumns)
            {
                var range = new SimilarityRange(firstRow, rows, column, Math.Min(BlockColumns, end - column));
                similarities.Compute(firstRow, rows, column, range.Columns, values);
                band.Add(new SimilarityBlock(values, range));
            }

            ArrayPool<float>.Shared.Return(values);
            band.Complete();
        }

        private static int Parts(int whole, int part) => (int)(((long)whole + part - 1) / part);
    }
}
