using System.Diagnostics;
using Hypersphere.Cli;

namespace Commands;

/// <summary>What a command said and how it ended.</summary>
internal sealed record Outcome(int Code, string Out, string Error);

/// <summary>Runs the command line inside the test, or as the process that people start.</summary>
internal static class Cli
{
    public static string Root { get; } = FindRoot();

    private static string Output => AppContext.BaseDirectory;

    public static Outcome Run(params string[] arguments) => RunAt(80, arguments);

    public static Outcome RunAt(int width, params string[] arguments)
    {
        using StringWriter written = new() { NewLine = "\n" }, errors = new() { NewLine = "\n" };
        int code = CommandLine.Run(arguments, new Terminal(written, errors, width, IsLive: false));
        return new Outcome(code, written.ToString(), errors.ToString());
    }

    public static Outcome Start(params string[] arguments) =>
        Process("dotnet", null, [Path.Combine(Output, "Hypersphere.Cli.dll"), .. arguments]);

    public static Outcome Process(string program, IReadOnlyDictionary<string, string?>? environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        using Process process = System.Diagnostics.Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Outcome(process.ExitCode, output, error.Result);
    }

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
