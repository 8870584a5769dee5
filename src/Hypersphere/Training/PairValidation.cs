using Hypersphere.Collectives;
using Hypersphere.Data;
using Hypersphere.Evaluation;

namespace Hypersphere.Training;

/// <summary>Verifies pairs of images between epochs; the true accept rate at a false accept rate decides which checkpoint is the best.</summary>
/// <example><code>PairValidation validation = new(faces, VerificationPairs.Balanced(labels, 6000, new Rng(0)));
/// trainer.Run(validate: () => validation.Measure(trainer.Model));</code></example>
public sealed class PairValidation
{
    private readonly VerificationPairs _pairs;

    /// <summary>Checks that the pairs can decide.</summary>
    /// <param name="images">Images of people that are not trained on.</param>
    /// <param name="pairs">Pairs of them.</param>
    /// <param name="far">The false accept rate, above 0 and below 1.</param>
    /// <exception cref="InputException">There are too few impostor pairs for the rate, or no genuine one.</exception>
    public PairValidation(ImageSource images, VerificationPairs pairs, double far = 1e-2)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(far);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(far, 1);
        (Images, _pairs, Far) = (images, pairs, far);
        int genuine = pairs.Same.Count(same => same), impostor = pairs.Count - genuine;
        if (genuine == 0 || impostor * far < 1)
        {
            throw new InputException(FormattableString.Invariant(
                $"validation: {genuine} genuine and {impostor} impostor pairs cannot tell the true accept rate at a false accept rate of {far}; it needs genuine pairs and at least {Math.Ceiling(1 / far)} impostor pairs."));
        }
    }

    /// <summary>What is embedded.</summary>
    public ImageSource Images { get; }

    /// <summary>The false accept rate.</summary>
    public double Far { get; }

    /// <summary>Embeds the images and verifies the pairs.</summary>
    /// <param name="model">The model as it is now.</param>
    /// <param name="ranks">The ranks of its training, each of which embeds its share of the images; null for this process alone.</param>
    /// <returns>TAR@FAR, with ten-fold accuracy and equal error rate beside it.</returns>
    public ValidationScore Measure(EmbeddingModel model, ICollective? ranks = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        VerificationResult result = Verification.Evaluate(model.Embed(Images, ranks ?? SingleProcess.Instance), _pairs);
        double tar = result.Curve.TarAt(Far).Tar ?? 0;
        return new ValidationScore(
            tar, [("validation_tar", tar), ("validation_accuracy", result.Accuracy?.Mean ?? double.NaN), ("validation_eer", result.Curve.Eer ?? double.NaN)]);
    }
}
