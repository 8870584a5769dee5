using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Hypersphere.Collectives;
using Hypersphere.Distributed;
using Hypersphere.Training;

namespace Hypersphere.Cli.Running;

/// <summary>One of the processes that mpirun started to train together: who the others are, where it writes, how it ends.</summary>
internal sealed class RankedRun : IDisposable
{
    private const int ShownRanks = 8;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly Terminal _console;
    private readonly string[] _hosts;
    private bool _hasLeft;
    private StreamWriter? _log;
    private RankWatch? _watch;

    private readonly string[] _farewells;

    private RankedRun(Terminal console, OrderedCollective ranks)
    {
        (_console, Ranks, Terminal, _hosts) = (console, ranks, console, Agreement.Gather(ranks, ranks.Host));
        _farewells = [.. _hosts.Select((host, rank) => string.Create(
            CultureInfo.InvariantCulture,
            $"hypersphere: rank {rank} on {host} is gone (killed, out of memory, or its machine is down); all ranks end. The last checkpoint is intact: --resume goes on, with any number of ranks."))];
    }

    public OrderedCollective Ranks { get; }

    /// <summary>Where this rank writes: rank 0 to the console and its log, the others to their logs.</summary>
    public Terminal Terminal { get; private set; }

    /// <summary>Does something as one of the ranks that mpirun started, or alone.</summary>
    /// <param name="console">The process' terminal.</param>
    /// <param name="folder">Where logs go; null for none.</param>
    /// <param name="work">What to do; the ranks are null when it is done alone.</param>
    /// <returns>The exit code.</returns>
    public static int Do(Terminal console, string? folder, Action<Terminal, RankedRun?> work)
    {
        if (!MpiLaunch.IsLaunched)
        {
            work(console, null);
            return ExitCode.Done;
        }

        using var run = new RankedRun(console, new OrderedCollective(MpiCollective.Join()));
        using PosixSignalRegistration patient = PosixSignalRegistration.Create(PosixSignal.SIGTERM, run.Wait);
        try
        {
            run.Together(() => run.OpenLog(folder));
            System.Runtime.CompilerServices.RuntimeHelpers.PrepareDelegate(run.TellGone);
            console.Error.Flush();
            run._watch = RankWatch.Begin(run.Ranks, run.TellGone);
            work(run.Terminal, run);
            return ExitCode.Done;
        }
        catch (StoppedException e)
        {
            run.Leave();
            if (run.Ranks.Rank > 0)
            {
                return e.ExitCode;
            }

            throw;
        }
        catch (Exception e) when (!run._hasLeft)
        {
            run.Fail(e);
            throw;
        }
    }

    /// <summary>Whether a training runs, which stops by itself when it is told to.</summary>
    public bool IsTraining { get; set; }

    /// <summary>What a banner says of the ranks, and where each is.</summary>
    public IEnumerable<string> Describe()
    {
        string[] places = Agreement.Gather(Ranks, string.Create(CultureInfo.InvariantCulture, $"{Ranks.Rank} on {Ranks.Host} (process {Environment.ProcessId})"));
        string rest = places.Length > ShownRanks ? $" and {places.Length - ShownRanks} more" : "";
        yield return $"ranks  {places.Length}: {string.Join(", ", places.Take(ShownRanks))}{rest}";
        if (Ranks.Rank >= ShownRanks)
        {
            yield return $"rank   {places[Ranks.Rank]}";
        }
    }

