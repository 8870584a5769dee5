using Hypersphere.Losses;
using Hypersphere.Oracles;
using Hypersphere.Registry;

namespace Hypersphere.Tests.Losses;

/// <summary>Each margin against its formula in double precision, finite differences, and published values.</summary>
public sealed class MarginTests
{
    private const int Size = 5;

    private static readonly Dictionary<string, Func<double, double>> _psi = new(StringComparer.Ordinal)
    {
        ["normalized-softmax(scale=16)"] = theta => Math.Cos(theta),
        ["cosface(margin=0.35, scale=30)"] = theta => Math.Cos(theta) - 0.35,
        ["arcface(margin=0.5, scale=16)"] = theta => theta < Math.PI - 0.5 ? Math.Cos(theta + 0.5) : Math.Cos(theta) - (0.5 * Math.Sin(0.5)),
        ["arcface(margin=0.5, scale=256)"] = theta => theta < Math.PI - 0.5 ? Math.Cos(theta + 0.5) : Math.Cos(theta) - (0.5 * Math.Sin(0.5)),
        ["arcface(margin=0.4, scale=16, easy_margin=true)"] = theta => theta < Math.PI / 2 ? Math.Cos(theta + 0.4) : Math.Cos(theta),
        ["combined-margin(m1=1, m2=0.3, m3=0.2, scale=16)"] =
            theta => (theta < Math.PI - 0.3 ? Math.Cos(theta + 0.3) : Math.Cos(theta) - (0.3 * Math.Sin(0.3))) - 0.2,
        ["combined-margin(m1=1.35, m2=0, m3=0, scale=16)"] = theta => Extended(1.35 * theta),
        ["combined-margin(m1=4, m2=0.1, m3=0.05, scale=8)"] = theta => Extended((4 * theta) + 0.1) - 0.05,
    };

    public static TheoryData<string> Specs => [.. _psi.Keys];

    [Theory]
    [MemberData(nameof(Specs))]
    public void Loss_and_gradients_agree_with_the_formula(string spec)
    {
        (float[] x, float[] w, int[] labels) = Data();
        LossRun run = LossRun.Of(spec, x, w, labels, Size);
        MarginSoftmaxOracle oracle = new()
        {
            X = Doubles(x), W = Doubles(w), Labels = labels, Dimensions = Size, Scale = ScaleOf(spec),
            Target = (c, _) => _psi[spec](Math.Acos(Math.Clamp(c, -1, 1))),
        };
        double[] weights = [.. labels.Select(l => l < 0 ? 0 : 1.0 / labels.Count(k => k >= 0))];
        (double[] dx, double[] dw) = oracle.DifferenceGradients(weights);
        double loss = FiniteDifference.Dot(oracle.Losses(), weights);
        Assert.Equal(loss, run.Loss, 3e-5 * (1 + loss));
        LossContractTests.Close(Floats(dx), run.EmbeddingGradient, 2e-4);
        LossContractTests.Close(Floats(dw), run.PrototypeGradient, 2e-4);
    }

    [Theory]
    [InlineData("arcface(margin=0.5)", 0, 0.877582562)]
    [InlineData("arcface(margin=0.5)", 30, 0.520296023)]
    [InlineData("arcface(margin=0.5)", 60, 0.023596585)]
    [InlineData("arcface(margin=0.5)", 90, -0.479425539)]
    [InlineData("arcface(margin=0.5)", 120, -0.853985977)]
    [InlineData("arcface(margin=0.5)", 170, -1.224520522)]
    [InlineData("combined-margin(m1=4, m2=0, m3=0)", 30, -0.5)]
    [InlineData("combined-margin(m1=4, m2=0, m3=0)", 60, -1.5)]
    [InlineData("combined-margin(m1=4, m2=0, m3=0)", 90, -3)]
    [InlineData("combined-margin(m1=4, m2=0, m3=0)", 179.99, -7)]
    public void Curves_pass_through_published_values(string spec, double degrees, double expected) =>
        Assert.Equal(expected, Curve(spec, degrees).Value, 2e-6 + (degrees > 179 ? 1e-5 : 0));

    [Theory]
    [InlineData(1, 28.3)]
    [InlineData(30, 1.71)]
    [InlineData(90, 0.878)]
    [InlineData(150, 0.047)]
    public void ArcFace_steepens_small_angles(double degrees, double factor) =>
        Assert.Equal(factor, Curve("arcface(margin=0.5)", degrees).Slope, factor * 0.02);

