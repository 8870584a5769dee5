namespace Hypersphere.Tests;

/// <summary>Tests that count pooled memory or change the number of threads run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
