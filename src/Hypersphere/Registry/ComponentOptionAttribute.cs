namespace Hypersphere.Registry;

/// <summary>Makes a settable property of a base class an option of every component derived from it.</summary>
/// <remarks>A number or flag is off at 0 or false and is then left out of specifications; a component (a distance, a miner) is written as
/// its own specification, such as «triplet(margin=0.2, distance=cosine, miner=batch-hard)».</remarks>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ComponentOptionAttribute : Attribute;
