using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Hypersphere.Reports.Tests;

public sealed class SimilarityPlaneTests
{
    [Fact]
    public void Contours_lie_where_the_ticks_of_the_scale_say()
    {
        // pull = 2 − s_p from 1 to 3: the lines 1, 2 … stand at s_p = 2 − level; the frame spans y 28 … 338 for s_p 1 … −1
        XElement pull = Html.Charts(SimilarityPlanePage.Render([Ramp()]))[0];
        string path = pull.Elements("path").Single(p => p.Attribute("class")!.Value == "contour").Attribute("d")!.Value;
        double[] heights = [.. Regex.Matches(path, "[M ][\\d.]+ ([\\d.]+)")
            .Select(m => double.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture)).Distinct().Order()];
        Assert.Equal([183.0], heights.Where(h => h is > 60 and < 300));
        Assert.Contains("At s_p 0.2, s_n 0.8: 1.7", pull.Element("desc")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_without_any_gradient_is_white_and_finite()
    {
        string page = SimilarityPlanePage.Render([new SimilarityPlane("none", 10)]);
        Assert.DoesNotContain("NaN", page.Split("<script>")[0], StringComparison.Ordinal);
        Assert.Throws<InputException>(() => SimilarityPlanePage.Write([Ramp()], "plane.svg"));
    }

    internal static SimilarityPlane Ramp()
    {
        var plane = new SimilarityPlane("ramp(a=1)", 40, "a paper");
        for (int row = 0; row < 40; row++)
        {
            for (int column = 0; column < 40; column++)
            {
                plane.Positive[row, column] = 2 - plane.Similarity(row);
                plane.Negative[row, column] = 1 + plane.Similarity(column);
            }
        }

        return plane;
    }
}
