namespace Hypersphere.Formats;

/// <summary>The row filters of PNG.</summary>
internal static class PngFilters
{
    /// <summary>Undoes the filters in place.</summary>
    /// <param name="rows">Rows of 1 + <paramref name="rowBytes"/> bytes, the filter's number first.</param>
    /// <param name="rowBytes">Bytes of a row without that number.</param>
    /// <param name="step">Distance to the left neighbour.</param>
    /// <param name="name">The file, for messages.</param>
    /// <exception cref="InputException">A filter of no known number.</exception>
    public static void Undo(Span<byte> rows, int rowBytes, int step, string name)
    {
        ReadOnlySpan<byte> above = new byte[rowBytes];
        for (int start = 0; start < rows.Length; start += rowBytes + 1)
        {
            Span<byte> row = rows.Slice(start + 1, rowBytes);
            switch (rows[start])
            {
                case 0: break;
                case 1: UndoSub(row, step); break;
                case 2: UndoUp(row, above); break;
                case 3: UndoAverage(row, above, step); break;
                case 4: UndoPaeth(row, above, step); break;
                default: throw new InputException($"{name}: damaged PNG: row filter {rows[start]} is unknown");
            }

            above = row;
        }
    }

    /// <summary>The neighbour (left, above, above left) nearest to left + above − aboveLeft.</summary>
    public static byte Paeth(int left, int above, int aboveLeft)
    {
        int toLeft = Math.Abs(above - aboveLeft), toAbove = Math.Abs(left - aboveLeft),
            toAboveLeft = Math.Abs(left + above - (2 * aboveLeft));
        return (byte)(toLeft <= toAbove && toLeft <= toAboveLeft ? left : toAbove <= toAboveLeft ? above : aboveLeft);
    }

    private static void UndoSub(Span<byte> row, int step)
    {
        for (int i = step; i < row.Length; i++)
        {
            row[i] += row[i - step];
        }
    }

    private static void UndoUp(Span<byte> row, ReadOnlySpan<byte> above)
    {
        for (int i = 0; i < row.Length; i++)
        {
            row[i] += above[i];
        }
    }

    private static void UndoAverage(Span<byte> row, ReadOnlySpan<byte> above, int step)
    {
        for (int i = 0; i < step; i++)
        {
            row[i] += (byte)(above[i] / 2);
        }

        for (int i = step; i < row.Length; i++)
        {
            row[i] += (byte)((row[i - step] + above[i]) / 2);
        }
    }

    private static void UndoPaeth(Span<byte> row, ReadOnlySpan<byte> above, int step)
    {
        UndoUp(row[..step], above);
        for (int i = step; i < row.Length; i++)
        {
            row[i] += Paeth(row[i - step], above[i], above[i - step]);
        }
    }
}
