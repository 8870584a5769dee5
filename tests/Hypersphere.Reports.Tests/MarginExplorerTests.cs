using System.Buffers.Binary;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Hypersphere.Reports.Charts;

namespace Hypersphere.Reports.Tests;

public sealed class MarginExplorerTests
{
    private static readonly string _page = MarginExplorer.Render(Demo.Families, Demo.Circles);

    [Fact]
    public void The_page_without_script_shows_the_families_that_are_on_and_softmax()
    {
        foreach (XElement chart in Html.Charts(_page)[..4])
        {
            IEnumerable<string> names = chart.Descendants("path").Select(p => p.Attribute("data-n")?.Value).OfType<string>();
            Assert.Equal(["arcface", "softmax"], names.Order());
            Assert.Equal("", Path(chart, "1").Attribute("d")!.Value);
            Assert.Contains("arcface, margin 0.5\u00a0rad:", chart.Element("desc")!.Value, StringComparison.Ordinal);
        }

        Assert.Equal(8, Html.Charts(_page).Length);
        Assert.DoesNotContain("http", _page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_tables_hold_what_was_computed()
    {
        using var json = JsonDocument.Parse(Regex.Match(_page, "id=\"tables\">(.*?)</script>", RegexOptions.Singleline).Groups[1].Value);
        JsonElement[] families = [.. json.RootElement.GetProperty("families").EnumerateArray()];
        IReadOnlyList<MarginFamily> given = Demo.Families;
        Assert.Equal(given.Count, families.Length);
        for (int f = 0; f < families.Length; f++)
        {
            MarginPoint[] points = [.. given[f].Steps.SelectMany(s => s.Points)];
            byte[] psi = families[f].GetProperty("psi").GetBytesFromBase64(), slope = families[f].GetProperty("slope").GetBytesFromBase64();
            Assert.Equal((2 * points.Length, 2 * points.Length), (psi.Length, slope.Length));
            for (int i = 0; i < points.Length; i++)
            {
                double value = BinaryPrimitives.ReadInt16LittleEndian(psi.AsSpan(2 * i)) / families[f].GetProperty("psiSteps").GetDouble();
                Assert.Equal(points[i].Psi, value, 4e-5);
                short units = BinaryPrimitives.ReadInt16LittleEndian(slope.AsSpan(2 * i));
                Assert.Equal(Math.Clamp(points[i].Slope, -131.068, 131.068), units == short.MinValue ? double.NaN : units / 250.0, 2.1e-3);
            }

            Assert.Equal(given[f].Steps.Count, families[f].GetProperty("labels").GetArrayLength());
        }
    }

    [Theory]
    [InlineData(0.5, 90, 45 - (0.25 * 180 / Math.PI))]
    [InlineData(0.5, 150, 75 - (0.25 * 180 / Math.PI))]
    [InlineData(0, 60, 30)]
    [InlineData(1.5, 60, 0)]
    public void An_angular_margin_leaves_a_gap_of_its_own_size(double margin, double between, double reach) =>
        Assert.Equal(reach, BoundaryFigure.Reach(Demo.Arc("arcface", margin).Points, between).Towards, 0.01);

    [Fact]
    public void A_cosine_margin_leaves_what_its_inequality_says()
    {
        // cos t − m > cos(90° − t) up to √2·cos(t + 45°) = m
        double expected = (Math.Acos(0.35 / Math.Sqrt(2)) * 180 / Math.PI) - 45;
        Assert.Equal(expected, BoundaryFigure.Reach(Demo.Cos(0.35).Points, 90).Towards, 0.01);
        (double towards, double away) = BoundaryFigure.Reach(MarginCurve.Softmax.Points, 90);
        Assert.Equal((45, 135), (Math.Round(towards, 3), Math.Round(away, 3)));
    }

    [Fact]
    public void Probability_and_pull_are_those_of_a_softmax_with_all_others_at_90_degrees()
    {
        MarginState state = new(Scale: 10, Classes: 100, PrototypeDegrees: 90);
        Assert.Equal(0.01, state.Probability(0), 12);
        double own = Math.Exp(5), all = own + 99;
        Assert.Equal(own / all, state.Probability(0.5), 12);
        Assert.Equal(3 * (1 - (own / all)), state.Pull(new MarginPoint(0, 0.5, 3)), 12);
    }

    [Fact]
    public void Wrong_input_is_refused()
    {
        Assert.Throws<InputException>(() => MarginExplorer.Render([], []));
        MarginFamily coarse = new("x", "m", "", [new MarginStep(0, MarginCurve.Sample("x", t => (0, 0), steps: 10).Points)], 0);
        Assert.Throws<InputException>(() => MarginExplorer.Render([Demo.Families[0], coarse], []));
        Assert.Throws<InputException>(() => MarginExplorer.Write(Demo.Families, [], "margins.svg"));
    }

    private static XElement Path(XElement chart, string family) =>
        chart.Descendants("path").Single(p => p.Attribute("data-f")?.Value == family);
}
