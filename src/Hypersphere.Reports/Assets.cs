namespace Hypersphere.Reports;

/// <summary>The style sheet and the script that travel inside every page.</summary>
internal static class Assets
{
    public static string Css { get; } = Read("report.css") + Palette.Css();

    public static string Script { get; } = Read("report.js");

    /// <summary>What the interactive page needs besides.</summary>
    public static string ExplorerCss { get; } = Read("explorer.css");

    public static string ExplorerScript { get; } = Read("explorer.js");

    private static string Read(string name)
    {
        using Stream stream = typeof(Assets).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
