using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Hypersphere.Reports.Tests;

/// <summary>Opens the pages in headless Chromium, where one is installed.</summary>
public sealed class BrowserTests
{
    /// <summary>Asks every chart for its box, and moves a pointer over every panel, which must show values.</summary>
    private const string Check = """
        <script>addEventListener('load', () => {
          let shown = 0, empty = 0, outside = [], tips = 0,
              wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
          for (const svg of document.querySelectorAll('svg.chart')) {
            if (!svg.getClientRects().length) continue;
            shown++;
            const box = svg.getBoundingClientRect();
            if (!(box.width > 100 && box.height > 100 && svg.getBBox().width > 100)) empty++;
            for (const t of svg.querySelectorAll('text')) {
              const b = t.getBoundingClientRect();
              if (b.left < box.left - 3 || b.right > box.right + 3 || b.top < box.top - 3
                  || b.bottom > box.bottom + 3) outside.push(t.textContent);
            }
            for (const hit of svg.querySelectorAll('.hit')) {
              const h = hit.getBoundingClientRect();
              hit.dispatchEvent(new PointerEvent('pointermove',
                  { clientX: h.left + h.width / 3, clientY: h.top + h.height / 2, bubbles: true }));
              const tip = document.querySelector('.tip');
              if (!tip.hidden && tip.children.length > 1 && !/NaN|Infinity|undefined/.test(tip.textContent)) tips++;
            }
          }
          const images = [...document.images].filter(i => !(i.naturalWidth > 0)).length;
          document.body.setAttribute('data-check',
              `shown=${shown} empty=${empty} outside=${outside.join('|')} tips=${tips} wide=${wide} images=${images}`);
        });</script>
        """;

    [Theory]
    [InlineData(64, 1280, "shown=10 empty=0 outside= tips=7 wide=0 images=0")]
    [InlineData(2, 1280, "shown=10 empty=0 outside= tips=7 wide=0 images=0")]
    [InlineData(64, 500, "shown=10 empty=0 outside= tips=7 wide=0 images=0")]
    public async Task Every_chart_is_drawn_and_no_script_fails(int dimension, int width, string expected) =>
        await Open(HtmlReport.Render(Demo.Quickstart(dimension)), width, expected);

    [Fact]
    public async Task The_margin_page_is_drawn() =>
        await Open(MarginCurvePage.RenderHtml(Demo.Losses()), 1280, "shown=1 empty=0 outside= tips=2 wide=0 images=0");

    private static async Task Open(string page, int width, string expected)
    {
        if (Chromium() is not { } chromium)
        {
            return;
        }

        DirectoryInfo folder = Directory.CreateTempSubdirectory("hypersphere-report");
        try
        {
            string file = Path.Combine(folder.FullName, "page.html");
            await File.WriteAllTextAsync(file, page.Replace("</body>", Check + "</body>", StringComparison.Ordinal));
            (string dom, string log) = await Run(chromium, folder.FullName, file, width);
            Assert.DoesNotContain("CONSOLE", log, StringComparison.Ordinal);
            Match check = Regex.Match(dom, "data-check=\"([^\"]*)\"");
            Assert.True(check.Success, $"the page did not load: {log}");
            Assert.Equal(expected, check.Groups[1].Value);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(string Dom, string Log)> Run(string chromium, string folder, string file, int width)
    {
        string[] options =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update",
            "--disable-sync", "--disable-dev-shm-usage", $"--user-data-dir={folder}/profile", $"--window-size={width},900",
                "--enable-logging=stderr", "--dump-dom", $"file://{file}",
        ];
        var start = new ProcessStartInfo(chromium, options) { RedirectStandardOutput = true, RedirectStandardError = true,
            UseShellExecute = false };
        using Process process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            Task<string> dom = process.StandardOutput.ReadToEndAsync(limit.Token);
            Task<string> log = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (await dom, await log);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync();
            }
        }
    }

    private static string? Chromium() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(p => p.Length > 0)
            .Select(p => Path.Combine(p, "chromium")).FirstOrDefault(File.Exists);
}
