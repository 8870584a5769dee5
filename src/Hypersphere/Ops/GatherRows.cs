using Hypersphere.Backends;
using Hypersphere.Tensors;

namespace Hypersphere.Ops;

/// <summary>Some rows of a parameter: what they were used for changes these rows alone.</summary>
internal static class GatherRows
{
    /// <param name="table">[R,D], a parameter.</param>
    /// <param name="rows">Ascending, no row twice.</param>
    /// <returns>[rows,D].</returns>
    public static Tensor Forward(Tensor table, int[] rows)
    {
        Tensor picked = Tensor.Empty(new Shape(rows.Length, table.Shape.RowCount));
        picked.RowsOf = table;
        Backend.Current.GatherRows(table, rows, picked);
        return Tape.Remember(picked, table.NeedsGradient, gradient => AddTo(table, gradient, rows));
    }

    private static void AddTo(Tensor table, Tensor gradient, int[] rows)
    {
        if (table.Gradient is null)
        {
            table.SetGradient(gradient.IsKept ? gradient : Copy(gradient), rows);
        }
        else if (table.GradientRows is not { } before)
        {
            Backend.Current.AddToRows(gradient, rows, table.Gradient);
        }
        else
        {
            int[] union = before.AsSpan().SequenceEqual(rows) ? before : [.. before.Union(rows).Order()];
            Tensor sum = union == before ? table.Gradient : Zeros(new Shape(union.Length, table.Shape.RowCount));
            if (union != before)
            {
                Backend.Current.AddToRows(table.Gradient, Places(before, union), sum);
            }

            Backend.Current.AddToRows(gradient, Places(rows, union), sum);
            table.SetGradient(sum, union);
        }
    }

    private static int[] Places(int[] rows, int[] among) => Array.ConvertAll(rows, r => Array.BinarySearch(among, r));

    private static Tensor Copy(Tensor gradient)
    {
        Tensor copy = Tensor.EmptyUnscoped(gradient.Shape);
        gradient.Span.CopyTo(copy.Span);
        return copy;
    }

    private static Tensor Zeros(Shape shape)
    {
        Tensor zeros = Tensor.EmptyUnscoped(shape);
        zeros.Span.Clear();
        return zeros;
    }
}
