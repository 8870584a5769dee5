using Hypersphere.Oracles;

namespace Hypersphere.Kernels.Tests;

[Collection(WorkerPoolTests.Name)]
public unsafe class BatchNormTests
{
    private const float Eps = 1e-5f;

    public static TheoryData<int, int> Shapes => new() { { 1, 1 }, { 1, 19 }, { 2, 3 }, { 7, 16 }, { 33, 37 }, { 40, 130 }, { 2500, 21 }, { 1100, 80 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Training_matches_the_definition_and_moves_the_running_statistics(int rows, int channels)
    {
        Floats x = Floats.Random(1, rows * channels, 2, 5), gamma = Floats.Random(2, channels, 0.5f, 2), beta = Floats.Random(3, channels);
        (double[] mean, double[] variance) = NormalizationOracle.Moments(x.ToDouble(), rows, channels);
        double unbias = rows / (double)Math.Max(1, rows - 1);
        double[] y = NormalizationOracle.BatchNorm(x.ToDouble(), rows, channels, gamma.ToDouble(), beta.ToDouble(), Eps);
        Everywhere.Check(
            [y, mean, [.. variance.Select(v => 1 / Math.Sqrt(v + Eps))], [.. mean.Select(m => (0.9 * 0.5) + (0.1 * m))],
                [.. variance.Select(v => (0.9 * 2) + (0.1 * v * unbias))]],
            () =>
            {
                Floats output = new(x.Length), saved = new(channels), inverse = new(channels), running = new(channels), spread = new(channels);
                running.Span.Fill(0.5f);
                spread.Span.Fill(2);
                Forward(rows, channels, x, gamma, beta, Eps, 0.1f, running, spread, output, saved, inverse);
                return [output.Checked(), saved.Checked(), inverse.Checked(), running.Checked(), spread.Checked()];
            },
            rows == 1 ? 0.05 : 1e-4);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Gradients_match_the_textbook(int rows, int channels)
    {
        Floats x = Floats.Random(1, rows * channels, 2, 5), gamma = Floats.Random(2, channels, 0.5f, 2), dy = Floats.Random(4, rows * channels);
        Floats before = Floats.Random(5, rows * channels), parameters = Floats.Random(6, channels);
        var expected = NormalizationOracle.BatchNormBackward(x.ToDouble(), dy.ToDouble(), rows, channels, gamma.ToDouble(), Eps);
        double[] sum = [.. expected.Dx.Zip(before.ToDouble(), (a, b) => a + b)];
        double[] dgamma = [.. expected.Dgamma.Zip(parameters.ToDouble(), (a, b) => a + b)];
        double[] dbeta = [.. expected.Dbeta.Zip(parameters.ToDouble(), (a, b) => a + b)];
        Everywhere.Check(
            [expected.Dx, expected.Dgamma, expected.Dbeta, sum, dgamma, dbeta],
            () =>
            {
                Floats y = new(x.Length), mean = new(channels), inverse = new(channels), dx = new(x.Length), dx2 = before.Copy();
                Floats g = new(channels), b = new(channels), g2 = parameters.Copy(), b2 = parameters.Copy();
                Forward(rows, channels, x, gamma, null, Eps, 0.1f, null, null, y, mean, inverse);
                Backward(rows, channels, x, dy, gamma, mean, inverse, dx, false, g, b, false);
                Backward(rows, channels, x, dy, gamma, mean, inverse, dx2, true, g2, b2, true);
                return [dx.Checked(), g.Checked(), b.Checked(), dx2.Checked(), g2.Checked(), b2.Checked()];
            },
            rows <= 2 ? 0.05 : 1e-3);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void With_a_prelu_behind_it_every_bit_is_that_of_the_two_apart(int rows, int channels)
    {
        Floats x = Floats.Random(1, rows * channels, -3, 3), dy = Floats.Random(4, rows * channels), before = Floats.Random(5, rows * channels);
        Floats gamma = Floats.Random(2, channels, 0.5f, 2), beta = Floats.Random(3, channels), slopes = Floats.Random(6, channels);
        Everywhere.ForEachWidth(() =>
        {
            foreach (bool accumulate in (bool[])[false, true])
            {
                Floats n = new(x.Length), y = new(x.Length), dn = new(x.Length), dx = before.Copy(), dGamma = new(channels), dBeta = new(channels), dSlopes = new(channels);
                Floats mean = new(channels), inverse = new(channels), running = new(channels), spread = new(channels);
                Forward(rows, channels, x, gamma, beta, Eps, 0.1f, running, spread, n, mean, inverse);
                PRelu.Forward(rows, channels, n, slopes, channels, y);
                PRelu.Backward(rows, channels, n, dy, slopes, channels, dn, false, dSlopes, false);
                Backward(rows, channels, x, dn, gamma, mean, inverse, dx, accumulate, dGamma, dBeta, false);
                Floats y2 = new(x.Length), dx2 = before.Copy(), dGamma2 = new(channels), dBeta2 = new(channels), dSlopes2 = new(channels);
                Floats mean2 = new(channels), inverse2 = new(channels), running2 = new(channels), spread2 = new(channels);
                BatchNorm.Statistics(rows, channels, x, Eps, 0.1f, running2, spread2, mean2, inverse2);
                BatchNorm.Rectify(rows, channels, x, gamma, beta, slopes, mean2, inverse2, y2);
                double[] totals = new double[BatchNorm.SumsLength(channels)];
                BatchNorm.RectifiedGradientSums(
                    rows, channels, x, dy, gamma, beta, slopes, mean2, inverse2, dGamma2, dBeta2, dSlopes2, false, totals);
                BatchNorm.RectifiedInputGradient(rows, channels, x, dy, totals, gamma, beta, slopes, mean2, inverse2, dx2, accumulate);
                Floats[] apart = [y, mean, inverse, running, spread, dx, dGamma, dBeta, dSlopes];
                Floats[] together = [y2, mean2, inverse2, running2, spread2, dx2, dGamma2, dBeta2, dSlopes2];
                Assert.Equal(apart.Select(f => f.Checked()), together.Select(f => f.Checked()));
            }
        });
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void What_is_added_in_the_same_pass_is_added_to_the_same_bits(int rows, int channels)
    {
        Floats x = Floats.Random(1, rows * channels, -3, 3), plus = Floats.Random(4, rows * channels), gamma = Floats.Random(2, channels, 0.5f, 2);
        Everywhere.ForEachWidth(() =>
        {
            Floats n = new(x.Length), sum = new(x.Length), together = new(x.Length), mean = new(channels), inverse = new(channels);
            Forward(rows, channels, x, gamma, null, Eps, 0.1f, null, null, n, mean, inverse);
            Elementwise.Add(x.Length, n, plus, sum);
            BatchNorm.Normalize(rows, channels, x, gamma, null, mean, inverse, together, plus);
            Assert.Equal(sum.Checked(), together.Checked());
        });
    }

    [Theory]
    [InlineData(300, 700, 21)]
    [InlineData(1, 1, 3)]
    public void Sums_of_two_ranks_give_what_one_would_have_of_all_rows(int first, int second, int channels)
    {
        int rows = first + second;
        Floats x = Floats.Random(1, rows * channels, 2, 5), gamma = Floats.Random(2, channels, 0.5f, 2), beta = Floats.Random(3, channels);
        Floats dy = Floats.Random(4, rows * channels), slopes = Floats.Random(6, channels);
        Floats mean = new(channels), inverse = new(channels), running = new(channels), spread = new(channels), dx = new(x.Length);
        Floats dGamma = new(channels), dBeta = new(channels), dSlopes = new(channels);
        double[] totals = new double[BatchNorm.SumsLength(channels)];
        BatchNorm.Statistics(rows, channels, x, Eps, 0.1f, running, spread, mean, inverse);
        BatchNorm.RectifiedGradientSums(rows, channels, x, dy, gamma, beta, slopes, mean, inverse, dGamma, dBeta, dSlopes, false, totals);
        BatchNorm.RectifiedInputGradient(rows, channels, x, dy, totals, gamma, beta, slopes, mean, inverse, dx, false);

        Floats mean2 = new(channels), inverse2 = new(channels), running2 = new(channels), spread2 = new(channels), dx2 = new(x.Length);
        Floats dGamma2 = new(channels), dBeta2 = new(channels), dSlopes2 = new(channels);
        double[] all = Add((at, count, sums) => BatchNorm.Sums(count, channels, x.P + at, sums));
        BatchNorm.StatisticsFromSums(channels, all, Eps, 0.1f, running2, spread2, mean2, inverse2);
        all = Add((at, count, sums) => BatchNorm.RectifiedGradientSums(
            count, channels, x.P + at, dy.P + at, gamma, beta, slopes, mean2, inverse2, dGamma2, dBeta2, dSlopes2, at > 0, sums));
        foreach ((int at, int count) in new[] { (0, first), (first * channels, second) })
        {
            BatchNorm.RectifiedInputGradient(count, channels, x.P + at, dy.P + at, all, gamma, beta, slopes, mean2, inverse2, dx2.P + at, false);
        }

        Floats[] one = [mean, inverse, running, spread, dx, dGamma, dBeta, dSlopes];
        Floats[] two = [mean2, inverse2, running2, spread2, dx2, dGamma2, dBeta2, dSlopes2];
        for (int i = 0; i < one.Length; i++)
        {
            Everywhere.Near(one[i].ToDouble(), two[i].Checked(), rows == 2 ? 1e-2 : 1e-4, $"result {i}");
        }

        double[] Add(Action<int, int, double[]> sum)
        {
            double[] here = new double[totals.Length], there = new double[totals.Length];
            sum(0, first, here);
            sum(first * channels, second, there);
            return [.. here.Zip(there, (a, b) => a + b)];
        }
    }

    [Fact]
    public void Gradients_match_finite_differences()
    {
        const int Rows = 5, Channels = 3;
        Floats x = Floats.Random(1, Rows * Channels), gamma = Floats.Random(2, Channels, 0.5f, 2), dy = Floats.Random(4, Rows * Channels);
        double[] g = gamma.ToDouble(), up = dy.ToDouble();
        double[] dx = FiniteDifference.Gradient(
            v => FiniteDifference.Dot(NormalizationOracle.BatchNorm(v, Rows, Channels, g, null, Eps), up), x.ToDouble());
        double[] dgamma = FiniteDifference.Gradient(
            v => FiniteDifference.Dot(NormalizationOracle.BatchNorm(x.ToDouble(), Rows, Channels, v, null, Eps), up), g);
        Everywhere.Check([dx, dgamma], () =>
        {
            Floats y = new(x.Length), mean = new(Channels), inverse = new(Channels), input = new(x.Length), parameter = new(Channels);
            Forward(Rows, Channels, x, gamma, null, Eps, 0.1f, null, null, y, mean, inverse);
            Backward(Rows, Channels, x, dy, gamma, mean, inverse, input, false, parameter, null, false);
            return [input.Checked(), parameter.Checked()];
        }, 1e-4);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(3, 5)]
    [InlineData(1500, 33)]
    public void Evaluation_takes_the_running_statistics_as_constants(int rows, int channels)
    {
        Floats x = Floats.Random(1, rows * channels), gamma = Floats.Random(2, channels), beta = Floats.Random(3, channels);
        Floats mean = Floats.Random(4, channels), variance = Floats.Random(5, channels, 0.5f, 2), dy = Floats.Random(6, rows * channels);
        double[] y = NormalizationOracle.Apply(x.ToDouble(), mean.ToDouble(), variance.ToDouble(), gamma.ToDouble(), beta.ToDouble(), Eps);
        double[] unit = NormalizationOracle.Apply(x.ToDouble(), mean.ToDouble(), variance.ToDouble(), null, null, Eps);
        double[] dx = [.. dy.ToDouble().Select((v, i) => v * gamma.Span[i % channels] / Math.Sqrt(variance.Span[i % channels] + (double)Eps))];
        double[] dgamma = new double[channels], dbeta = new double[channels];
        for (int i = 0; i < x.Length; i++)
        {
            dgamma[i % channels] += dy.Span[i] * unit[i];
            dbeta[i % channels] += dy.Span[i];
        }

        Everywhere.Check([y, dx, dgamma, dbeta], () =>
        {
            Floats output = new(x.Length), input = new(x.Length), g = new(channels), b = new(channels);
            BatchNorm.ForwardEval(rows, channels, x, gamma, beta, Eps, mean, variance, output);
            BatchNorm.BackwardEval(rows, channels, x, dy, gamma, Eps, mean, variance, input, false, g, b, false);
            return [output.Checked(), input.Checked(), g.Checked(), b.Checked()];
        }, 1e-4);
    }

    [Fact]
    public void Variance_survives_a_large_mean_and_an_outlier()
    {
        const int Rows = 900;
        Floats x = Floats.Random(1, Rows * 2);
        for (int r = 0; r < Rows; r++)
        {
            x.Span[2 * r] += 1000;
        }

        x.Span[1] = 1e4f;
        (_, double[] variance) = NormalizationOracle.Moments(x.ToDouble(), Rows, 2);
        Everywhere.Check([.. variance.Select(v => 1 / Math.Sqrt(v + Eps))], () =>
        {
            Floats y = new(x.Length), mean = new(2), inverse = new(2);
            Forward(Rows, 2, x, null, null, Eps, 0.1f, null, null, y, mean, inverse);
            return inverse.Checked();
        }, 2e-3);
    }

    [Fact]
    public void One_row_and_no_row_stay_finite()
    {
        Floats x = new(3f, -2f), y = new(2), mean = new(2), inverse = new(2), running = new(2), variance = new(2), dx = new(2), g = new(2);
        Forward(1, 2, x, null, null, Eps, 0.1f, running, variance, y, mean, inverse);
        Backward(1, 2, x, x, null, mean, inverse, dx, false, g, null, false);
        Forward(0, 2, x, null, null, Eps, 0.1f, running, variance, y, mean, inverse);
        Assert.All(y.Checked(), v => Assert.Equal(0, v));
        Assert.All(dx.Checked(), v => Assert.Equal(0, v));
        Assert.Equal([0.3f, -0.2f], running.Checked());
        Assert.All(variance.Checked(), v => Assert.Equal(0, v));
    }

    private static void Forward(
        int rows, int channels, float* x, float* gamma, float* beta, float eps, float momentum, float* running, float* spread, float* y,
        float* mean, float* inverse)
    {
        BatchNorm.Statistics(rows, channels, x, eps, momentum, running, spread, mean, inverse);
        BatchNorm.Normalize(rows, channels, x, gamma, beta, mean, inverse, y);
    }

    private static void Backward(
        int rows, int channels, float* x, float* dy, float* gamma, float* mean, float* inverse, float* dx, bool accumulateDx,
        float* dGamma, float* dBeta, bool accumulateParameters)
    {
        double[] totals = new double[BatchNorm.SumsLength(channels)];
        BatchNorm.GradientSums(rows, channels, x, dy, mean, inverse, dGamma, dBeta, accumulateParameters, totals);
        BatchNorm.InputGradient(rows, channels, x, dy, totals, gamma, mean, inverse, dx, accumulateDx);
    }
}
