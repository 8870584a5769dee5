using Hypersphere.Oracles;

namespace Hypersphere.Kernels.Tests;

[Collection(WorkerPoolTests.Name)]
public unsafe class MarginSoftmaxTests
{
    private const double Margin = 0.5;

    [Theory]
    [InlineData(1, 1, 1, 10)]
    [InlineData(1, 2, 3, 64)]
    [InlineData(3, 2, 5, 200)]
    [InlineData(6, 7, 9, 4)]
    [InlineData(5, 17, 16, 512)]
    public void Gradients_match_finite_differences(int rows, int classes, int size, float scale)
    {
        Case c = new(rows, classes, size, scale);
        (double[] dx, double[] dw) = c.Oracle.DifferenceGradients(c.Weights.ToDouble());
        foreach (long budget in new[] { 0, long.MaxValue })
        {
            Everywhere.Check([c.Oracle.Losses(), dx, dw], () => c.Run(budget), 2e-3);
        }
    }

    [Theory]
    [InlineData(4, 300, 33)]
    [InlineData(37, 1030, 20)]
    [InlineData(9, 5003, 8)]
    public void Classes_in_tiles_match_the_chain_rule(int rows, int classes, int size)
    {
        Case c = new(rows, classes, size, 30);
        (double[] dx, double[] dw) = c.Oracle.ChainGradients(c.Weights.ToDouble(), Slope, (_, _) => 1);
        foreach (long budget in new[] { 0, long.MaxValue })
        {
            Everywhere.Check([c.Oracle.Losses(), dx, dw], () => c.Run(budget), 1e-3);
        }
    }

    [Theory]
    [InlineData(-0.1f, 0, 0.3f, 1)]
    [InlineData(0.2f, 0.2f, 1.2f, 0)]
    public void Hard_negatives_take_the_quadratic(float threshold, float constant, float linear, float quadratic)
    {
        Case c = new(6, 300, 7, 20);
        Floats thresholds = Floats.Random(9, 6, threshold - 0.1f, threshold + 0.1f);
        MarginSoftmaxOracle oracle = c.With((i, v) => v > thresholds.Span[i] ? constant + (linear * v) + (quadratic * v * v) : v);
        (double[] dx, double[] dw) = oracle.ChainGradients(
            c.Weights.ToDouble(), Slope, (i, v) => v > thresholds.Span[i] ? linear + (2 * quadratic * v) : 1);
        foreach (long budget in new[] { 0, long.MaxValue })
        {
            HardNegatives negatives = HardNegatives.Above(thresholds, constant, linear, quadratic);
            Everywhere.Check([oracle.Losses(), dx, dw], () => c.Run(budget, negatives), 1e-3);
        }
    }

    [Fact]
    public void Easy_negatives_may_vanish_and_slopes_may_leave_a_part_out()
    {
        // circle loss: (cos + m)·(cos − m) with the first factor held constant, 0 below −m
        const float m = 0.25f;
        Case c = new(6, 300, 7, 20);
        Floats thresholds = new(-m, -m, -m, -m, -m, -m);
        MarginSoftmaxOracle oracle = c.With((_, v) => Math.Max(v + m, 0) * (v - m));
        (double[] dx, double[] dw) = oracle.ChainGradients(c.Weights.ToDouble(), Slope, (_, v) => Math.Max(v + m, 0));
        HardNegatives negatives = new()
        {
            Thresholds = thresholds,
            Constant = -m * m,
            Quadratic = 1,
            SlopeConstant = m,
            SlopeLinear = 1,
            Easy = 0,
        };
        foreach (long budget in new[] { 0, long.MaxValue })
        {
            Everywhere.Check([oracle.Losses(), dx, dw], () => c.Run(budget, negatives), 1e-3);
        }
    }

