using Hypersphere.Evaluation;
using Hypersphere.Losses;
using Hypersphere.Losses.Classification;
using Hypersphere.Tensors;

namespace Hypersphere.Tests.Losses;

/// <summary>What losses with prototypes keep between batches, draw, report and warn of.</summary>
public sealed class ProxyStateTests
{
    private const int Size = 2;

    [Fact]
    public void SphereFace_counts_training_batches_and_anneals_to_the_floor()
    {
        var loss = (SphereFace)Make("sphereface");
        Run(loss);
        Assert.Equal(892.857, loss.Lambda, 1e-3); // 1000 / (1 + 0.12), as published after one batch
        loss.SetTraining(false);
        Run(loss);
        Assert.Equal(1, Buffer(loss, "batches"));
        loss.SetTraining(true);
        loss.Buffers().Single().Value.Span[0] = 1657;
        Run(loss);
        Assert.True(loss.Lambda > 5);
        Run(loss);
        Assert.Equal(5, loss.Lambda);
        Assert.Equal(0, ((SphereFace)Make("sphereface(annealing=false)")).Lambda);
    }

    [Fact]
    public void CurricularFace_moves_t_by_the_mean_target_cosine_before_use()
    {
        var loss = (CurricularFace)Make("curricularface(momentum=0.25)");
        Run(loss); // cosines 1 and 0; the third row does not count
        Assert.Equal(0.125, loss.T, 1e-6);
        Run(loss);
        Assert.Equal((0.25 * 0.5) + (0.75 * 0.125), loss.T, 1e-6);
        (float[] values, _) = loss.NegativeCurve([0.1], ownAngle: 1.0);
        Assert.Equal(Math.Cos(0.1) * (loss.T + Math.Cos(0.1)), values[0], 1e-6);
    }

    [Fact]
    public void AdaFace_follows_the_norms_and_a_batch_of_one_leaves_the_deviation()
    {
        var loss = (AdaFace)Make("adaface(momentum=0.5)");
        Run(loss); // lengths 1 and 3
        Assert.Equal((0.5 * 20) + (0.5 * 2), loss.NormMean, 1e-5);
        Assert.Equal((0.5 * 100) + (0.5 * Math.Sqrt(2)), loss.NormDeviation, 1e-5);
        Run(loss, [1, 0], [0]);
        Assert.Equal(6, loss.NormMean, 1e-5);
        Assert.Equal((0.5 * 100) + (0.5 * Math.Sqrt(2)), loss.NormDeviation, 1e-5);
    }

    [Fact]
    public void AdaCos_follows_the_batch_only_in_training()
    {
        var loss = (AdaCos)Make("adacos");
        float first = loss.CurrentScale;
        loss.SetTraining(false);
        Run(loss);
        Assert.Equal(first, loss.CurrentScale);
        loss.SetTraining(true);
        Run(loss);
        double b = ((Math.Exp(first * 0) + Math.Exp(first * -1)) + (Math.Exp(first * 1) + Math.Exp(first * -1))) / 2; // both rows lie along the first axis
        Assert.Equal(Math.Log(b) / Math.Cos(0), loss.CurrentScale, 1e-4);
    }

    [Fact]
    public void Elastic_margins_are_drawn_by_step_and_rest_outside_training()
    {
        var loss = (ElasticCosFace)Make("elastic-cosface(margin=0.3, std=0.1)");
        float[] cosines = new float[4000];
        int[] labels = new int[4000];
        loss.BeginStep(new Rng(7));
        double[] drawn = loss.Draw(cosines, labels);
        Assert.Equal(0.3, drawn.Average(), 0.01);
        Assert.Equal(0.1, Math.Sqrt(drawn.Average(m => Math.Pow(m - 0.3, 2))), 0.005);
        Assert.Equal(drawn, loss.Draw(cosines, labels));
        loss.BeginStep(new Rng(8));
        Assert.NotEqual(drawn, loss.Draw(cosines, labels));
        Assert.Equal(1 - 0.3f, loss.Curve([0]).Values[0], 1e-6f);
    }

    [Fact]
    public void The_sorted_form_gives_the_largest_cosine_the_smallest_margin()
    {
        var loss = (ElasticArcFace)Make("elastic-arcface(plus=true, std=0.2)");
        loss.BeginStep(new Rng(7));
        double[] margins = loss.Draw([0.1f, 0.9f, 0, -0.5f, 0.3f], [0, 1, -1, 2, 1]);
        Assert.Equal(0, margins[2]);
        double[] byCosine = [margins[1], margins[4], margins[0], margins[3]];
        Assert.Equal(byCosine.Order(), byCosine);
        Assert.Equal(4, byCosine.Distinct().Count());
    }

