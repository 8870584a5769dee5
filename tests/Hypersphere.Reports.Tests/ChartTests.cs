using Hypersphere.Reports.Charts;

namespace Hypersphere.Reports.Tests;

public sealed class ChartTests
{
    [Theory]
    [InlineData(0, 1, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(0, 0.3, "0.0 0.1 0.2 0.3")]
    [InlineData(-3, 3, "−2 0 2")]
    [InlineData(0, 45000, "0 10,000 20,000 30,000 40,000")]
    [InlineData(0, 0, "0 0 0")]
    public void Linear_ticks_are_round_and_free_of_dust(double low, double high, string expected)
    {
        Axis axis = Axis.Linear(low, high, "t", ticks: high == 0.3 ? 3 : high == 3 ? 4 : 5);
        if (high > low)
        {
            Assert.Equal(expected, string.Join(' ', axis.Ticks.Select(axis.Label)));
        }

        Assert.InRange(axis.Ticks.Count, 1, 12);
        Assert.All(axis.Ticks, t => Assert.InRange(axis.Unit(t), -1e-9, 1 + 1e-9));
    }

    [Fact]
    public void Rates_are_labelled_in_per_cent_by_decade()
    {
        Axis axis = Axis.Log(3.3e-4, 1, "t", ValueFormat.Percent);
        Assert.Equal(["0.01 %", "0.1 %", "1 %", "10 %", "100 %"], axis.Ticks.Select(t => axis.Label(t).Replace('\u00a0', ' ')));
        Assert.Equal(0.25, axis.Unit(1e-3), 12);
    }

    [Fact]
    public void Rates_that_are_normal_deviates_stand_at_even_distances()
    {
        Axis axis = Axis.Normal(0.022750131948179195, 0.9772498680518208, "t");
        Assert.Equal([0.25, 0.5, 0.75], new[] { 0.15865525393145707, 0.5, 0.8413447460685429 }.Select(p => Math.Round(axis.Unit(p), 9)));
        Assert.True(double.IsNegativeInfinity(axis.Unit(0)) && double.IsPositiveInfinity(axis.Unit(1)));
    }

    [Fact]
    public void Labels_spread_without_overlap_inside_their_room_and_as_little_as_possible()
    {
        var rng = new Rng(3);
        for (int round = 0; round < 200; round++)
        {
            double[] wanted = [.. Enumerable.Range(0, 1 + (round % 12)).Select(_ => Math.Round(100 + (80 * Math.Sin(rng.Uniform(0, 9)))))];
            double[] placed = LabelSpread.Place(wanted, 15, 0, 200);
            double[] sorted = [.. placed.Order()];
            for (int i = 1; i < sorted.Length; i++)
            {
                Assert.True(sorted[i] - sorted[i - 1] > 15 - 1e-9);
            }

            Assert.All(placed, p => Assert.InRange(p, -1e-9, 200 + 1e-9));
        }

        Assert.Equal([10.0, 50, 100], LabelSpread.Place([10, 50, 100], 15, 0, 200));
        Assert.Equal([92.5, 107.5], LabelSpread.Place([100, 100], 15, 0, 200));
        Assert.Equal([0.0, 10, 5], LabelSpread.Place([5, 7, 6], 50, 0, 10));
    }

    [Fact]
    public void Labels_of_curves_show_first_what_tells_them_apart()
    {
        Assert.Equal(
            ["margin=0.3, scale=16, gradient=exact"],
            CurveLabel.Notes(["arcface(margin=0.3, scale=16, easy_margin=false, gradient=exact)"]));
        Assert.Equal(
            ["easy_margin=true, margin=0.5", "easy_margin=false, margin=0.5", "margin=0.35", "cos θ", ""],
            CurveLabel.Notes(["arcface(margin=0.5, easy_margin=true)", "arcface(margin=0.5, easy_margin=false)", "cosface(margin=0.35)", "softmax: cos θ", "plain"]));
    }

    [Fact]
    public void Names_in_the_plane_end_up_apart()
    {
        var rng = new Rng(4);
        LabelNudge.Box[] boxes = [.. Enumerable.Range(0, 16)
            .Select(i => new LabelNudge.Box(200 + (40 * Math.Sin(i)), 200 + (30 * rng.NextDouble()), 70, 16))];
        LabelNudge.Apart(boxes, (0, 0, 440, 400));
        for (int i = 0; i < boxes.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                bool apart = Math.Abs(boxes[i].X - boxes[j].X) > 69 || Math.Abs(boxes[i].Y - boxes[j].Y) > 15;
                Assert.True(apart, $"{boxes[i]} covers {boxes[j]}");
            }
        }
    }

    [Fact]
    public void Text_on_paper_has_the_contrast_that_reading_needs()
    {
        for (int style = 0; style < Palette.Count; style++)
        {
            Assert.True(Contrast(Palette.TextColour(style).Light, Palette.Paper.Light) >= 4.5, $"style {style} on light");
            Assert.True(Contrast(Palette.TextColour(style).Dark, Palette.Paper.Dark) >= 4.5, $"style {style} on dark");
        }
    }

    [Fact]
    public void The_principal_plane_holds_the_variance_that_was_put_in()
    {
        var rng = new Rng(7);
        const int D = 9;
        float[] rows = new float[500 * D];
        for (int i = 0; i < 500; i++)
        {
            rows[(i * D) + 8] = 10;
            rows[(i * D) + 5] = (float)(0.3 * rng.NextGaussian());
            rows[(i * D) + 2] = (float)(0.1 * rng.NextGaussian());
            rows[i * D] = (float)(0.01 * rng.NextGaussian());
        }

        EmbeddingPlot plot = EmbeddingPlot.Project(rows, D, new int[500], ["a"], rows.AsSpan(0, D));
        Assert.InRange(plot.Variance.First, 0.87, 0.93);
        Assert.InRange(plot.Variance.Second, 0.07, 0.13);
        double sign = Math.Sign(plot.Points[0].X - plot.Points[1].X) * Math.Sign(rows[5] - rows[D + 5]);
        Assert.All(Enumerable.Range(1, 499), i =>
            Assert.InRange(plot.Points[i].X - plot.Points[0].X - (sign * (rows[(i * D) + 5] - rows[5]) / 10), -0.006, 0.006));
        Assert.Equal(plot.Points[0].X, plot.Prototypes[0].X, 6);
        Assert.Equal(plot.Points[0].Y, plot.Prototypes[0].Y, 6);
        Assert.Throws<InputException>(() => EmbeddingPlot.Project(rows, D, new int[3], [], []));
    }

    private static double Contrast(string a, string b)
    {
        (double x, double y) = (Luminance(a), Luminance(b));
        return (Math.Max(x, y) + 0.05) / (Math.Min(x, y) + 0.05);
    }

    private static double Luminance(string hex)
    {
        double[] rgb = [.. Convert.FromHexString(hex[1..]).Select(v => v / 255.0)
            .Select(v => v <= 0.04045 ? v / 12.92 : Math.Pow((v + 0.055) / 1.055, 2.4))];
        return (0.2126 * rgb[0]) + (0.7152 * rgb[1]) + (0.0722 * rgb[2]);
    }
}
