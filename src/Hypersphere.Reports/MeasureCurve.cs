namespace Hypersphere.Reports;

/// <summary>How one measure of a run moved while it trained.</summary>
/// <param name="Name">The run, as its curve is labelled.</param>
/// <param name="Points">Step or epoch, and value; in order.</param>
public sealed record MeasureCurve(string Name, IReadOnlyList<(double X, double Y)> Points);