    [Fact]
    public void Outliers_lie_far_from_the_centre_that_most_of_their_class_is_near_to()
    {
        var loss = (SubCenterArcFace)Loss.Create("subcenter-arcface(centers=2)", new LossContext(3, Size, new Rng(0)));
        new float[] { 1, 0, 0, 1, -1, 0, 0, -1, 1, 1, -1, 1 }.CopyTo(loss.Prototypes.Value.Span);
        float[] x = [0, 2, 1, 3, 3, 1, 0, -1, -1, 0.2f, 5, 5, -1, 3];
        SubCenterReport report = loss.Outliers(Tensor.From(x, new Shape(7, Size)), new[] { 0, 0, 0, 0, 1, -1, 0 });
        Assert.Equal([1, 0, -1], report.DominantCenters);
        Assert.Equal([0, 1, 2, 3, 4, 6], report.Samples.Select(s => s.Index));
        Assert.Equal([1, 1, 0, 0, 0, 1], report.Samples.Select(s => s.Center));
        Assert.Equal([0, 18.4349, 71.5651, 180, 11.3099, 18.4349], report.Samples.Select(s => s.AngleToDominant), (a, b) => Math.Abs(a - b) < 1e-2);
        Assert.Equal([false, false, true, true, false, false], report.Samples.Select(s => s.IsOffDominant));
        Assert.Equal([3], report.Outliers.Select(s => s.Index));
    }

    [Fact]
    public void Angles_count_to_the_nearest_of_several_prototypes()
    {
        EmbeddingSet set = new([1, 0, 0, 1], Size, [0, 1]);
        float[] prototypes = [0, -1, 1, 1, -1, 0, 0, 2];
        Assert.Equal([45, 0], Angles.ToPrototypes(set, prototypes, centers: 2), (a, b) => Math.Abs(a - b) < 1e-4);
        Assert.Equal([0, 1], ClosedSet.Predict(set, prototypes, centers: 2));
        AngleStatistics statistics = Angles.Measure(set, prototypes, centers: 2);
        Assert.Equal(45, statistics.PrototypeMin!.Value, 1e-4);
        Assert.Throws<InputException>(() => Angles.ToPrototypes(set, prototypes.AsSpan(0, 6), centers: 2));
    }

    [Theory]
    [InlineData("cosface(scale=64)", 10575, false)]
    [InlineData("cosface(scale=8)", 10575, true)]
    [InlineData("normalized-softmax(scale=1)", 2, true)]
    [InlineData("normalized-softmax(scale=5)", 10, false)]
    [InlineData("circle-class", 10575, false)]
    [InlineData("circle-class(margin=0.05)", 10575, true)]
    [InlineData("sphereface", 10575, false)]
    [InlineData("0.5*cosface(scale=8) + center", 10575, true)]
    public void A_scale_too_small_for_the_classes_is_warned_of(string spec, int classes, bool warned)
    {
        Loss loss = Loss.Create(spec, new LossContext(classes, Size, new Rng(0)));
        Assert.Equal(warned, loss.Warning is not null);
    }

    [Fact]
    public void The_warning_names_the_scale_that_would_do()
    {
        string? warning = Loss.Create("cosface(scale=8)", new LossContext(1000, Size, new Rng(0))).Warning;
        Assert.Equal(
            "scale 8 is small for 1,000 classes: even a perfect network gives the own class a probability of 0.75; 9.1 would allow 0.9", warning);
    }

    /// <summary>Three classes on the axes of a plane: cosines 1, 0 and −1 with the first axis.</summary>
    private static Loss Make(string spec)
    {
        Loss loss = Loss.Create(spec, new LossContext(3, Size, new Rng(0)));
        new float[] { 1, 0, 0, 1, -1, 0 }.CopyTo(loss.Prototypes!.Value.Span);
        return loss;
    }

    private static void Run(Loss loss) => Run(loss, [1, 0, 3, 0, 9, 9], [0, 1, -1]);

    private static void Run(Loss loss, float[] x, int[] labels) => loss.Forward(Tensor.From(x, new Shape(labels.Length, Size)), labels);

    private static float Buffer(Loss loss, string name) => loss.Buffers().Single(b => b.Name == name).Value.Span[0];
}