    [Theory]
    [InlineData(3, 5, 4)]
    [InlineData(4, 500, 3)]
    public void Logits_may_keep_the_length_of_the_embedding(int rows, int classes, int size)
    {
        // unlike the cosine, ‖x‖ passes a gradient along x
        Case c = new(rows, classes, size, 3) { ScaleByNorm = true };
        (double[] dx, double[] dw) = c.Oracle.DifferenceGradients(c.Weights.ToDouble());
        foreach (long budget in new[] { 0, long.MaxValue })
        {
            Everywhere.Check([c.Oracle.Losses(), dx, dw], () => c.Run(budget), 1e-3);
        }
    }

    [Theory]
    [InlineData(3, 5, 4, false)]
    [InlineData(5, 500, 3, false)]
    [InlineData(5, 500, 3, true)]
    [InlineData(1, 1, 3, false)]
    public void Labels_may_be_smoothed(int rows, int classes, int size, bool scaleByNorm)
    {
        Case c = new(rows, classes, size, 5) { Smoothing = 0.2f, ScaleByNorm = scaleByNorm };
        (double[] dx, double[] dw) = c.Oracle.DifferenceGradients(c.Weights.ToDouble());
        foreach (long budget in new[] { 0, long.MaxValue })
        {
            Everywhere.Check([c.Oracle.Losses(), dx, dw], () => c.Run(budget), 1e-3);
        }
    }

    [Theory]
    [InlineData(4, 300, 33, 30, 1e-2f)]
    [InlineData(37, 1030, 20, 30, 1e-3f)]
    [InlineData(9, 5003, 8, 30, 1e-4f)]
    [InlineData(21, 500, 150, 30, 3e-3f)]
    [InlineData(21, 500, 150, 3, 1.7e-3f)]
    [InlineData(21, 500, 150, 3, 1e-6f)]
    [InlineData(1, 1, 3, 30, 1e-3f)]
    public void A_sparse_gradient_leaves_out_what_is_small(int rows, int classes, int size, float scale, float threshold)
    {
        Case c = new(rows, classes, size, scale) { SparseGradient = threshold };
        (double[] dx, double[] dw) = c.Oracle.ChainGradients(c.Weights.ToDouble(), Slope, (_, _) => 1);
        foreach (long budget in new[] { 0, 4L * 16 * 300, long.MaxValue })
        {
            Everywhere.Check([c.Oracle.Losses(), dx, dw], () => c.Run(budget), 1e-3);
        }
    }

    [Fact]
    public void A_sparse_gradient_looks_at_the_slopes_of_hard_negatives_and_keeps_its_digits_near_convergence()
    {
        Case hard = new(6, 300, 7, 20) { SparseGradient = 1e-3f };
        Floats thresholds = Floats.Random(9, 6, 0.1f, 0.3f);
        MarginSoftmaxOracle oracle = hard.With((i, v) => v > thresholds.Span[i] ? 0.2 + (1.2 * v) : v);
        (double[] dx, double[] dw) = oracle.ChainGradients(hard.Weights.ToDouble(), Slope, (i, v) => v > thresholds.Span[i] ? 1.2 : 1);
        HardNegatives negatives = HardNegatives.Above(thresholds, 0.2f, 1.2f, 0);
        Everywhere.Check([oracle.Losses(), dx, dw], () => hard.Run(0, negatives), 1e-3);

        Case near = new(8, 40, 64, 20, (v, _) => v - 0.1, near: 0.05f) { SparseGradient = 1e-2f };
        (dx, dw) = near.Oracle.ChainGradients(near.Weights.ToDouble(), _ => 1, (_, _) => 1);
        Everywhere.Check([near.Oracle.Losses(), dx, dw], () => near.Run(0, targetSlope: _ => 1), 1e-4);
    }

