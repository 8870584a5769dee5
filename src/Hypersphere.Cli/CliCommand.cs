using System.CommandLine;

namespace Hypersphere.Cli;

/// <summary>A command whose help page shows examples.</summary>
/// <param name="name">As typed.</param>
/// <param name="description">One sentence; the first line of its help and its line in the list.</param>
internal sealed class CliCommand(string name, string description) : Command(name, description)
{
    /// <summary>What follows the description on the help page; may be empty. Asked for only when shown.</summary>
    public Func<string> Details { get; init; } = () => "";

    /// <summary>Command lines without the program's name, each with what it does.</summary>
    public IReadOnlyList<HelpRow> Examples { get; init; } = [];
}
