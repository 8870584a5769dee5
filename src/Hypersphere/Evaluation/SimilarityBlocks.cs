using System.Buffers;
using Hypersphere.Kernels;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Evaluation;

/// <summary>What is done with the similarities of a band of rows; bands run at the same time, the blocks of one band in column
/// order.</summary>
internal interface ISimilarityBand
{
    /// <summary>Takes one block of inner products.</summary>
    void Add(in SimilarityBlock block);

    /// <summary>All blocks of the band came.</summary>
    void Complete();
}

/// <summary>Inner products of some rows of the left matrix with some of the right one.</summary>
internal readonly unsafe struct SimilarityBlock(float* values, int firstRow, int rows, int firstColumn, int columns)
{
    public int FirstRow => firstRow;

    public int Rows => rows;

    public int FirstColumn => firstColumn;

    public int Columns => columns;

    /// <summary>The products of row <see cref="FirstRow"/> + <paramref name="row"/>.</summary>
    public ReadOnlySpan<float> Row(int row) => new(values + ((nint)row * columns), columns);
}

/// <summary>Left·Rightᵀ in blocks that fit the cache; the whole product never exists. Cut by shape: the same bits for any number of
/// threads.</summary>
internal static unsafe class SimilarityBlocks
{
    /// <summary>Rows of a band, unless its consumer needs much memory per row.</summary>
    public const int BandRows = 128;

    /// <summary>Columns of a block.</summary>
    public const int BlockColumns = 1024;

    /// <summary>Visits every block, or with <paramref name="upper"/> only those that reach above the diagonal (column &gt; row).</summary>
    /// <param name="left">[rows, size].</param>
    /// <param name="right">[columns, size].</param>
    /// <param name="size">Length of a row.</param>
    /// <param name="upper">Skip blocks whose columns all lie at or below the rows' numbers.</param>
    /// <param name="begin">Makes the consumer of a band from its first row and its number of rows.</param>
    /// <param name="bandRows">Rows of a band.</param>
    public static void Visit(
        ReadOnlySpan<float> left, ReadOnlySpan<float> right, int size, bool upper, Func<int, int, ISimilarityBand> begin,
        int bandRows = BandRows)
    {
        int rows = left.Length / size;
        fixed (float* leftStart = left, rightStart = right)
        {
            var body = new Body(leftStart, rows, rightStart, right.Length / size, size, upper, begin, bandRows);
            WorkerPool.Shared.Run((rows + bandRows - 1) / bandRows, ref body);
        }
    }

    private readonly struct Body(
        float* left, int rows, float* right, int columns, int size, bool upper, Func<int, int, ISimilarityBand> begin, int bandRows)
        : IParallelBody
    {
        public void Run(int chunk)
        {
            int firstRow = chunk * bandRows;
            int count = Math.Min(bandRows, rows - firstRow);
            ISimilarityBand band = begin(firstRow, count);
            float[] products = ArrayPool<float>.Shared.Rent(count * Math.Min(columns, BlockColumns));
            fixed (float* values = products)
            {
                int from = upper ? (firstRow + 1) / BlockColumns * BlockColumns : 0;
                for (int column = from; column < columns; column += BlockColumns)
                {
                    int width = Math.Min(BlockColumns, columns - column);
                    Gemm.Multiply(
                        false, true, count, width, size,
                        left + ((nint)firstRow * size), size, right + ((nint)column * size), size, values, width);
                    band.Add(new SimilarityBlock(values, firstRow, count, column, width));
                }
            }

            ArrayPool<float>.Shared.Return(products);
            band.Complete();
        }
    }
}
