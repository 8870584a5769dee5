namespace Hypersphere.Conformance.Tests;

/// <summary>A test over the golden cases: skipped where there are none.</summary>
internal sealed class GoldenTheoryAttribute : TheoryAttribute
{
    public GoldenTheoryAttribute() => Skip = Oracles.GoldenCase.Folder is null ? "no golden cases beside the repository" : null;
}
