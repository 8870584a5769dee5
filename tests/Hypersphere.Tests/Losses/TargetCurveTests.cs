using Hypersphere.Losses;
using Hypersphere.Registry;

namespace Hypersphere.Tests.Losses;

/// <summary>The curves that are drawn are those that train: a slope is the derivative of its value.</summary>
public sealed class TargetCurveTests
{
    private static readonly LossContext _context = new(Classes: 2, Embedding: 2, new Rng(0));

    /// <summary>All but circle-class, whose weight is held constant: its slope is not the derivative by definition.</summary>
    public static TheoryData<string> Curved =>
    [
        .. Registry<Loss>.All.Select(l => l.Attribute.Name).Where(n => n != "circle-class" && Create(n)?.TargetCurve([1]) is not null),
    ];

    [Fact]
    public void All_losses_with_prototypes_but_center_have_one() =>
        Assert.Equal(
            ["center"],
            Registry<Loss>.All.Where(l => Create(l.Attribute.Name) is { } loss && loss.TargetCurve([1]) is null).Select(l => l.Attribute.Name));

    [Theory]
    [MemberData(nameof(Curved))]
    public void The_slope_is_the_derivative_by_the_cosine(string name)
    {
        double[] angles = [.. Enumerable.Range(1, 699).Select(i => i * Math.PI / 700)];
        (float[] values, float[] slopes) = Create(name)!.TargetCurve(angles, norm: 20)!.Value;
        int bad = 0;
        for (int i = 1; i < angles.Length - 1; i++)
        {
            double difference = ((double)values[i + 1] - values[i - 1]) / (Math.Cos(angles[i + 1]) - Math.Cos(angles[i - 1]));
            bad += Math.Abs(difference - slopes[i]) > 0.03 * (1 + Math.Abs(slopes[i])) ? 1 : 0;
        }

        Assert.InRange(bad, 0, 10); // at steps of ψ and at the ends, where it bends within one interval
    }

    private static ProxyLoss? Create(string name) => Registry<Loss>.Create(name, _context) as ProxyLoss;
}
