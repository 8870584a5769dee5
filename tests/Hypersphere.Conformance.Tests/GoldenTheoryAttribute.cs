using Hypersphere.Oracles;

namespace Hypersphere.Conformance.Tests;

/// <summary>A test over the golden cases: skipped where there are none.</summary>
internal sealed class GoldenTheoryAttribute : TheoryAttribute
{
    public GoldenTheoryAttribute() => Skip = GoldenFolder.Path is null ? "no golden cases beside the repository" : null;
}
