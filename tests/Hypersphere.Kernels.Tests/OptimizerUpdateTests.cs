namespace Hypersphere.Kernels.Tests;

[Collection(WorkerPoolTests.Name)]
public unsafe class OptimizerUpdateTests
{
    [Theory]
    [InlineData(0, 0.9f, false)]
    [InlineData(37, 0, false)]
    [InlineData(37, 0.9f, false)]
    [InlineData(70_001, 0.9f, true)]
    public void Sgd_follows_its_formula_over_three_steps(int n, float momentum, bool nesterov)
    {
        Floats start = Floats.Random(1, n), g = Floats.Random(2, n);
        double[] w = start.ToDouble(), v = new double[n];
        for (int step = 0; step < 3; step++)
        {
            for (int i = 0; i < n; i++)
            {
                double h = (0.5 * g.Span[i]) + (0.01 * w[i]);
                v[i] = (momentum * v[i]) + h;
                w[i] -= 0.1 * (nesterov ? h + (momentum * v[i]) : v[i]);
            }
        }

        Everywhere.Check([w], () =>
        {
            Floats weights = start.Copy(), velocity = new(n);
            for (int step = 0; step < 3; step++)
            {
                SgdUpdate.Step(n, weights, g, momentum == 0 ? null : velocity, new(0.1f, momentum, 0.01f, nesterov, GradientScale: 0.5f));
            }

            velocity.Checked();
            return [weights.Checked()];
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(37)]
    [InlineData(70_001)]
    public void AdamW_follows_its_formula_over_three_steps(int n)
    {
        Floats start = Floats.Random(1, n), g = Floats.Random(2, n);
        double[] w = start.ToDouble(), m = new double[n], v = new double[n];
        for (int step = 1; step <= 3; step++)
        {
            for (int i = 0; i < n; i++)
            {
                double h = 0.5 * g.Span[i];
                m[i] = (0.9 * m[i]) + (0.1 * h);
                v[i] = (0.99 * v[i]) + (0.01 * h * h);
                w[i] *= 1 - (0.01 * 0.1);
                w[i] -= 0.01 * m[i] / (1 - Math.Pow(0.9, step)) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.99, step))) + 1e-8);
            }
        }

        Everywhere.Check([w, m, v], () =>
        {
            Floats weights = start.Copy(), first = new(n), second = new(n);
            for (int step = 1; step <= 3; step++)
            {
                AdamWUpdate.Step(n, weights, g, first, second, new(step, 0.01f, 0.9f, 0.99f, 1e-8f, 0.1f, GradientScale: 0.5f));
            }

            return [weights.Checked(), first.Checked(), second.Checked()];
        }, 1e-4);
    }
}
