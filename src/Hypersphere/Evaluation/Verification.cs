namespace Hypersphere.Evaluation;

/// <summary>One-to-one verification: are two samples of the same class? Scored by cosine, judged by k-fold accuracy.</summary>
public static class Verification
{
    /// <summary>Scores pairs and measures ten-fold accuracy, the ROC curve and the angles.</summary>
    /// <inheritdoc cref="Scores" path="/param|/exception"/>
    public static VerificationResult Evaluate(EmbeddingSet set, VerificationPairs pairs)
    {
        double[] scores = Scores(set, pairs);
        (AngleHistogram genuine, AngleHistogram impostor) = AngleHistogram.FromScores(scores, pairs.Same);
        return new VerificationResult
        {
            Pairs = pairs,
            Scores = scores,
            Accuracy = KFold(scores, pairs.Same),
            Curve = RocCurve.FromScores(scores, pairs.Same),
            Genuine = genuine,
            Impostor = impostor,
        };
    }

    /// <summary>Cosine of each pair, in double precision, in [-1, 1]; 0 where an embedding is zero.</summary>
    /// <param name="set">The embeddings, need not be normalised.</param>
    /// <param name="pairs">Rows of <paramref name="set"/>.</param>
    /// <exception cref="InputException">A pair names a row that the set does not have.</exception>
    public static double[] Scores(EmbeddingSet set, VerificationPairs pairs)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(pairs);
        double[] scores = new double[pairs.Count];
        for (int p = 0; p < scores.Length; p++)
        {
            (int i, int j) = (pairs.First[p], pairs.Second[p]);
            if ((uint)i >= (uint)set.Count || (uint)j >= (uint)set.Count)
            {
                throw new InputException($"verification: pair {p} is ({i}, {j}) but there are {set.Count} embeddings; "
                    + "were the pairs made for another data set?");
            }

            scores[p] = set.Cosine(i, j);
        }

        return scores;
    }

    /// <summary>Accuracy over contiguous folds, each judged by the threshold that was best on all the others.</summary>
    /// <remarks>A pair counts as same when score ≥ threshold. Candidate thresholds are the midpoints between neighbouring distinct
    /// scores of
    /// the other folds, and −∞ and +∞; of equally accurate ones the lowest. The first P mod k folds hold one pair more. The published
    /// code's
    /// grid is <see cref="InsightFaceProtocol"/>.</remarks>
    /// <param name="scores">[P], higher means more alike.</param>
    /// <param name="same">[P] true for a genuine pair.</param>
    /// <param name="folds">k, at least 2.</param>
    /// <returns>Null where there are fewer pairs than folds.</returns>
    /// <exception cref="InputException">A score is NaN, or the lengths differ.</exception>
    public static FoldAccuracy? KFold(ReadOnlySpan<double> scores, ReadOnlySpan<bool> same, int folds = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        ScoredPairs sorted = ScoredPairs.Descending(scores, same);
        if (sorted.Count < folds)
        {
            return null;
        }

        double[] accuracies = new double[folds];
        double[] thresholds = new double[folds];
        for (int f = 0; f < folds; f++)
        {
            Range fold = Fold(scores.Length, folds, f);
            thresholds[f] = BestThreshold(sorted, fold);
            accuracies[f] = Accuracy(scores[fold], same[fold], thresholds[f]);
        }

        return new FoldAccuracy(accuracies, thresholds);
    }

    /// <summary>Share of pairs that "same when score ≥ threshold" gets right.</summary>
    public static double Accuracy(ReadOnlySpan<double> scores, ReadOnlySpan<bool> same, double threshold)
    {
        int right = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            right += scores[i] >= threshold == same[i] ? 1 : 0;
        }

        return (double)right / scores.Length;
    }

    /// <summary>Where fold <paramref name="fold"/> of <paramref name="folds"/> contiguous ones lies; the first ones hold one pair more.</summary>
    /// <param name="count">Pairs in all.</param>
    /// <param name="folds">Parts.</param>
    /// <param name="fold">0 … folds−1.</param>
    public static Range Fold(int count, int folds, int fold)
    {
        (int size, int larger) = (count / folds, count % folds);
        int start = (fold * size) + Math.Min(fold, larger);
        return start..(start + size + (fold < larger ? 1 : 0));
    }

    private static double BestThreshold(in ScoredPairs sorted, Range excluded)
    {
        // from +∞ down: passing a genuine score gains one right answer, an impostor's loses one
        (int gain, int best) = (0, 0);
        (double threshold, double previous) = (double.PositiveInfinity, double.PositiveInfinity);
        for (int i = 0; i < sorted.Count; i++)
        {
            int pair = sorted.Index[i];
            if (pair >= excluded.Start.Value && pair < excluded.End.Value)
            {
                continue;
            }

            double score = sorted.Scores[i];
            if (score != previous)
            {
                if (gain >= best)
                {
                    (best, threshold) = (gain, double.IsInfinity(previous) ? previous : Middle(score, previous));
                }

                previous = score;
            }

            gain += sorted.Same[i] ? 1 : -1;
        }

        return gain >= best ? double.NegativeInfinity : threshold;
    }

    private static double Middle(double low, double high)
    {
        double middle = low + ((high - low) / 2);
        return middle > low ? middle : high;
    }
}
