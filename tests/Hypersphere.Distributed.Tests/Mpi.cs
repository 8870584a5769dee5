using System.Diagnostics;

namespace Hypersphere.Distributed.Tests;

/// <summary>What a job said and how it ended.</summary>
internal sealed record Outcome(int Code, string Text, TimeSpan Time);

/// <summary>Starts jobs with the mpirun programs of this machine.</summary>
internal static class Mpi
{
    public static IReadOnlyList<string> Launchers { get; } =
        Find("mpirun.openmpi", "mpirun.mpich") is { Count: > 0 } named ? named : Find("mpirun");

    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "Hypersphere.Cli");

    public static string Checks { get; } = Path.Combine(AppContext.BaseDirectory, "Hypersphere.Ranks");

    public static string Root { get; } = FindRoot();

    /// <summary>Runs some ranks of one program.</summary>
    public static Outcome Run(string launcher, int ranks, params string[] command) => Run(launcher, ["-np", $"{ranks}", .. command]);

    public static Outcome Run(string program, string[] arguments)
    {
        var clock = Stopwatch.StartNew();
        using Process process = Start(program, arguments);
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(process.ExitCode, output + error.Result, clock.Elapsed);
    }

    private static Process Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
            Environment =
            {
                ["OMPI_ALLOW_RUN_AS_ROOT"] = "1", ["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1", ["OMPI_MCA_rmaps_base_oversubscribe"] = "1",
                ["HYPERSPHERE_PROGRAM"] = Program, ["HYPERSPHERE_CHECKS"] = Checks,
            },
        };
        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    private static IReadOnlyList<string> Find(params string[] names) =>
        [.. names.Where(n => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, n))))];

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Hypersphere.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("the tests must run inside the repository");
    }
}

/// <summary>A test with every mpirun that is here; skipped where there is none.</summary>
internal sealed class MpiTheoryAttribute : TheoryAttribute
{
    public MpiTheoryAttribute() => Skip = Mpi.Launchers.Count == 0 ? $"needs an MPI: {MpiLibrary.Remedy}" : null;
}
