using Hypersphere.Evaluation;

namespace Hypersphere.Tests.Evaluation;

public class AnglesTests
{
    private static float[] Circle(params double[] degrees)
        => [.. degrees.SelectMany(d => new[] { (float)(3 * Math.Cos(d * Math.PI / 180)), (float)(3 * Math.Sin(d * Math.PI / 180)) })];

    [Fact]
    public void On_a_circle_by_hand()
    {
        EmbeddingSet set = new(Circle(0, 20, 100, 130, 200), 2, [0, 0, 1, 1, 2]);
        AngleStatistics angles = Angles.Measure(set, Circle(5, 120, 200));
        Assert.Equal((5 + 15 + 20 + 10 + 0) / 5.0, angles.OwnPrototype!.Value, 1e-4);
        Assert.Equal(5, angles.OwnPrototypes!.Total);
        Assert.Equal((10 + 10 + 15 + 15) / 4.0, angles.OwnCentre!.Value, 1e-4);
        Assert.Equal((105 + 85 + 85) / 3.0, angles.NearestCentre!.Value, 1e-4);
        Assert.Equal((5 + 5 + 0) / 3.0, angles.PrototypeToCentre!.Value, 1e-4);
        Assert.Equal((115 + 80 + 80) / 3.0, angles.NearestPrototype!.Value, 1e-4);
        Assert.Equal(80, angles.PrototypeMin!.Value, 1e-4);
        Assert.Equal((115 + 80 + 165) / 3.0, angles.PrototypeMean!.Value, 1e-4);
        Assert.Equal(1, ClosedSet.Accuracy(set, Circle(5, 120, 200)));
        Assert.Equal(0.8, ClosedSet.Accuracy(set, Circle(5, 120, 300))!.Value, 12);
        Assert.Equal([0, 0, 1, 1, 1], ClosedSet.Predict(set, Circle(5, 120, 300)));
        Assert.Equal([0, 0, 0, 0, 0], ClosedSet.Predict(set, Circle(9, 9, 9)));
    }

    [Fact]
    public void What_is_undefined_is_null()
    {
        AngleStatistics alone = Angles.Measure(new EmbeddingSet([1, 0], 2, [0]), Circle(0));
        Assert.Null(alone.OwnCentre);
        Assert.Null(alone.NearestCentre);
        Assert.Null(alone.PrototypeMin);
        Assert.Null(alone.PrototypeMean);
        Assert.Equal(0, alone.OwnPrototype);
        AngleStatistics none = Angles.Measure(new EmbeddingSet([1, 0], 2, [-1]), Circle(0, 50));
        Assert.Null(none.OwnPrototype);
        Assert.Equal(50, none.PrototypeMin!.Value, 1e-4);
        Assert.Null(ClosedSet.Accuracy(new EmbeddingSet([1, 0], 2, [-1]), Circle(0)));
        Assert.Null(Angles.Measure(new EmbeddingSet([], 2, [])).OwnCentre);
    }

    [Fact]
    public void Opposite_samples_have_no_centre_and_count_as_right_angles()
        => Assert.Equal(90, Angles.Measure(new EmbeddingSet([1, 0, -1, 0], 2, [0, 0])).OwnCentre);

    [Fact]
    public void Prototypes_must_fit()
    {
        EmbeddingSet set = new([1, 0], 2, [4]);
        Assert.Contains("there are 2 but a label is 4",
            Assert.Throws<InputException>(() => Angles.Measure(set, Circle(0, 1))).Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => ClosedSet.Accuracy(set, [1, 2, 3]));
        Assert.Throws<InputException>(() => ClosedSet.Accuracy(set, []));
    }

    [Fact]
    public void Rotation_changes_no_angle()
    {
        EmbeddingSet set = TestSets.Clusters(200, 3, 5, 8);
        float[] prototypes = TestSets.Clusters(5, 3, 5, 9).Values;
        AngleStatistics plain = Angles.Measure(set, prototypes);
        AngleStatistics turned = Angles.Measure(new EmbeddingSet(Turn(set.Values), 3, set.Labels), Turn(prototypes));
        Assert.Equal(plain.OwnPrototype!.Value, turned.OwnPrototype!.Value, 1e-4);
        Assert.Equal(plain.OwnCentre!.Value, turned.OwnCentre!.Value, 1e-4);
        Assert.Equal(plain.NearestCentre!.Value, turned.NearestCentre!.Value, 1e-4);
        Assert.Equal(plain.PrototypeMean!.Value, turned.PrototypeMean!.Value, 1e-4);
    }

    [Fact]
    public void Many_prototypes_agree_with_a_plain_loop()
    {
        float[] rows = TestSets.Clusters(1200, 5, 1200, 2).Values;
        AngleStatistics angles = Angles.Measure(new EmbeddingSet([1, 0, 0, 0, 0], 5, [0]), rows);
        (double sum, double min, double[] nearest) = (0, 180, new double[1200]);
        Array.Fill(nearest, 180);
        for (int i = 0; i < 1200; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double angle = Math.Acos(Oracles.EvaluationOracle.Cosine(rows, 5, i, j)) * 180 / Math.PI;
                (sum, min) = (sum + angle, Math.Min(min, angle));
                (nearest[i], nearest[j]) = (Math.Min(nearest[i], angle), Math.Min(nearest[j], angle));
            }
        }

        Assert.Equal(min, angles.PrototypeMin!.Value, 1e-3);
        Assert.Equal(sum / (1200 * 1199 / 2), angles.PrototypeMean!.Value, 1e-3);
        Assert.Equal(nearest.Average(), angles.NearestPrototype!.Value, 1e-3);
    }

    private static float[] Turn(float[] rows)
    {
        float[] result = [.. rows];
        for (int i = 0; i < rows.Length; i += 3)
        {
            (result[i], result[i + 2]) = ((0.6f * rows[i]) - (0.8f * rows[i + 2]), (0.8f * rows[i]) + (0.6f * rows[i + 2]));
            result[i + 1] = -rows[i + 1];
        }

        return result;
    }
}
