namespace Hypersphere.Reports.Tests;

public sealed class MeasureChartTests
{
    [Fact]
    public void Curves_are_labelled_with_what_they_end_at()
    {
        string svg = MeasureChart.RenderSvg(
            [new("all", [(1, 0.2), (2, 0.8)]), new("a <tenth>", [(1, 0.1), (2, double.NaN)])], "As well with a tenth", "epoch", "TAR", percent: true);
        Assert.StartsWith("<?xml", svg, StringComparison.Ordinal);
        Assert.Contains(">all</text>", svg, StringComparison.Ordinal);
        Assert.Contains("80.0\u00a0%", svg, StringComparison.Ordinal);
        Assert.Contains("a &lt;tenth&gt;", svg, StringComparison.Ordinal);
        Assert.Contains("<title id=\"measure-t\">As well with a tenth</title>", svg, StringComparison.Ordinal);
        System.Xml.Linq.XDocument.Parse(svg);
    }

    [Fact]
    public void A_single_point_and_none_are_drawn() => Assert.All(
        (MeasureCurve[])[new("one", [(5, 3)]), new("none", [])],
        curve => System.Xml.Linq.XDocument.Parse(MeasureChart.RenderSvg([curve], "t", "step", "loss")));
}
