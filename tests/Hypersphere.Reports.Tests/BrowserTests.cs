using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
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

    [Theory]
    [InlineData(1280)]
    [InlineData(500)]
    public async Task The_interactive_page_is_drawn(int width) =>
        await Open(Explorer(), width, "shown=8 empty=0 outside= tips=4 wide=0 images=0");

    [Theory]
    [InlineData(1280, "shown=5 empty=0 outside= tips=3 wide=0 images=0")]
    [InlineData(500, "shown=5 empty=0 outside= tips=3 wide=0 images=0")]
    public async Task The_comparison_is_drawn(int width, string expected) => await Open(
        ComparisonPage.Render(ComparisonPageTests.Data(
            ComparisonPageTests.Loss("arcface", [0.81, 0.82, 0.83]), ComparisonPageTests.Loss("normalized-softmax", [0.7, 0.9, 0.99]))),
        width, expected);

    [Theory]
    [InlineData(1280)]
    [InlineData(500)]
    public async Task The_planes_are_drawn(int width) =>
        await Open(SimilarityPlanePage.Render([SimilarityPlaneTests.Ramp()]), width, "shown=2 empty=0 outside= tips=0 wide=0 images=0");

    /// <summary>The script draws at first what the page came with, and after a move what the page would have come with.</summary>
    [Fact]
    public async Task A_slider_moves_curves_and_boundaries()
    {
        const string Move = """
            <script>addEventListener('load', () => {
              const all = '#x-logit path, #x-factor path, #x-probability path, #x-pull path',
                  state = () => [...document.querySelectorAll(all)].filter(p => p.dataset.f).map(p => p.getAttribute('d')),
                  words = () => [...document.querySelectorAll('.gap, output, [data-psi]')].map(e => e.textContent).join(' ');
              const set = (slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input', { bubbles: true })); };
              const seen = { first: state(), firstWords: words() };
              set(document.querySelector('li[data-f="0"] [type=range]'), 8);
              seen.margin = state(); seen.marginWords = words();
              document.querySelector('li[data-f="1"] [type=checkbox]').click();
              seen.both = state();
              set(document.querySelector('[data-shared=scale] [type=range]'), 16);
              seen.scale = state(); seen.scaleWords = words();
              document.body.dataset.seen = JSON.stringify(seen);
            });</script>
            """;
        if (await Load(Explorer(), 1280, Move) is not { } dom)
        {
            return;
        }

        using var seen = JsonDocument.Parse(WebUtility.HtmlDecode(Regex.Match(dom, "data-seen=\"([^\"]*)\"").Groups[1].Value));
        string Words(string name) => seen.RootElement.GetProperty(name).GetString()!;
        Same(Paths(5, false), seen.RootElement.GetProperty("first"));
        Same(Paths(8, false), seen.RootElement.GetProperty("margin"));
        Same(Paths(8, true), seen.RootElement.GetProperty("both"));
        Assert.Contains("gap 28.6°", Words("firstWords"), StringComparison.Ordinal);
        Assert.Contains("gap 45.8°", Words("marginWords"), StringComparison.Ordinal);
        Assert.Contains("0.8\u00a0rad", Words("marginWords"), StringComparison.Ordinal);
        Assert.Contains("−64", Words("scaleWords"), StringComparison.Ordinal);
        string[] both = Strings(seen.RootElement.GetProperty("both")), scale = Strings(seen.RootElement.GetProperty("scale"));
        Assert.Equal(both[..6], scale[..6]); // ψ and its slope do not know the scale
        Assert.All(Enumerable.Range(6, 6), i => Assert.NotEqual(both[i], scale[i]));
    }

    private static string Explorer() => MarginExplorer.Render(Demo.Families, Demo.Circles);

    /// <summary>The paths of a page rendered with ArcFace at another step and CosFace on or off.</summary>
    private static string[] Paths(int step, bool both)
    {
        IReadOnlyList<MarginFamily> families = Demo.Families;
        string page = MarginExplorer.Render([families[0] with { Default = step }, families[1] with { Shown = both }], []);
        return [.. Html.Charts(page).SelectMany(c => c.Descendants("path")).Where(p => p.Attribute("data-f") is not null)
            .Select(p => p.Attribute("d")!.Value)];
    }

    private static string[] Strings(JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetString()!)];

    /// <summary>The script draws from rounded tables and never leaves out a point: each point of the page must lie on its line.</summary>
    private static void Same(string[] expected, JsonElement drawn)
    {
        string[] actual = Strings(drawn);
        Assert.Equal(expected.Length, actual.Length);
        foreach ((string e, string a) in expected.Zip(actual))
        {
            Assert.Equal(e.Length == 0, a.Length == 0);
            (double X, double Y)[] line = Points(a);
            Assert.All(Points(e).Where(p => p.Y is > 0 and < 300), p => // beyond the panel tables are cut off
                Assert.Contains(line, q => Math.Abs(p.X - q.X) < 0.011 && Math.Abs(p.Y - q.Y) < 0.5));
        }
    }

    private static (double X, double Y)[] Points(string path) => [.. Regex.Matches(path, "(-?[\\d.]+) (-?[\\d.]+)")
        .Select(m => (Number(m.Groups[1].Value), Number(m.Groups[2].Value)))];

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static async Task Open(string page, int width, string expected)
    {
        if (await Load(page, width, Check) is { } dom)
        {
            Match check = Regex.Match(dom, "data-check=\"([^\"]*)\"");
            Assert.True(check.Success, "the page did not load");
            Assert.Equal(expected, check.Groups[1].Value);
        }
    }

    /// <summary>The document after its load and a script of the test's own; null where there is no browser.</summary>
    private static async Task<string?> Load(string page, int width, string script)
    {
        if (Chromium() is not { } chromium)
        {
            return null;
        }

        DirectoryInfo folder = Directory.CreateTempSubdirectory("hypersphere-report");
        try
        {
            string file = Path.Combine(folder.FullName, "page.html");
            await File.WriteAllTextAsync(file, page.Replace("</body>", script + "</body>", StringComparison.Ordinal));
            (string dom, string log) = await Run(chromium, folder.FullName, file, width);
            Assert.DoesNotContain("CONSOLE", log, StringComparison.Ordinal);
            return dom;
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
