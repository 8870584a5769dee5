using System.Diagnostics;

namespace Hypersphere.Cli.Display;

/// <summary>Counts images on a terminal while something is done to them; silent elsewhere.</summary>
/// <param name="terminal">Where.</param>
/// <param name="total">How many there are; 0 if that is not known.</param>
/// <param name="what">What is done.</param>
internal sealed class CountDisplay(Terminal terminal, int total, string what = "embed ") : IDisposable
{
    private const string ClearLine = "\r\u001b[K";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private long _last = Stopwatch.GetTimestamp();
    private bool _shown;

    public void Update(int done)
    {
        if (terminal.IsLive && Stopwatch.GetElapsedTime(_last) >= Interval)
        {
            _last = Stopwatch.GetTimestamp();
            _shown = true;
            terminal.Out.Write($"{ClearLine}{what} {done:N0}{(total > 0 ? $" of {total:N0}" : "")} images");
            terminal.Out.Flush();
        }
    }

    public void Dispose()
    {
        if (_shown)
        {
            terminal.Out.Write(ClearLine);
        }
    }
}
