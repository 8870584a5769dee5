using System.Text;
using Hypersphere.Formats;
using Hypersphere.Reports.Sections;

namespace Hypersphere.Reports;

/// <summary>Writes one self-contained report.html: no network, no other file, readable without script.</summary>
public static class HtmlReport
{
    /// <summary>Renders the page.</summary>
    /// <param name="data">What to show; parts that are empty are said to be not available, and why.</param>
    /// <returns>The whole HTML document; the same data gives the same text.</returns>
    public static string Render(ReportData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var page = new Page(data);
        HeadSection.Write(page);
        TrainingSection.Write(page);
        MarginSection.Write(page);
        AngleSection.Write(page);
        RateSection.Write(page);
        EmbeddingSection.Write(page);
        PairSection.Write(page);
        ReproduceSection.Write(page);
        return Wrap(data.Title, page.ToString());
    }

    /// <summary>Renders the page into a file, which appears whole or not at all.</summary>
    /// <param name="data">What to show.</param>
    /// <param name="path">Where; its folder is made when missing.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(ReportData data, string path) => Save(path, Render(data));

    internal static void Save(string path, string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: its folder cannot be made: {e.Message.TrimEnd('.')}. Choose one that can be written.", e);
        }

        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }

    internal static string Wrap(string title, string body, string css = "", string script = "")
    {
        var html = new StringBuilder("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        html.Append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n");
        html.Append("<meta name=\"color-scheme\" content=\"light dark\">\n");
        html.Append("<link rel=\"icon\" href=\"data:,\">\n");
        html.Append("<title>").Append(Text.Escape(title)).Append(" · Hypersphere</title>\n<style>").Append(Assets.Css).Append(css)
            .Append("</style>\n</head>\n<body>\n");
        html.Append(body).Append("<footer>Made by Hypersphere. This file needs no network and no other file.</footer>\n");
        return html.Append("<script>").Append(Assets.Script).Append(script).Append("</script>\n</body>\n</html>\n").ToString();
    }
}
