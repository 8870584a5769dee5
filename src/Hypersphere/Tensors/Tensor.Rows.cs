namespace Hypersphere.Tensors;

/// <content>Gradients of some rows of a parameter.</content>
public sealed unsafe partial class Tensor
{
    private Storage? _rowGradient;
    private Tensor? _borrower;

    /// <summary>The rows that <see cref="Gradient"/> is of, ascending; null: of all rows.</summary>
    internal int[]? GradientRows { get; private set; }

    /// <summary>The parameter that this is some rows of: its gradient is written where the parameter's will stay, without a copy.</summary>
    internal Tensor? RowsOf { get; set; }

    /// <summary>Makes a gradient of some rows the gradient of this parameter.</summary>
    internal void SetGradient(Tensor gradient, int[] rows) => (_gradient, GradientRows) = (gradient, rows);

    /// <summary>Memory for the gradient of some rows that outlives the step; null while a gradient or another borrower may need
    /// it.</summary>
    private Tensor? LendRowGradient(Tensor borrower)
    {
        if (Gradient is not null || _borrower is { IsReleased: false })
        {
            return null;
        }

        _borrower = borrower;
        if (_rowGradient is null || _rowGradient.Capacity < borrower.Count)
        {
            _rowGradient = null; // lets the collector take the old memory before the new is asked for
            _rowGradient = new Storage(StoragePool.SizeClass(borrower.Count), pooled: false);
        }

        return new Tensor(_rowGradient, borrower.Shape).Keep();
    }

    /// <summary>Turns a gradient of some rows into one of all, for an op that writes all.</summary>
    private void SpreadGradientRows()
    {
        if (GradientRows is not { } rows)
        {
            return;
        }

        Tensor some = _gradient!, all = _parameterGradient ??= EmptyUnscoped(Shape);
        all.Span.Clear();
        for (int i = 0; i < rows.Length; i++)
        {
            some.Span.Slice(i * Shape.RowCount, Shape.RowCount).CopyTo(all.Span.Slice(rows[i] * Shape.RowCount, Shape.RowCount));
        }

        Gradient = all;
    }
}
