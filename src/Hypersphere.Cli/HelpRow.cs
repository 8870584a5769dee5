namespace Hypersphere.Cli;

/// <summary>A name and what is said of it, or a command line and what it does. A class, as lists of pairs of strings are compiled anew at every
/// start.</summary>
/// <param name="Name">Left.</param>
/// <param name="Text">Right, or below.</param>
internal sealed record HelpRow(string Name, string Text)
{
    public static implicit operator HelpRow((string Name, string Text) pair) => new(pair.Name, pair.Text);
}
