using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Hypersphere.Reports.Tests;

public sealed class MarginCurvePageTests
{
    private static readonly XNamespace Space = "http://www.w3.org/2000/svg";

    [Fact]
    public void The_svg_is_a_file_of_its_own()
    {
        XElement svg = XDocument.Parse(MarginCurvePage.RenderSvg(Demo.Losses())).Root!;
        Assert.Equal(Space + "svg", svg.Name);
        Assert.NotEmpty(svg.Element(Space + "title")!.Value);
        Assert.Contains("arcface(margin=0.5, scale=64): 0.88 at 0°, 0.28 at 45°, −0.48 at 90°, −1.24 at 180°",
            svg.Element(Space + "desc")!.Value, StringComparison.Ordinal);
        Assert.DoesNotContain("http", svg.ToString().Replace(Space.NamespaceName, "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Softmax_is_always_drawn_and_only_once()
    {
        Assert.Equal(2, Named(MarginCurvePage.RenderSvg([Demo.Arc("arcface", 0.5)]), "softmax"));
        Assert.Equal(2, Named(MarginCurvePage.RenderSvg([Demo.Arc("normface", 0)]), "normface"));
        Assert.Equal(0, Named(MarginCurvePage.RenderSvg([Demo.Arc("normface", 0)]), "softmax"));
        Assert.Equal(2, Named(MarginCurvePage.RenderSvg([]), "softmax"));
    }

    [Fact]
    public void The_heading_says_what_the_margin_does()
    {
        Assert.Contains("arcface scores a sample 45° from its prototype as if it stood at 74°",
            MarginCurvePage.RenderHtml([Demo.Arc("arcface(m)", 0.5)]), StringComparison.Ordinal);
        Assert.Contains("<h1>mine &lt;b&gt;</h1>", MarginCurvePage.RenderHtml([Demo.Arc("arcface(m)", 0.5)], "mine <b>"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_that_changes_other_classes_gets_a_third_panel_with_softmax_in_it()
    {
        Assert.DoesNotContain("another class", MarginCurvePage.RenderSvg(Demo.Losses()), StringComparison.Ordinal);
        MarginCurve hard = Demo.Arc("hard(t=0.5)", 0.5) with
        {
            OwnDegrees = 45, Negatives = MarginCurve.Sample("", t => (Math.Cos(t) * (0.5 + Math.Cos(t)), 1)).Points,
        };
        XElement svg = XDocument.Parse(MarginCurvePage.RenderSvg([hard, Demo.Cos(0.35)])).Root!;
        Assert.Equal(3, Named(svg.ToString(), "hard"));
        Assert.Equal(3, Named(svg.ToString(), "softmax"));
        Assert.Contains("another class’s logit ÷ scale, own angle 45°", svg.ToString(), StringComparison.Ordinal);
        Assert.Contains("hard(t=0.5): another class at its angle counts as 1.50 at 0°", svg.Element(Space + "desc")!.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(14)]
    public void Labels_do_not_overlap_however_many_curves(int count)
    {
        XElement svg = XDocument.Parse(MarginCurvePage.RenderSvg([.. Enumerable.Range(1, count)
            .Select(i => Demo.Arc($"arcface(margin={i})", 0.02 * i))])).Root!;
        double[] rows = [.. svg.Elements(Space + "text").Where(t => t.Value is "arcface" or "softmax")
            .Select(t => (double)t.Attribute("y")!).Order()];
        Assert.Equal(count + 1, rows.Length);
        Assert.All(rows.Zip(rows.Skip(1)), pair => Assert.True(pair.Second - pair.First > 30));
    }

    [Fact]
    public void Writes_by_the_ending_of_the_path()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            MarginCurvePage.Write(Demo.EasyHard(), Path.Combine(folder, "a.svg"));
            MarginCurvePage.Write(Demo.EasyHard(), Path.Combine(folder, "a.HTML"));
            Assert.StartsWith("<?xml", File.ReadAllText(Path.Combine(folder, "a.svg")), StringComparison.Ordinal);
            Assert.StartsWith("<!doctype html>", File.ReadAllText(Path.Combine(folder, "a.HTML")), StringComparison.Ordinal);
            Assert.Contains(".svg or .html",
                Assert.Throws<InputException>(() => MarginCurvePage.Write([], Path.Combine(folder, "a.png"))).Message,
                StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int Named(string svg, string name) => Regex.Count(svg, $"data-n=\"{name}\"");
}
