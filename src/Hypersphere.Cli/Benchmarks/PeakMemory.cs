using System.Diagnostics;
using System.Globalization;

namespace Hypersphere.Cli.Benchmarks;

/// <summary>The largest resident memory of this process: since the last reset on Linux, since its start elsewhere.</summary>
internal static class PeakMemory
{
    public static void Reset()
    {
        const string ResetPeak = "5";
        try
        {
            if (OperatingSystem.IsLinux())
            {
                File.WriteAllText("/proc/self/clear_refs", ResetPeak);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // the peak since the start is still an upper bound
        }
    }

    public static long Read()
    {
        const string Peak = "VmHWM:";
        if (OperatingSystem.IsLinux() && File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith(Peak, StringComparison.Ordinal)) is { } line)
        {
            return long.Parse(line[Peak.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) * 1024;
        }

        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
