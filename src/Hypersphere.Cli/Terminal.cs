using Hypersphere.Distributed;

namespace Hypersphere.Cli;

/// <summary>Where a command writes, and what can be shown there.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">Progress and errors.</param>
/// <param name="Width">Columns of text.</param>
/// <param name="IsLive">Whether a line may be drawn over again.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, int Width, bool IsLive)
{
    private const int WidthOfPipes = 100, Narrowest = 40, Widest = 120;

    public static Terminal OfProcess()
    {
        if (MpiLaunch.IsLaunched)
        {
            Environment.SetEnvironmentVariable("TERM", "dumb"); // mpirun gives a rank a terminal that nobody sits at
        }

        bool live = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
        return new Terminal(Console.Out, Console.Error, Console.IsOutputRedirected ? WidthOfPipes : Columns(), live);
    }

    private static int Columns()
    {
        try
        {
            return Console.WindowWidth > 0 ? Math.Clamp(Console.WindowWidth, Narrowest, Widest) : WidthOfPipes;
        }
        catch (IOException)
        {
            return WidthOfPipes;
        }
    }
}
