using Hypersphere.Registry;

namespace Hypersphere.Cli.Catalogue;

/// <summary>A component and the chapter that it stands in.</summary>
/// <param name="Kind">The chapter.</param>
/// <param name="Component">The component.</param>
internal sealed record CatalogueEntry(CatalogueKind Kind, ComponentInfo Component);
