using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Hypersphere.Reports.Tests;

public sealed class HtmlReportTests
{
    private static readonly string Quick = HtmlReport.Render(Demo.Quickstart());
    private static readonly string Faces = HtmlReport.Render(Demo.Faces());

    [Fact]
    public void Every_chart_is_there_with_title_and_description()
    {
        XElement[] charts = Html.Charts(Quick);
        Assert.Equal(3 + 2 + 2 + 2 + 2, charts.Length);
        foreach (XElement chart in charts)
        {
            Assert.NotEmpty(chart.Element("title")!.Value);
            Assert.NotEmpty(chart.Element("desc")!.Value);
            string[] labelled = chart.Attribute("aria-labelledby")!.Value.Split(' ');
            Assert.Equal([chart.Element("title")!.Attribute("id")!.Value, chart.Element("desc")!.Attribute("id")!.Value], labelled);
        }
    }

    [Fact]
    public void Ids_are_unique_and_links_lead_somewhere()
    {
        string[] ids = [.. Regex.Matches(Faces, " id=\"([^\"]*)\"").Select(m => m.Groups[1].Value)];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        foreach (Match link in Regex.Matches(Faces, "(?:href=\"|url\\()#([^\")]*)"))
        {
            Assert.Contains(link.Groups[1].Value, ids);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nothing_is_loaded_from_elsewhere(bool quick)
    {
        string page = quick ? Quick : Faces;
        Assert.DoesNotContain("http", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@import", page, StringComparison.OrdinalIgnoreCase);
        Assert.All(Regex.Matches(page, "src=\"([^\"]{0,5})"), m => Assert.Equal("data:", m.Groups[1].Value));
        Assert.All(Regex.Matches(page, "href=\"([^\"]{0,5})"), m =>
            Assert.True(m.Groups[1].Value.StartsWith('#') || m.Groups[1].Value == "data:"));
        Assert.All(Regex.Matches(page, "url\\((.)"), m => Assert.Equal("#", m.Groups[1].Value));
    }

    [Fact]
    public void Coordinates_are_finite_invariant_and_short()
    {
        foreach (XElement chart in Html.Charts(Quick).Concat(Html.Charts(Faces)))
        {
            string text = chart.ToString();
            Assert.DoesNotContain("NaN", text, StringComparison.Ordinal);
            Assert.DoesNotContain("∞", text, StringComparison.Ordinal);
            Assert.DoesNotMatch("d=\"[^\"]*[eE,]", text);
            Assert.DoesNotMatch(@"(x|y|x1|y1|cx|cy|width)=""-?\d*\.\d{3}", text);
        }
    }

    [Fact]
    public void Labels_have_no_floating_point_dust() => Assert.DoesNotMatch(@"\d\.\d{5}", Html.Words(Quick + Faces));

    [Fact]
    public void The_same_data_gives_the_same_bytes_in_any_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = new NumberFormatInfo { NumberDecimalSeparator = ",",
                NegativeSign = "~" } };
            Assert.Equal(Quick, HtmlReport.Render(Demo.Quickstart()));
            Assert.Equal(Faces, HtmlReport.Render(Demo.Faces()));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Hostile_names_stay_text()
    {
        const string Evil = "<script>alert('x')</script>\"&\u0001\ud800</svg>";
        ReportData data = Demo.Quickstart();
        ReportRun run = data.Runs[0] with
        {
            Name = Evil,
            Spec = Evil,
            Metrics = [new(Evil, 1), .. data.Runs[0].Metrics],
            Embedding = data.Runs[0].Embedding! with { Classes = [Evil, Evil, Evil] },
            HardestGenuine = [data.Runs[0].HardestGenuine[0] with { FirstLabel = Evil, SecondLabel = Evil, FirstName = Evil }],
            Missing = new Dictionary<ReportPart, string> { [ReportPart.Rates] = Evil },
            Rates = [],
        };
        string page = HtmlReport.Render(data with
        {
            Title = Evil, Data = Evil, Command = Evil, Runs = [run, data.Runs[1]], Environment = [new(Evil, Evil)],
                Margins = [Demo.Arc(Evil, 0.5)],
        });
        Assert.Equal(1, Regex.Count(page, "<script"));
        Assert.DoesNotContain("alert('x')", page, StringComparison.Ordinal);
        Assert.DoesNotContain('\u0001', page);
        Assert.Equal(Html.Charts(page).Length, Regex.Count(page, "class=\"chart\""));
        Assert.Contains("alert('x')", Html.Words(page), StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_data_says_what_is_missing_and_why()
    {
        string page = HtmlReport.Render(new ReportData { Title = "empty", Runs = [new ReportRun { Name = "nothing" }] });
        Assert.Empty(Html.Charts(page));
        Assert.Equal(8, Regex.Count(page, ": not available: [^<]{5,}"));
        Assert.Contains("No run to report", HtmlReport.Render(new ReportData { Title = "none", Runs = [] }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_may_say_why_itself() =>
        Assert.Contains("untrained network: not available: it has no trained weights.", Faces, StringComparison.Ordinal);

    [Fact]
    public void Values_that_are_not_numbers_leave_gaps_not_lies()
    {
        ReportData data = Demo.Quickstart();
        double nan = double.NaN;
        ReportRun broken = data.Runs[0] with
        {
            Metrics = [new("verification_accuracy", nan, nan), new("eer", double.PositiveInfinity)],
            Training = [new(1, nan, nan, nan, nan), new(2, 1, 3, 0.1, nan), new(3, 2, double.PositiveInfinity, nan, nan),
                new(4, 3, nan, 0.1, nan)],
            Angles = PairAngles.Count([float.NaN], [10f], nan, nan),
            Rates = [new(nan, nan), new(0, 1), new(0.5, nan), new(1, 0)],
            Embedding = new EmbeddingPlot { Dimension = 2, Points = [new(nan, 0, 0), new(0, 0, 0), new(1, 0, -1), new(0, 1, 5)],
                Prototypes = [new(nan, nan, 0)] },
        };
        string page = HtmlReport.Render(data with { Runs = [broken],
            Margins = [new MarginCurve("odd", [new(0, nan, nan), new(90, 0, double.NegativeInfinity)])] });
        Assert.All(Html.Charts(page), c => Assert.DoesNotContain("NaN", c.ToString(), StringComparison.Ordinal));
        Assert.Contains("Angle to the own prototype: not available: the loss has no prototypes.", page, StringComparison.Ordinal);
        Assert.Contains("Nothing was measured", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", Html.Words(page), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void One_sample_is_enough_to_draw(int value)
    {
        ReportRun run = new()
        {
            Name = "one",
            Training = [new(1, 1, value, value, value)],
            Angles = PairAngles.Count([value], [], value, value),
            Rates = [new(value, value), new(value, value)],
            Embedding = new EmbeddingPlot { Dimension = 3, Points = [new(value, value, 0)], Variance = (1, 0) },
        };
        string page = HtmlReport.Render(new ReportData { Title = "one", Runs = [run] });
        Assert.Equal(7, Html.Charts(page).Length);
        Assert.All(Html.Charts(page), c => Assert.DoesNotContain("NaN", c.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Many_points_do_not_make_a_large_file()
    {
        ReportData data = Demo.Quickstart();
        TrainingPoint[] training = [.. Enumerable.Range(0, 40_000).Select(i => new TrainingPoint(i, i / 1e4, 1 + Math.Sin(i), 0.1, 40))];
        RatePoint[] rates = [.. Enumerable.Range(0, 40_001).Select(i => new RatePoint(i / 4e4, 1 - (i / 4e4)))];
        EmbeddingPoint[] points = [.. Enumerable.Range(0, 20_000).Select(i => new EmbeddingPoint(Math.Cos(i), Math.Sin(i), i % 5000))];
        ReportRun run = data.Runs[0] with { Training = training, Rates = rates,
            Embedding = new EmbeddingPlot { Dimension = 64, Points = points } };
        Assert.InRange(HtmlReport.Render(data with { Runs = [run, run, run] }).Length, 100_000, 1_500_000);
    }

    [Fact]
    public void Every_number_of_the_table_has_a_definition()
    {
        foreach (ReportRun run in Demo.Quickstart().Runs)
        {
            foreach (Metric metric in run.Metrics)
            {
                Assert.Contains($"<a href=\"#def-{metric.Key}\">", Quick, StringComparison.Ordinal);
                Assert.Contains($"<div id=\"def-{metric.Key}\">", Quick, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_file_appears_whole_or_not_at_all()
    {
        string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        string path = Path.Combine(folder, "sub", "report.html");
        try
        {
            HtmlReport.Write(Demo.Quickstart(), path);
            Assert.Equal(Quick, File.ReadAllText(path));
            Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
            InputException e = Assert.Throws<InputException>(() => HtmlReport.Write(Demo.Quickstart(), Path.Combine(folder, "sub")));
            Assert.DoesNotContain('\n', e.Message);
            Assert.Empty(Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
