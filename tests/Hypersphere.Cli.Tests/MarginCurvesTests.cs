using Hypersphere.Cli.Running;
using Hypersphere.Losses;
using Hypersphere.Registry;
using Hypersphere.Reports;

namespace Commands;

/// <remarks>It registers a loss, so it runs while nothing else reads the registry.</remarks>
[Collection(Computing.Name)]
public class MarginCurvesTests
{
    public MarginCurvesTests() => Registry<Loss>.Register<Grown>();

    [Fact]
    public void MarginThatDependsOnTheNormGivesACurveANorm()
    {
        IReadOnlyList<MarginCurve> curves = MarginCurves.Of("grown(margin_start=0.1)", alone: true);
        Assert.Equal([10, 35, 60, 85, 110], curves.Select(c => int.Parse(c.Label["grown(‖x‖=".Length..^", margin_start=0.1)".Length])));
        Assert.Equal([0.2, 0.45, 0.7, 0.95, 1.2], curves.Select(c => Math.Round(1 - c.Points[0].Psi, 6)));
        Assert.Equal(3, MarginCurves.Of("grown", alone: false).Count);
        Assert.Equal("arcface(margin=0.3)", Assert.Single(MarginCurves.Of("arcface(margin=0.3)", alone: true)).Label);
    }

    [Fact]
    public void OtherClassesAreDrawnWhereTheLossChangesThem()
    {
        Assert.Empty(MarginCurves.Of("cosface", alone: true)[0].Negatives);
        MarginCurve curve = MarginCurves.Of("grown", alone: true)[0];
        Assert.Equal(45, curve.OwnDegrees);
        Assert.Equal(2.5, curve.Negatives[0].Psi, 1e-6); // 1.5 + cos 0°
        Assert.Equal(-1, curve.Negatives[^1].Psi, 1e-6);
        int crossing = curve.Negatives.ToList().FindIndex(p => p.Psi < 1);
        Assert.Equal(90, curve.Negatives[crossing].Degrees, 0.3);
    }

    [Fact]
    public void StatefulLossesAreDrawnAsTheyCanBeInTraining()
    {
        Assert.Equal("sphereface(margin=3, annealing=false)", Assert.Single(MarginCurves.Of("sphereface(margin=3)", alone: true)).Label);
        MarginCurve soft = Assert.Single(MarginCurves.Of("sphereface(margin=3, annealing=true)", alone: true));
        Assert.Equal(-1, soft.Points[^1].Psi, 0.01); // λ = 1000: nearly the cosine
        IReadOnlyList<MarginCurve> course = MarginCurves.Of("curricularface", alone: true);
        Assert.Equal(["curricularface(t=0)", "curricularface(t=0.6)"], course.Select(c => c.Label));
        MarginPoint[] hard = [.. course.Select(c => c.Negatives.Single(p => Math.Abs(p.Degrees - 60) < 0.01))];
        Assert.Equal([0.25, 0.55], hard.Select(p => Math.Round(p.Psi, 5))); // cos 60°·(t + cos 60°)
        Assert.Equal((10, 60, 110), NormRange.Of((MarginSoftmaxLoss)Make("magface")) is { } m ? (m.Low, m.Middle, m.High) : default);
        Assert.Equal([1, 20, 100], NormRange.Of((MarginSoftmaxLoss)Make("adaface(h=0.5)"))!.Value.Steps(3)); // before training: μ 20, σ 100
        Assert.Equal(
            ["adaface(‖x‖=10, μ=20, σ=5, h=0.5)", "adaface(‖x‖=20, μ=20, σ=5, h=0.5)", "adaface(‖x‖=30, μ=20, σ=5, h=0.5)"],
            MarginCurves.Of("adaface(h=0.5)", alone: false).Select(c => c.Label));
        Assert.Null(NormRange.Of((MarginSoftmaxLoss)Make("sphereface")));
        Assert.Empty(MarginCurves.Of("adaface", alone: false)[0].Negatives);
    }

