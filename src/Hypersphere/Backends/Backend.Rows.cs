using Hypersphere.Kernels;
using Hypersphere.Tensors;

namespace Hypersphere.Backends;

/// <content>Some rows of a table: row i of the smaller tensor belongs to row rows[i].</content>
internal unsafe partial class Backend
{
    public virtual void GatherRows(Tensor table, ReadOnlySpan<int> rows, Tensor y)
    {
        fixed (int* index = rows)
        {
            TableRows.Gather(rows.Length, table.Shape.RowCount, index, table.Pointer, y.Pointer);
        }
    }

    /// <summary>table[rows[i]] += x[i].</summary>
    public virtual void AddToRows(Tensor x, ReadOnlySpan<int> rows, Tensor table)
    {
        fixed (int* index = rows)
        {
            TableRows.Add(rows.Length, table.Shape.RowCount, x.Pointer, index, table.Pointer);
        }
    }
}
