namespace Hypersphere.Cli;

/// <summary>What the process says to whoever started it; documented at the end of every help page.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int BadInput = 2;
    public const int Interrupted = 130;
    public const int Terminated = 143;
}
