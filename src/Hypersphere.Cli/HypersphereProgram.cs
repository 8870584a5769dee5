namespace Hypersphere.Cli;

/// <summary>The command line as a function, for programs that bring components of their own.</summary>
/// <example><code>Registry&lt;Loss&gt;.Register&lt;HalfArc&gt;();
/// return HypersphereProgram.Run(args);</code></example>
public static class HypersphereProgram
{
    /// <summary>Runs a command as the program «hypersphere» does.</summary>
    /// <param name="arguments">The command with its options.</param>
    /// <returns>The exit code: 0 done, 2 wrong input, 1 failed, 130 interrupted.</returns>
    public static int Run(IReadOnlyList<string> arguments) => CommandLine.Run(arguments, Terminal.OfProcess());
}
