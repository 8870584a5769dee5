namespace Hypersphere.Reports;

/// <summary>How a number is shown.</summary>
public enum MetricUnit
{
    /// <summary>0 … 1, shown in per cent.</summary>
    Fraction,

    /// <summary>Degrees.</summary>
    Degrees,

    /// <summary>A plain number with two or three decimals.</summary>
    Number,

    /// <summary>A whole number.</summary>
    Count,

    /// <summary>Seconds.</summary>
    Seconds,
}

/// <summary>Which way a number is better.</summary>
public enum Better
{
    /// <summary>Describes, does not judge.</summary>
    Neither,

    /// <summary>More is better.</summary>
    Higher,

    /// <summary>Less is better.</summary>
    Lower,
}

/// <summary>What a number means: one entry of the report's glossary.</summary>
/// <param name="Key">As in metrics.json.</param>
/// <param name="Name">As in the table.</param>
/// <param name="Unit">How it is shown.</param>
/// <param name="Better">Which way is better.</param>
/// <param name="Formula">In plain Unicode, may be empty.</param>
/// <param name="Text">One or two sentences.</param>
/// <param name="Chance">What guessing gives, in the same unit; null where that depends on the data.</param>
public sealed record MetricDefinition(
    string Key, string Name, MetricUnit Unit, Better Better, string Formula, string Text, double? Chance = null)
{
    /// <summary>The numbers that the library's evaluation computes, in the order of a report.</summary>
    public static IReadOnlyList<MetricDefinition> Standard { get; } =
    [
        new("verification_accuracy", "verification accuracy", MetricUnit.Fraction, Better.Higher, "(true accepts + true rejects) ∕ pairs",
            "Share of pairs rightly called same or different. Ten contiguous folds: the threshold is chosen on nine and "
            + "applied to the tenth; "
            + "± is the standard deviation over the folds.", 0.5),
        new("tar_at_far_1e-2", "TAR@FAR 1e-2", MetricUnit.Fraction, Better.Higher, "TAR(t) where FAR(t) ≤ 10⁻²",
            "True accept rate: share of genuine pairs accepted at the threshold that lets at most one impostor pair in a hundred pass.",
            0.01),
        new("tar_at_far_1e-3", "TAR@FAR 1e-3", MetricUnit.Fraction, Better.Higher, "TAR(t) where FAR(t) ≤ 10⁻³",
            "The same with at most one impostor pair in a thousand. Few impostor pairs make it coarse: with 3,000, three of them decide.",
            0.001),
        new("tar_at_far_1e-4", "TAR@FAR 1e-4", MetricUnit.Fraction, Better.Higher, "TAR(t) where FAR(t) ≤ 10⁻⁴",
            "The same with at most one impostor pair in ten thousand.", 0.0001),
        new("eer", "EER", MetricUnit.Fraction, Better.Lower, "FAR(t) = FRR(t)",
            "Equal error rate: the error where as large a share of impostors is accepted as of genuine pairs is rejected.", 0.5),
        new("auc", "AUC", MetricUnit.Fraction, Better.Higher, "P(cos of a genuine pair > cos of an impostor pair)",
            "Area under the ROC on linear axes.", 0.5),
        new("precision_at_1", "precision@1", MetricUnit.Fraction, Better.Higher,
            "mean over queries of [class of the nearest other sample = own class]",
            "Leave-one-out in the test set: how often the nearest neighbour by cosine has the same class."),
        new("r_precision", "R-precision", MetricUnit.Fraction, Better.Higher, "(same class among the R nearest) ∕ R",
            "R is the number of other samples of the query's class, so a perfect space reaches 100 %."),
        new("map_at_r", "MAP@R", MetricUnit.Fraction, Better.Higher, "1∕R · Σᵢ₌₁…R precision@i · [i-th neighbour is right]",
            "Mean average precision at R: like R-precision, but right neighbours count more the nearer they come."),
        new("closed_set_accuracy", "closed-set accuracy", MetricUnit.Fraction, Better.Higher, "argmaxⱼ cos(x, wⱼ) = y",
            "How often the nearest prototype is the own one: possible only for classes seen in training."),
        new("angle_to_prototype_deg", "angle to own prototype", MetricUnit.Degrees, Better.Lower, "mean of arccos(x·w_y ∕ |x||w_y|)",
            "How tightly samples gather around their class. This, more than the accuracies, is what a margin changes."),
        new("angle_to_centre_deg", "angle to own class mean", MetricUnit.Degrees, Better.Lower, "mean of ∠(x, mean of its class)",
            "Spread within classes, measured without the prototypes: Intra of the ArcFace paper’s Table 3."),
        new("centre_angle_nearest_deg", "angle to nearest other class", MetricUnit.Degrees, Better.Higher,
            "mean over i of minⱼ≠ᵢ ∠(meanᵢ, meanⱼ)",
            "How far each class mean is from the nearest other one: Inter of the ArcFace paper’s Table 3."),
        new("prototype_to_centre_deg", "prototype to class mean", MetricUnit.Degrees, Better.Neither, "mean over i of ∠(wᵢ, meanᵢ)",
            "How well the prototypes stand for what the network does with the test samples: W-EC of the ArcFace paper’s Table 3."),
        new("prototype_angle_nearest_deg", "angle to nearest prototype", MetricUnit.Degrees, Better.Neither,
            "mean over i of minⱼ≠ᵢ ∠(wᵢ, wⱼ)",
            "How far each prototype is from the nearest other one: W-Inter of the ArcFace paper’s Table 3."),
        new("prototype_angle_min_deg", "smallest prototype angle", MetricUnit.Degrees, Better.Neither,
            "min over i ≠ j of ∠(wᵢ, wⱼ)",
            "The two classes that the network keeps least apart: one pair decides, so it varies from seed to seed."),
        new("prototype_angle_mean_deg", "mean prototype angle", MetricUnit.Degrees, Better.Neither, "mean over i ≠ j of ∠(wᵢ, wⱼ)",
            "90° is what random directions give; C prototypes can reach arccos(−1∕(C−1)) at most."),
        new("final_loss", "final loss", MetricUnit.Number, Better.Neither, "mean over the last steps, nats",
            "Not comparable between losses: a margin and a scale raise it without making the embedding worse."),
        new("epochs", "epochs", MetricUnit.Count, Better.Neither, "", "Passes over the training set."),
        new("train_seconds", "training time", MetricUnit.Seconds, Better.Neither, "", "Wall clock, evaluation not counted."),
        new("samples_per_second", "training speed, samples/s", MetricUnit.Count, Better.Higher, "samples ∕ training time",
            "Depends on the machine named under How to reproduce."),
        new("tensor_mib", "peak memory of a step, MiB", MetricUnit.Count, Better.Lower, "",
            "The most that tensors took at once while training: weights, optimizer, activations, gradients. The process holds more."),
        new("parameters", "parameters", MetricUnit.Count, Better.Neither, "", "Trained numbers of the backbone, prototypes not counted."),
    ];
}
