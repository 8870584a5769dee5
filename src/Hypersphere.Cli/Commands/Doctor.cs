using System.CommandLine;
using System.Runtime.InteropServices;
using Hypersphere.Kernels.Diagnostics;

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
            int count = parsed.GetValue(threads);
            var report = new Report(
                count, FmaPeak.Measure(1), FmaPeak.Measure(count), TilePeak.Measure(1), TilePeak.Measure(count), GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, Library.Optional());
            terminal.Out.WriteLine(parsed.GetValue(json) ? ToJson(report) : ToText(report));
        });
        return command;
    }

    /// <param name="Threads">How many compute together.</param>
    /// <param name="PeakOne">Multiply-adds on one thread, GF/s.</param>
    /// <param name="PeakAll">On all of them.</param>
    /// <param name="TileOne">Products from the nearest cache on one thread, GF/s.</param>
    /// <param name="TileAll">On all of them.</param>
    /// <param name="Memory">Bytes that the process may use.</param>
    /// <param name="Libraries">What is optional.</param>
    private sealed record Report(int Threads, double PeakOne, double PeakAll, double TileOne, double TileAll, long Memory, IReadOnlyList<Library> Libraries);

    private static string ToText(Report r)
    {
        string lanes = Machine.Lanes == 1 ? "" : $", {Machine.Lanes} floats at once";
        (string Name, string Text)[] rows =
        [
            ("Hypersphere", CommandLine.Version),
            ("runtime", $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription}, {RuntimeInformation.RuntimeIdentifier}"),
            ("processor", $"{Environment.ProcessorCount} logical cores, {Machine.Simd}{lanes}"),
            ("speed", FormattableString.Invariant(
                $"{r.PeakOne:0} GFLOP/s of multiply-adds on one thread, {r.PeakAll:0} on {r.Threads}: what the kernels can reach at most")),
            ("products", FormattableString.Invariant(
                $"{r.TileOne:0} GFLOP/s on one thread, {r.TileAll:0} on {r.Threads}, from the nearest cache: what is left with loads beside them, just now")),
            ("memory", FormattableString.Invariant($"{r.Memory / Gibi:0.0} GiB usable")),
            .. r.Libraries.Select(l => (l.Name, l.Found ?? $"not found, optional ({l.Purpose}). To get it: {l.Remedy}")),
        ];
        int column = rows.Max(row => row.Name.Length);
        return string.Join('\n', rows.Select(row => $"{row.Name.PadRight(column)}  {row.Text}"));
    }

    private static string ToJson(Report r) => Json.Object(json =>
    {
        json.WriteString("version", CommandLine.Version);
        json.WriteString("runtime", RuntimeInformation.FrameworkDescription);
        json.WriteString("system", RuntimeInformation.OSDescription);
        json.WriteString("architecture", RuntimeInformation.RuntimeIdentifier);
        json.WriteNumber("cores", Environment.ProcessorCount);
        json.WriteString("simd", Machine.Simd);
        json.WriteNumber("simd_lanes", Machine.Lanes);
        json.WriteNumber("threads", r.Threads);
        json.WriteNumber("fma_peak_gflops_one_thread", Math.Round(r.PeakOne, 1));
        json.WriteNumber("fma_peak_gflops", Math.Round(r.PeakAll, 1));
        json.WriteNumber("tile_gflops_one_thread", Math.Round(r.TileOne, 1));
        json.WriteNumber("tile_gflops", Math.Round(r.TileAll, 1));
        json.WriteNumber("memory_bytes", r.Memory);
        json.WriteStartArray("optional");
        foreach (Library library in r.Libraries)
        {
            json.WriteStartObject();
            json.WriteString("name", library.Name);
            json.WriteString("purpose", library.Purpose);
            json.WriteString("found", library.Found);
            json.WriteString("remedy", library.Remedy);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