    [Theory]
    [InlineData("arcface(margin=0.5)", "arcface(margin=0.125)")]
    [InlineData("cosface(margin=0.4)", "cosface(margin=0.1)")]
    [InlineData("combined-margin(m1=2, m2=0.4, m3=0.2)", "combined-margin(m1=1.25, m2=0.1, m3=0.05)")]
    public void A_margin_on_its_way_up_is_a_smaller_margin(string spec, string smaller)
    {
        var loss = (MarginSoftmaxLoss)Registry<Loss>.Create(spec, new LossContext(2, 2, new Rng(0)));
        loss.Ramp = 0.25f;
        (float[] values, float[] slopes) = loss.Curve([0.3, 1.5, 3.0]);
        for (int i = 0; i < 3; i++)
        {
            (float value, float slope) = Curve(smaller, new[] { 0.3, 1.5, 3.0 }[i] * 180 / Math.PI);
            Assert.Equal(value, values[i], 1e-5f);
            Assert.Equal(slope, slopes[i], 1e-4f);
        }
    }

    [Fact]
    public void Straight_through_keeps_the_value_and_drops_the_factor()
    {
        Assert.Equal(Curve("arcface(margin=0.5)", 30).Value, Curve("arcface(margin=0.5, gradient=straight-through)", 30).Value);
        Assert.Equal(1, Curve("arcface(margin=0.5, gradient=straight-through)", 30).Slope);
    }

    [Theory]
    [InlineData("arcface(margin=0)", "normalized-softmax(scale=64)")]
    [InlineData("cosface(margin=0)", "normalized-softmax(scale=64)")]
    [InlineData("combined-margin(m1=1, m2=0, m3=0)", "normalized-softmax(scale=64)")]
    [InlineData("combined-margin(m1=1, m2=0.5, m3=0)", "arcface(margin=0.5)")]
    [InlineData("combined-margin(m1=1, m2=0, m3=0.35)", "cosface(margin=0.35)")]
    public void Margins_reduce_to_one_another(string general, string special)
    {
        for (double degrees = 0; degrees <= 180; degrees += 7.5)
        {
            Assert.Equal(Curve(special, degrees).Value, Curve(general, degrees).Value, 1e-6f);
            Assert.Equal(Curve(special, degrees).Slope, Curve(general, degrees).Slope, 1e-3f * Curve(special, degrees).Slope);
        }
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void Wider_angles_never_gain(string spec)
    {
        float last = float.PositiveInfinity;
        for (double degrees = 0; degrees <= 180 && !spec.Contains("easy", StringComparison.Ordinal); degrees += 0.5)
        {
            float value = Curve(spec, degrees).Value;
            Assert.True(value <= last + 1e-6f, $"{spec} rises at {degrees}°");
            last = value;
        }
    }

    private static (float Value, float Slope) Curve(string spec, double degrees)
    {
        var loss = (MarginSoftmaxLoss)Registry<Loss>.Create(spec, new LossContext(2, 2, new Rng(0)));
        (float[] values, float[] slopes) = loss.Curve([degrees * Math.PI / 180]);
        return (values[0], slopes[0]);
    }

    /// <summary>Rows at ordinary angles, one near its prototype, one past π − m, one ignored; a class without samples.</summary>
    private static (float[] X, float[] W, int[] Labels) Data()
    {
        float[] w = LossRun.Gaussian(6 * Size, "w");
        float[] near = [.. w[..Size].Select((v, i) => v + (0.05f * (i + 1)))];
        float[] far = [.. w[Size..(2 * Size)].Select((v, i) => (0.1f * i) - v)];
        return ([.. LossRun.Gaussian(3 * Size, "x"), .. near, .. far, .. LossRun.Gaussian(Size, "ignored")], w, [2, 3, 4, 0, 1, -1]);
    }

    private static double Extended(double phi)
    {
        double k = Math.Floor(phi / Math.PI);
        return (Math.Pow(-1, k) * Math.Cos(phi)) - (2 * k);
    }

    private static double ScaleOf(string spec) =>
        double.Parse(spec.Split("scale=")[1].Split(',', ')')[0], System.Globalization.CultureInfo.InvariantCulture);

    private static double[] Doubles(float[] values) => Array.ConvertAll(values, v => (double)v);

    private static float[] Floats(double[] values) => Array.ConvertAll(values, v => (float)v);
}
