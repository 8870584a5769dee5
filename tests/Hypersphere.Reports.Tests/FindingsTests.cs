using Hypersphere.Reports.Sections;

namespace Hypersphere.Reports.Tests;

public sealed class FindingsTests
{
    [Theory]
    [InlineData(0.918, 0.917, "a reaches 91.8 ± 0.9 % verification accuracy, no different from b (91.7 ± 0.9 %)")]
    [InlineData(0.950, 0.917, "a reaches 95.0 ± 0.9 % verification accuracy, 3.3 points above b (91.7 ± 0.9 %)")]
    [InlineData(0.850, 0.917, "a reaches 85.0 ± 0.9 % verification accuracy, 6.7 points below b (91.7 ± 0.9 %)")]
    public void Headline_claims_only_differences_beyond_the_spread(double a, double b, string expected) =>
        Assert.Equal(expected, Plain(Findings.Headline(Two(a, b, 0.009))));

    [Fact]
    public void One_run_is_held_against_guessing()
    {
        ReportData data = Two(0.9, 0.8, null);
        Assert.Equal("a reaches 90.0 % verification accuracy; guessing gives 50.0 %",
            Plain(Findings.Headline(data with { Runs = [data.Runs[0]] })));
    }

    [Fact]
    public void A_difference_without_spread_is_said_to_be_unjudged() =>
        Assert.Contains("Neither states its spread", Findings.Second(Two(0.9, 0.8, null)), StringComparison.Ordinal);

    [Fact]
    public void The_sentence_names_the_metric_that_differs_most() =>
        Assert.Equal(
            "The difference of 0.1 points lies within the spread of 1.3 points. Most different: angle to own prototype, 25.2° against 33.8° with softmax.",
            Plain(Findings.Second(Demo.Quickstart())));

    [Fact]
    public void Differences_that_a_few_pairs_decide_are_not_put_forward()
    {
        ReportData data = Two(0.9, 0.9, 0.01);
        ReportRun a = data.Runs[0] with { Metrics = [.. data.Runs[0].Metrics, new("tar_at_far_1e-3", 0.1), new("samples_per_second", 10)] };
        ReportRun b = data.Runs[1] with { Metrics = [.. data.Runs[1].Metrics, new("tar_at_far_1e-3", 0.5), new("samples_per_second", 90)] };
        Assert.DoesNotContain("Most different", Findings.Second(data with { Runs = [a, b] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Best_includes_all_within_the_spread_of_the_best()
    {
        MetricDefinition up = MetricDefinition.Standard.First(d => d.Key == "verification_accuracy");
        Metric[] all = [new("k", 0.90, 0.01), new("k", 0.89, 0.01), new("k", 0.80, 0.01), new("k", double.NaN)];
        Assert.Equal([true, true, false, false], all.Select(m => Comparison.IsBest(up, m, all)));
        MetricDefinition down = MetricDefinition.Standard.First(d => d.Key == "eer");
        Assert.Equal([false, false, true, false], all.Select(m => Comparison.IsBest(down, m, all)));
    }

    [Fact]
    public void Eer_is_where_the_rates_cross()
    {
        Assert.Equal(0.2, Charts.RateFigures.Eer([new(0, 1), new(0.1, 0.3), new(0.3, 0.1), new(1, 0)]), 12);
        Assert.True(double.IsNaN(Charts.RateFigures.Eer([new(0.1, 0.3), new(0.2, 0.25)])));
        Assert.Equal(0.7, Charts.RateFigures.TarAt([new(0, 1), new(0.009, 0.3), new(0.011, 0.1)], 0.01), 12);
    }

    private static ReportData Two(double a, double b, double? spread) => new()
    {
        Title = "t",
        Runs =
        [
            new ReportRun { Name = "a", Metrics = [new("verification_accuracy", a, spread)] },
            new ReportRun { Name = "b", Metrics = [new("verification_accuracy", b, spread)] },
        ],
    };

    private static string Plain(string text) => text.Replace('\u00a0', ' ');
}
