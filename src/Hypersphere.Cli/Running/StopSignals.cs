using System.Runtime.InteropServices;

namespace Hypersphere.Cli.Running;

/// <summary>Turns the first Ctrl-C or SIGTERM into a request to finish the step and save; the second one ends the process at
/// once.</summary>
internal sealed class StopSignals : IDisposable
{
    private const string ShowCursor = "\u001b[?25h";
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Terminal _terminal;

    public StopSignals(Terminal terminal)
    {
        _terminal = terminal;
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(s => PosixSignalRegistration.Create(s, Handle))];
    }

    /// <summary>Cancelled when a signal has come.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>What the process answers after it has saved: 128 + the signal's number.</summary>
    public int ExitCode { get; private set; } = Cli.ExitCode.Interrupted;

    public void Dispose()
    {
        Array.ForEach(_registrations, r => r.Dispose());
        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        if (_source.IsCancellationRequested)
        {
            if (_terminal.IsLive)
            {
                _terminal.Out.Write(ShowCursor);
            }

            return;
        }

        context.Cancel = true;
        ExitCode = context.Signal == PosixSignal.SIGTERM ? Cli.ExitCode.Terminated : Cli.ExitCode.Interrupted;
        _source.Cancel();
    }
}
