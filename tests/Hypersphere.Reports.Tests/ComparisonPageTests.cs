using System.Globalization;
using System.Xml.Linq;
using Hypersphere.Reports.Charts;

namespace Hypersphere.Reports.Tests;

public sealed class ComparisonPageTests
{
    [Fact]
    public void Mean_and_standard_deviation_are_those_over_the_seeds()
    {
        ComparedLoss loss = Loss("a", [0.80, 0.83, 0.86]);
        Assert.Equal((0.83, 0.03), (Math.Round(loss.Mean("precision_at_1")!.Value, 12), Math.Round(loss.Mean("precision_at_1")!.Spread!.Value, 12)));
        Assert.Null(Loss("a", [0.8]).Mean("precision_at_1")!.Spread);
        Assert.Null(loss.Mean("eer"));
    }

    [Theory]
    [InlineData(0.10, "a")] // 10 points apart, spread √(0.01² + 0.01²) = 1.4 points
    [InlineData(0.015, "a")]
    [InlineData(0.013, null)]
    [InlineData(0, null)]
    [InlineData(-0.10, "b")]
    public void The_best_is_marked_only_beyond_the_spread(double gap, string? best)
    {
        ComparisonData data = Data(Loss("a", [0.69 + gap, 0.70 + gap, 0.71 + gap]), Loss("b", [0.69, 0.70, 0.71]));
        Assert.Equal(best, data.Best("precision_at_1")?.Name);
        string page = ComparisonPage.Render(data);
        Assert.Equal(best is null ? 0 : 1, page.Split("class=\"n best\"").Length - 1);
        Assert.Contains(best is null ? "cannot be told from it" : "points better than", Html.Words(page), StringComparison.Ordinal);
    }

    [Fact]
    public void One_seed_or_one_loss_marks_nothing()
    {
        Assert.Null(Data(Loss("a", [0.9]), Loss("b", [0.1])).Best("precision_at_1"));
        Assert.Null(Data(Loss("a", [0.9, 0.91])).Best("precision_at_1"));
        Assert.Contains("One seed does not tell", ComparisonPage.Render(Data(Loss("a", [0.9]), Loss("b", [0.1]))), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_seed_is_a_point_and_no_script_is_needed()
    {
        string page = ComparisonPage.Render(Data(Loss("a", [0.8, 0.81, 0.82]), Loss("<b>", [0.7, 0.72])));
        XElement chart = Html.Charts(page).Single(c => c.Element("desc")!.Value.StartsWith("Point chart of precision@1", StringComparison.Ordinal));
        Assert.Equal(5, chart.Descendants("circle").Count());
        Assert.Contains("a: 81.0\u00a0±\u00a01.0\u00a0%", chart.Element("desc")!.Value, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page.Split("<script>")[0].Replace("<b>a", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_band_is_the_mean_and_deviation_of_the_steps_that_all_seeds_have()
    {
        ComparedLoss loss = new("a", "a", [.. new[] { 1.0, 3.0 }.Select((height, i) => new ComparedRun(
            (ulong)i, "", [], [.. Enumerable.Range(1, i == 0 ? 4 : 3).Select(s => new TrainingPoint(10 * s, 0, height * s, 0, double.NaN))]))]);
        Band band = Band.Over(loss, 1, p => p.Loss);
        Assert.Equal([(10, 2, Math.Sqrt(2)), (20, 4, Math.Sqrt(8)), (30, 6, Math.Sqrt(18))], band.Points);
        Assert.Empty(Band.Over(loss, 1, p => p.OwnAngle).Points);
        ComparedLoss longer = new("a", "a", [new ComparedRun(0, "", [], [.. Enumerable.Range(1, 1000).Select(s => new TrainingPoint(s, 0, s, 0, 0))])]);
        Assert.InRange(Band.Over(longer, 1, p => p.Loss).Points.Count, 75, 150);
        Assert.All(Band.Over(longer, 1, p => p.Loss).Points, p => Assert.Equal(p.Step, p.Mean, 9));
    }

    [Fact]
    public void The_lead_groups_what_each_loss_is_best_in()
    {
        ComparedLoss Both(string name, double height) => new(name, name, [.. Enumerable.Range(0, 2).Select(seed => new ComparedRun(
            (ulong)seed, "", [new("precision_at_1", height + (0.001 * seed)), new("map_at_r", height + (0.001 * seed))], []))]);
        Assert.Contains("best a in precision@1, MAP@R.", ComparisonPage.Render(Data(Both("a", 0.9), Both("b", 0.8))), StringComparison.Ordinal);
    }

    internal static ComparisonData Data(params ComparedLoss[] losses) => new() { Title = "test", Losses = losses, Command = "hypersphere compare" };

    internal static ComparedLoss Loss(string name, double[] precision) => new(name, name, [.. precision.Select((value, seed) => new ComparedRun(
        (ulong)seed, $"1-{name}/seed-{seed.ToString(CultureInfo.InvariantCulture)}",
        [new Metric("precision_at_1", value), new Metric("angle_to_prototype_deg", 30)],
        [.. Enumerable.Range(1, 20).Select(s => new TrainingPoint(20 * s, s / 5.0, (3 + (0.1 * seed)) / s, 0.1, 20 + (60.0 / s) + seed))]))]);
}