    /// <summary>With one other class at 90°, ℓ = log(1 + e^{−s·ψ}): what the loss computes must be the curve that it states.</summary>
    [Theory]
    [InlineData("subcenter-arcface(centers=2, margin=0.4, scale=4)", 4)]
    [InlineData("large-margin-softmax(margin=3, scale=4)", 4)]
    [InlineData("arcface(margin=0.4, scale=4)", 4)]
    [InlineData("sphereface(margin=3, scale=4, annealing=false)", 4)]
    public void StatedCurveIsTheOneThatLossAndGradientShow(string spec, double scale)
    {
        Loss loss = Registry<Loss>.Create(spec, new LossContext(Classes: 2, Embedding: 3, new Hypersphere.Rng(0)));
        var trio = new Trio(loss, norm: 1);
        MarginPoint[] stated = [.. Assert.Single(MarginCurves.Of(spec, alone: true)).Points];
        foreach (MarginPoint point in stated.Where((p, i) => i % 4 == 0 && p.Degrees is > 3 and < 177 && Math.Round(p.Degrees, 6) % 60 != 0))
        {
            (double value, double pull, _) = trio.At(Math.Cos(point.Degrees * Math.PI / 180), 0);
            double wrong = -double.ExpM1(-value);
            Assert.Equal(point.Psi, -(value + Math.Log(wrong)) / scale, 2e-4);
            Assert.Equal(point.Slope, -pull / (scale * wrong), 0.01);
        }
    }

    private static Loss Make(string spec) => Registry<Loss>.Create(spec, new LossContext(2, 2, new Hypersphere.Rng(0)));

    [Fact]
    public void TheNormBecomesASliderOfItsOwn()
    {
        MarginFamily[] families = [.. MarginFamilies.All(["grown(margin_start=0.1)"]).Where(f => f.Name == "grown")];
        Assert.Equal(["margin_start", "‖x‖"], families.Select(f => f.Parameter));
        Assert.Equal((0.1, 60), (families[0].Steps[families[0].Default].Value, families[1].Steps[families[1].Default].Value));
        Assert.Equal(0.3, families[0].Steps[^1].Points[0].Psi, 1e-6); // 1 − 0.1 − 0.01·60
        Assert.Equal((10, 110), (families[1].Steps[0].Value, families[1].Steps[^1].Value));
        Assert.Equal(0.8, families[1].Steps[0].Points[0].Psi, 1e-6);
    }

    [Theory]
    [InlineData("cosface(margin=0.25, scale=10)")]
    [InlineData("multi-similarity(alpha=3, beta=20, base=0.4)")]
    public void PullAndPushAreTheDerivatives(string spec)
    {
        SimilarityPlane plane = SimilarityPlanes.Of(spec);
        foreach ((int row, int column) in (ReadOnlySpan<(int, int)>)[(0, 0), (0, 79), (79, 0), (79, 79), (40, 52), (55, 55), (70, 12)])
        {
            (double sp, double sn) = (plane.Similarity(row), plane.Similarity(column));
            (double pull, double push) = spec.StartsWith("cosface", StringComparison.Ordinal)
                ? (10 * Sigmoid(10 * (sn - sp + 0.25)), 10 * Sigmoid(10 * (sn - sp + 0.25)))
                : (Sigmoid(-3 * (sp - 0.4)), Sigmoid(20 * (sn - 0.4)));
            Assert.Equal(pull, plane.Positive[row, column], (1e-4 * pull) + 1e-5);
            Assert.Equal(push, plane.Negative[row, column], (1e-4 * push) + 1e-5);
        }
    }

    [Fact]
    public void TripletRestsWhereThePositiveIsNearerByItsMargin()
    {
        SimilarityPlane plane = SimilarityPlanes.Of("triplet");
        Assert.All(Enumerable.Range(0, 40), k => Assert.Equal((0, 0), (plane.Positive[79 - k, 30 - (k / 2)], plane.Negative[79 - k, 30 - (k / 2)])));
        Assert.True(plane.Positive[10, 70] > 0 && plane.Negative[10, 70] > 0);
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    [Component("grown", Summary = "for a test: cosine margin 0.01·‖x‖ + margin_start; other classes within 90° gain 1.5")]
    private sealed class Grown(
        LossContext context,
        [System.ComponentModel.DataAnnotations.Range(0, 0.1), System.ComponentModel.Description("at norm 0")] float marginStart = 0)
        : MarginSoftmaxLoss(context, scale: 16)
    {
        public float MarginStart { get; } = marginStart;

        protected override void Target(in TargetBatch batch)
        {
            for (int i = 0; i < batch.Cosines.Length; i++)
            {
                batch.Values[i] = batch.Cosines[i] - MarginStart - (0.01f * batch.Norms[i]);
                batch.Slopes[i] = 1;
            }
        }

        protected override HardNegatives? Negatives(in TargetBatch batch) => new(new float[batch.Cosines.Length], 1.5f, 1, 0);
    }
}