    [Fact]
    public void A_sparse_gradient_leaves_the_loss_as_it_is_and_adds_and_steps_to_the_same_bits()
    {
        Case whole = new(20, 1500, 33, 30), sparse = new(20, 1500, 33, 30) { SparseGradient = 1e-3f };
        SgdRule rule = new(0.1f, 0.9f, 5e-4f);
        Everywhere.ForEachWidth(() =>
        {
            float[][] stored = sparse.Run(0), stepped = sparse.Run(long.MaxValue, step: rule), added = sparse.Run(0, accumulate: 1);
            Floats w = sparse.W.Copy(), velocity = Floats.Random(5, w.Length);
            SgdUpdate.Step(w.Length, w, new Floats(stored[2]), velocity, rule);
            Assert.Equal(whole.Run(0)[0], stored[0]);
            Assert.NotEqual(whole.Run(0)[2], stored[2]);
            Assert.Equal([stored[0], stored[1], w.Checked(), velocity.Checked()], stepped);
            Assert.Equal([.. stored[2].Select(v => v + 1)], added[2]);
        });
    }

    [Fact]
    public void Target_cosines_and_norms_are_those_of_the_rows()
    {
        Case c = new(20, 9, 13, 64);
        double[] all = c.Oracle.Cosines();
        double[] norms = [.. Enumerable.Range(0, 20).Select(i => Math.Sqrt(c.X.ToDouble()[(i * 13)..((i + 1) * 13)].Sum(v => v * v)))];
        Everywhere.Check([[.. c.Labels.Values.Select((y, i) => y < 0 ? 0 : all[(i * 9) + y])], norms], () =>
        {
            MarginSoftmaxProblem problem = c.Problem(0, default);
            Floats state = new((int)MarginSoftmax.StateLength(problem)), cosines = new(20), lengths = new(20);
            MarginSoftmax.TargetCosines(problem, state, cosines, lengths);
            return [cosines.Checked(), lengths.Checked()];
        });
    }

    [Fact]
    public void A_margin_may_depend_on_the_norm()
    {
        Case c = new(4, 6, 5, 8, (v, norm) => v - (0.1 * norm));
        (double[] dx, double[] dw) = c.Oracle.DifferenceGradients(c.Weights.ToDouble());
        Floats normSlopes = new(-0.1f, -0.1f, -0.1f, -0.1f);
        Everywhere.Check([c.Oracle.Losses(), dx, dw], () => c.Run(0, default, normSlopes, _ => 1), 1e-3);
    }

    [Fact]
    public void Gradients_keep_their_digits_near_convergence()
    {
        // every embedding lies almost on its prototype: losses near 1e-7 at scale 20
        Case c = new(8, 40, 64, 20, (v, _) => v - 0.1, near: 0.05f);
        double[] losses = c.Oracle.Losses();
        Assert.All(losses.Where((_, i) => c.Labels.Values[i] >= 0), loss => Assert.InRange(loss, 1e-9, 1e-4));
        (double[] dx, double[] dw) = c.Oracle.ChainGradients(c.Weights.ToDouble(), _ => 1, (_, _) => 1);
        foreach (long budget in new[] { 0, long.MaxValue })
        {
            Everywhere.Check([losses, dx, dw], () => c.Run(budget, targetSlope: _ => 1), 1e-4);
        }
    }

    [Theory]
    [InlineData(64)]
    [InlineData(512)]
    public void Degenerate_rows_stay_finite(float scale)
    {
        Case c = new(6, 20, 8, scale);
        c.X.Span[..8].Clear();
        c.X.Span[8..16].Fill(1e-20f);
        c.X.Span[16..24].Fill(1e15f);
        c.W.Span[(c.Labels.Values[4] * 8)..][..8].Clear();
        c.W.Span[..8].CopyTo(c.X.Span[40..]);
        foreach (long budget in new[] { 0, long.MaxValue })
        {
            float[][] results = c.Run(budget);
            Assert.All(results.SelectMany(r => r), v => Assert.True(float.IsFinite(v)));
            Assert.All(results[1][..8], v => Assert.Equal(0, v));
        }
    }

