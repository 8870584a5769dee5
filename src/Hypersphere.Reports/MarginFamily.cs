namespace Hypersphere.Reports;

/// <summary>A margin loss over the values of one of its numbers: what a slider moves through.</summary>
/// <param name="Name">The loss, such as "arcface".</param>
/// <param name="Parameter">The number, such as "margin".</param>
/// <param name="Unit">Behind its value, such as "rad"; may be empty.</param>
/// <param name="Steps">A curve a value, by rising value; all curves on one page have the same angles, in equal steps.</param>
/// <param name="Default">Index of the step that is shown first.</param>
/// <param name="Source">Paper, for the caption; may be empty.</param>
public sealed record MarginFamily(
    string Name, string Parameter, string Unit, IReadOnlyList<MarginStep> Steps, int Default, string Source = "")
{
    /// <summary>Whether it is drawn from the start; otherwise a person may add it.</summary>
    public bool Shown { get; init; }

    internal MarginStep Start => Steps[Default];

    internal string Label(MarginStep step) =>
        Text.Fixed(step.Value, 3).TrimEnd('0').TrimEnd('.') + (Unit.Length > 0 ? Text.Space + Unit : "");
}

/// <summary>A margin curve at one value of a parameter.</summary>
/// <param name="Value">The parameter.</param>
/// <param name="Points">By rising angle in equal steps, 0° and 180° included.</param>
public sealed record MarginStep(double Value, IReadOnlyList<MarginPoint> Points);
