namespace Hypersphere.Reports;

/// <summary>What two classes on a circle are left by a margin: one of the pictures that stand side by side.</summary>
/// <param name="Title">Such as "ArcFace".</param>
/// <param name="Family">The family whose slider moves it; null for softmax, which has no margin.</param>
public sealed record BoundaryCircle(string Title, MarginFamily? Family);