    [Fact]
    public void Gradients_add_to_what_is_there()
    {
        Case c = new(5, 270, 6, 16);
        float[][] plain = c.Run(long.MaxValue), added = c.Run(0, accumulate: 1);
        Assert.Equal(plain[1].Select(v => v + 1), added[1], (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Equal(plain[2].Select(v => v + 1), added[2], (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Theory]
    [InlineData(5, 1000, 6, 0.9f, false)]
    [InlineData(17, 700, 33, 0.9f, true)]
    [InlineData(3, 5, 7, 0, false)]
    [InlineData(0, 5, 7, 0.9f, false)]
    public void A_step_in_the_backward_pass_ends_in_the_bits_of_a_stored_gradient(int rows, int classes, int size, float momentum, bool nesterov)
    {
        Case c = new(rows, classes, size, 30);
        SgdRule rule = new(0.1f, momentum, 5e-4f, nesterov);
        Everywhere.ForEachWidth(() =>
        {
            foreach (long budget in new[] { 0, 4L * 16 * 300, long.MaxValue })
            {
                float[][] stored = c.Run(budget), stepped = c.Run(budget, step: rule);
                Floats w = c.W.Copy(), velocity = Floats.Random(5, c.W.Length);
                SgdUpdate.Step(c.W.Length, w, new Floats(stored[2]), momentum == 0 ? null : velocity, rule);
                Assert.Equal(stored[..2], stepped[..2]);
                Assert.Equal(w.Checked(), stepped[2]);
                Assert.Equal(velocity.Checked(), stepped[3]);
            }
        });
    }

    [Theory]
    [InlineData(17, 700, 33)]
    [InlineData(0, 5, 7)]
    public void AdamW_in_the_backward_pass_ends_in_the_bits_of_a_stored_gradient(int rows, int classes, int size)
    {
        Case c = new(rows, classes, size, 30);
        AdamWRule rule = new(3, 0.1f, 0.9f, 0.999f, 1e-8f, 0.01f);
        Everywhere.ForEachWidth(() =>
        {
            float[][] stored = c.Run(long.MaxValue), stepped = c.Run(0, adamW: rule);
            Floats w = c.W.Copy(), mean = Floats.Random(5, c.W.Length), square = Floats.Random(6, c.W.Length, 0, 1);
            AdamWUpdate.Step(c.W.Length, w, new Floats(stored[2]), mean, square, rule);
            Assert.Equal([.. stored[..2], w.Checked(), mean.Checked(), square.Checked()], stepped);
        });
    }

    [Fact]
    public void Exponentials_that_do_not_fit_are_computed_again_to_the_same_bits()
    {
        Case c = new(20, 1500, 9, 30);
        float[][] all = c.Run(long.MaxValue);
        Assert.Equal(all, c.Run(4L * 32 * 600));
        Assert.Equal(all, c.Run(0));
    }

    [Fact]
    public void No_row_at_all_gives_no_gradient()
    {
        float[][] results = new Case(0, 4, 3, 64).Run(0);
        Assert.All(results[2], v => Assert.Equal(0, v));
    }

    private static double ArcFace(double cosine, double norm) =>
        cosine > -Math.Cos(Margin) ? Math.Cos(Math.Acos(Math.Clamp(cosine, -1, 1)) + Margin) : cosine - (Margin * Math.Sin(Margin));

    private static double Slope(double cosine)
    {
        double theta = Math.Acos(Math.Clamp(cosine, -1, 1));
        return cosine > -Math.Cos(Margin) ? Math.Sin(theta + Margin) / Math.Max(1e-6, Math.Sin(theta)) : 1;
    }

    /// <summary>A random batch with one ignored row (when there are four), under ArcFace unless told otherwise.</summary>
    private sealed class Case
    {
        private readonly int _rows, _classes, _size;
        private readonly float _scale;
        private readonly Func<double, double, double> _target;

        public Case(int rows, int classes, int size, float scale, Func<double, double, double>? target = null, float near = 0)
        {
            (_rows, _classes, _size, _scale, _target) = (rows, classes, size, scale, target ?? ArcFace);
            X = Floats.Random(rows + classes, rows * size);
            W = Floats.Random(rows + size, classes * size);
            Weights = Floats.Random(7, rows, 0.1f, 1);
            Labels = new([.. Enumerable.Range(0, rows).Select(i => i == 3 && rows > 4 ? -1 : i * 31 % classes)]);
            for (int i = 0; i < X.Length && near > 0; i++)
            {
                X.Span[i] = (near * X.Span[i]) + W.Span[(Math.Max(0, Labels.Values[i / size]) * size) + (i % size)];
            }
        }

        public Floats X { get; }

        public Floats W { get; }

        public Floats Weights { get; }

        public Ints Labels { get; }

        public bool ScaleByNorm { get; init; }

        public float Smoothing { get; init; }

        public float SparseGradient { get; init; }

        public MarginSoftmaxOracle Oracle => With((_, v) => v);

        public MarginSoftmaxOracle With(Func<int, double, double> negative) => new()
        {
            X = X.ToDouble(),
            W = W.ToDouble(),
            Labels = Labels.Values,
            Dimensions = _size,
            Scale = _scale,
            Target = _target,
            Negative = negative,
            ScaleByNorm = ScaleByNorm,
            Smoothing = Smoothing,
            SparseGradient = SparseGradient,
        };

        public MarginSoftmaxProblem Problem(long budget, HardNegatives negatives) => new()
        {
            Rows = _rows,
            Classes = _classes,
            Dimensions = _size,
            Embeddings = X,
            Prototypes = W,
            Labels = Labels,
            Scale = _scale,
            ScaleByNorm = ScaleByNorm,
            Smoothing = Smoothing,
            SparseGradient = SparseGradient,
            Negatives = negatives,
            Budget = budget,
        };

        public float[][] Run(
            long budget, HardNegatives negatives = default, Floats? normSlopes = null, Func<double, double>? targetSlope = null,
            float? accumulate = null, SgdRule? step = null, AdamWRule? adamW = null)
        {
            MarginSoftmaxProblem problem = Problem(budget, negatives);
            Floats state = new((int)MarginSoftmax.StateLength(problem)), values = new(_rows), norms = new(_rows), slopes = new(_rows);
            Floats losses = new(_rows), dx = new(X.Length), dw = new(W.Length);
            dx.Span.Fill(accumulate ?? float.NaN);
            dw.Span.Fill(accumulate ?? float.NaN);
            MarginSoftmax.TargetCosines(problem, state, values, norms);
            for (int i = 0; i < _rows; i++)
            {
                slopes.Span[i] = (float)(targetSlope ?? Slope)(values.Span[i]);
                values.Span[i] = (float)_target(values.Span[i], norms.Span[i]);
            }

            MarginSoftmax.Forward(problem, state, values, losses);
            Floats w = W.Copy(), velocity = Floats.Random(5, W.Length), square = Floats.Random(6, W.Length, 0, 1);
            problem.Prototypes = step is null && adamW is null ? W : w;
            PrototypeGradient gradient = step is { } sgd ? PrototypeGradient.Stepped(sgd, sgd.Momentum == 0 ? null : velocity)
                : adamW is { } rule ? PrototypeGradient.Stepped(rule, velocity, square)
                : PrototypeGradient.Stored(dw, accumulate.HasValue);
            MarginSoftmax.Backward(problem, state, slopes, normSlopes, Weights, dx, accumulate.HasValue, gradient);
            state.Checked();
            return step is not null ? [losses.Checked(), dx.Checked(), w.Checked(), velocity.Checked()]
                : adamW is not null ? [losses.Checked(), dx.Checked(), w.Checked(), velocity.Checked(), square.Checked()]
                : [losses.Checked(), dx.Checked(), dw.Checked()];
        }
    }
}
