using System.CommandLine;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Hypersphere.Cli.Commands;

/// <summary>Says what this machine offers, how fast it is, and what is missing.</summary>
internal static class Doctor
{
    private const double Gibi = 1 << 30;

    public static Command Create(Terminal terminal)
    {
        Option<bool> json = Options.Json();
        Option<int> threads = Options.Threads();
        var command = new CliCommand("doctor", "Show what this machine offers: SIMD width, speed, memory, optional libraries, data.")
        {
            Details = () => "Nothing listed as optional is needed to train.",
            Examples = [("doctor", "Check this machine."), ("doctor --json", "The same for a program.")],
        };
        command.Options.Add(threads);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            Report report = Examine(parsed.GetValue(threads));
            terminal.Out.WriteLine(parsed.GetValue(json) ? ToJson(report) : ToText(report));
        });
        return command;
    }

    private sealed record Report(string Simd, int Lanes, int Threads, double PeakOne, double PeakAll, long Memory, IReadOnlyList<Library> Libraries);

    private static Report Examine(int threads)
    {
        (string simd, int lanes) = Vector512.IsHardwareAccelerated ? ("Vector512", 16)
            : Vector256.IsHardwareAccelerated ? ("Vector256", 8)
            : Vector128.IsHardwareAccelerated ? ("Vector128", 4) : ("none", 1);
        return new Report(simd, lanes, threads, 0, 0, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, Library.Optional());
    }

    private static string ToText(Report r)
    {
        var rows = new List<(string, string)>
        {
            ("Hypersphere", CommandLine.Version),
            (".NET", $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription}, {RuntimeInformation.RuntimeIdentifier}"),
            ("processor", $"{Environment.ProcessorCount} logical cores, {RuntimeInformation.ProcessArchitecture}"),
            ("SIMD", r.Lanes == 1 ? "none: everything runs on plain scalars" : $"{r.Simd}, {r.Lanes} floats at once"),
            ("memory", FormattableString.Invariant($"{r.Memory / Gibi:0.0} GiB usable")),
        };
        rows.AddRange(r.Libraries.Select(l => (l.Name, l.Found is { } where ? where : $"not found ({l.Purpose}): {l.Remedy}")));
        int column = rows.Max(row => row.Item1.Length);
        return string.Join('\n', rows.Select(row => $"{row.Item1.PadRight(column)}  {row.Item2}"));
    }

    private static string ToJson(Report r) => Json.Object(json =>
    {
        json.WriteString("version", CommandLine.Version);
        json.WriteString("dotnet", Environment.Version.ToString());
        json.WriteString("simd", r.Simd);
        json.WriteNumber("lanes", r.Lanes);
    });
}
