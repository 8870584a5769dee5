using System.Globalization;
using System.Text;
using Hypersphere.Formats;

namespace Hypersphere.Cli.Running;

/// <summary>What the protocols' tables have in common.</summary>
internal static class ProtocolOutput
{
    public static string Percent(double? share) => share is { } s ? string.Create(CultureInfo.InvariantCulture, $"{100 * s:0.00} %") : "–";

    /// <summary>Shows a table for people, or the numbers alone; and writes the numbers to a file, if there is one.</summary>
    /// <param name="terminal">Where to show it.</param>
    /// <param name="lines">The table.</param>
    /// <param name="json">The numbers.</param>
    /// <param name="file">A file; “-” prints the numbers instead of the table; null for none.</param>
    public static void Show(Terminal terminal, IEnumerable<string> lines, string json, string? file)
    {
        if (file == "-")
        {
            terminal.Out.WriteLine(json);
            return;
        }

        foreach (string line in lines)
        {
            terminal.Out.WriteLine(line);
        }

        if (file is not null)
        {
            AtomicFile.Write(file, stream => stream.Write(Encoding.UTF8.GetBytes(json + "\n")));
            terminal.Out.WriteLine($"numbers {file}");
        }
    }
}