    /// <summary>Does what every rank can do by itself; if one of them fails, all end, and say which and why.</summary>
    public void Together(Action work)
    {
        string failure = "";
        int code = ExitCode.Done;
        try
        {
            work();
        }
        catch (Exception e) when (e is not StoppedException)
        {
            (code, failure) = CommandLine.Describe(e);
        }

        string[] failures = Agreement.Gather(Ranks, failure);
        Ranks.AllReduceMax(new Span<int>(ref code));
        int first = Array.FindIndex(failures, f => f.Length > 0);
        if (first >= 0)
        {
            string who = failures.Distinct().Count() == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"rank {first} on {_hosts[first]}: ");
            throw new StoppedException(who + failures[first], code);
        }
    }

    /// <summary>The same where there may be no ranks.</summary>
    public static void Together(RankedRun? run, Action work)
    {
        if (run is null)
        {
            work();
        }
        else
        {
            run.Together(work);
        }
    }

    /// <summary>Refuses to go on with ranks that have something else.</summary>
    /// <exception cref="StoppedException">One has; all ranks throw it.</exception>
    public void Require(params IReadOnlyList<(string What, string Value)> facts)
    {
        try
        {
            Agreement.Require(Ranks, facts);
        }
        catch (InputException e)
        {
            throw new StoppedException(e.Message, ExitCode.BadInput);
        }
    }

    /// <summary>Takes leave of the other ranks, which do the same; the rest is done by one process.</summary>
    public void Leave()
    {
        if (_hasLeft)
        {
            return;
        }

        _hasLeft = true;
        Ranks.Barrier();
        _watch?.Dispose();
        Ranks.Dispose();
    }

    /// <summary>The program and the processor, which must be the same, or replicas of one number would drift apart; and all options.</summary>
    public static IReadOnlyList<(string What, string Value)> Facts(ParseResult parsed, Option? except = null) =>
    [
        ("the version", string.Create(
            CultureInfo.InvariantCulture,
            $"{CommandLine.Version} ({Build(typeof(Trainer))}-{Build(typeof(RankedRun))}-{Build(typeof(Kernels.Gemm))})")),
        ("the processor's SIMD", Machine.Simd),
        .. parsed.CommandResult.Command.Options.Where(o => o != except).Select(o => (o.Name, Value(parsed, o))),
    ];

    public void Dispose()
    {
        _watch?.Dispose();
        Ranks.Dispose();
        _log?.Dispose();
    }

    private static string Value(ParseResult parsed, Option option) => parsed.GetResult(option) is not { Implicit: false } given ? ""
        : given.Tokens.Count == 0 ? "given" : string.Join(' ', given.Tokens.Select(t => t.Value));

    private static string Build(Type type) => type.Module.ModuleVersionId.ToString("N")[..6];

    /// <summary>Writes go on after those of the run that is resumed.</summary>
    private void OpenLog(string? folder)
    {
        if (folder is null)
        {
            Terminal = Ranks.Rank == 0 ? _console : _console with { Out = TextWriter.Null };
            return;
        }

        string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"rank-{Ranks.Rank}.log"));
        try
        {
            Directory.CreateDirectory(folder);
            _log = new StreamWriter(path, append: true) { AutoFlush = true };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be written ({e.Message.TrimEnd('.')}); choose another --out.", e);
        }

        Terminal = new Terminal(Ranks.Rank == 0 ? new TeeWriter(_console.Out, _log) : _log, _console.Error, _console.Width, IsLive: false);
    }

    /// <summary>mpirun ends the others like this when a rank is gone: they live a moment longer, to say which. A training saves and stops by
    /// itself.</summary>
    private void Wait(PosixSignalContext signal)
    {
        signal.Cancel = true;
        Thread.Sleep(Grace);
        if (!IsTraining)
        {
            Environment.Exit(ExitCode.Terminated);
        }
    }

    /// <summary>Ends this rank because another is gone. If that was rank 0, the first of the others speaks. It hurries: MPICH's mpirun kills all
    /// that are left within milliseconds.</summary>
    private void TellGone(int rank)
    {
        if (Ranks.Rank <= 1)
        {
            _console.Error.WriteLine(_farewells[rank]);
        }

        _log?.WriteLine(_farewells[rank]);
        Thread.Sleep(Grace); // so that the line gets out before mpirun notices
        Process.GetCurrentProcess().Kill();
    }

    /// <summary>Says what went wrong and where, then ends all ranks. What all of them meet is told by rank 0 alone: it ends the others before
    /// they speak.</summary>
    private void Fail(Exception e)
    {
        (int code, string message) = CommandLine.Describe(e);
        string line = string.Create(CultureInfo.InvariantCulture, $"hypersphere: rank {Ranks.Rank} on {Ranks.Host}: {message}");
        _log?.WriteLine(e is InputException or NonFiniteException ? line : $"{line}\n{e}");
        if (Ranks.Rank > 0)
        {
            Thread.Sleep(Grace);
        }

        _console.Error.WriteLine(line);
        _watch?.Dispose();
        Ranks.Abort(code);
    }
}
