namespace Hypersphere.Kernels;

/// <summary>What ranks that have some classes each must exchange of a margin softmax: views of the state.</summary>
public readonly unsafe ref struct MarginSoftmaxTotals
{
    private readonly MarginSoftmaxState _state;

    internal MarginSoftmaxTotals(int rows, int dimensions, MarginSoftmaxState state)
    {
        _state = state;
        Maxima = new(state.RowMax, rows);
        Sums = new(state.RowSum, rows);
        PrototypeSum = new(state.PrototypeSum, dimensions);
    }

    /// <summary>[N], largest value among the other classes; −∞ if there are none.</summary>
    public Span<float> Maxima { get; }

    /// <summary>[N], Σ e^{s·(value − maximum)} over the other classes.</summary>
    public Span<double> Sums { get; }

    /// <summary>[D], Σ_j w_j/‖w_j‖; only with label smoothing.</summary>
    public Span<float> PrototypeSum { get; }

    /// <summary>Replaces the maxima by larger ones; the sums follow.</summary>
    /// <param name="maxima">[N].</param>
    public void Raise(ReadOnlySpan<float> maxima)
    {
        for (int row = 0; row < maxima.Length; row++)
        {
            Sums[row] = Sums[row] == 0 ? 0 : Sums[row] * Math.Exp(_state.RowScale[row] * ((double)Maxima[row] - maxima[row]));
            Maxima[row] = maxima[row];
        }
    }
}
