namespace Hypersphere.Registry;

/// <summary>Gives a class the name under which command line, checkpoints and documents know it.</summary>
/// <remarks>Constructor parameters after the context are the component's options: <c>[Range]</c> bounds them, <c>[Description]</c> explains
/// them, and a public property of the same name holds the value.</remarks>
/// <param name="name">Lower case with hyphens, such as «arcface».</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ComponentAttribute(string name) : Attribute
{
    /// <summary>Lower case with hyphens.</summary>
    public string Name { get; } = name;

    /// <summary>Other names that the field uses, separated by commas.</summary>
    public string Aliases { get; init; } = "";

    /// <summary>One line for lists.</summary>
    public string Summary { get; init; } = "";

    /// <summary>The formula.</summary>
    public string Equation { get; init; } = "";

    /// <summary>Where it was published.</summary>
    public string Paper { get; init; } = "";

    /// <summary>Published code that computes the same, and how its conventions differ.</summary>
    public string Peers { get; init; } = "";

    /// <summary>What its gradient holds constant, with the reason; empty when it is the true derivative.</summary>
    public string Detached { get; init; } = "";

    /// <summary>Flops and memory, in N rows, C classes, D numbers.</summary>
    public string Cost { get; init; } = "";
}
