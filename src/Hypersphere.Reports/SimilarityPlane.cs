namespace Hypersphere.Reports;

/// <summary>How strongly a loss acts on a positive and on a negative, over the plane of their similarities to the anchor.</summary>
/// <param name="Label">The loss.</param>
/// <param name="Cells">Rows and columns of the two tables, which span −1 … 1 in equal cells.</param>
/// <param name="Source">Paper, for the caption; may be empty.</param>
public sealed record SimilarityPlane(string Label, int Cells, string Source = "")
{
    /// <summary>|∂ℓ/∂s_p| at the middle of the cell [row of s_p, column of s_n].</summary>
    public double[,] Positive { get; } = new double[Cells, Cells];

    /// <summary>|∂ℓ/∂s_n| there.</summary>
    public double[,] Negative { get; } = new double[Cells, Cells];

    /// <summary>The similarity in the middle of a row or column.</summary>
    public double Similarity(int cell) => -1 + ((cell + 0.5) * 2 / Cells);
}
