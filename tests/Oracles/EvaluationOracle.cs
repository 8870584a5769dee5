namespace Hypersphere.Oracles;

/// <summary>The evaluation measures by their definitions, in double precision, one loop per word of the definition.</summary>
public static class EvaluationOracle
{
    public static double Cosine(float[] values, int size, int i, int j)
    {
        (double dot, double a, double b) = (0, 0, 0);
        for (int d = 0; d < size; d++)
        {
            (double x, double y) = (values[(i * size) + d], values[(j * size) + d]);
            (dot, a, b) = (dot + (x * y), a + (x * x), b + (y * y));
        }

        return a == 0 || b == 0 ? 0 : dot / Math.Sqrt(a * b);
    }

    /// <summary>Leave-one-out neighbours of a sample, nearest first, ties to the lower index.</summary>
    public static int[] Neighbors(float[] values, int size, int query)
    {
        int count = values.Length / size;
        return [.. Enumerable.Range(0, count).Where(j => j != query)
            .OrderByDescending(j => (float)Cosine(values, size, query, j)).ThenBy(j => j)];
    }

    /// <summary>Precision@1, R-precision, MAP@R and Recall@k of leave-one-out retrieval; NaN where no query counts.</summary>
    public static (double PrecisionAt1, double RPrecision, double MapAtR, double Recall) Retrieval(
        float[] values, int size, int[] labels, int k)
    {
        List<(double P1, double Rp, double Map, double Recall)> queries = [];
        for (int q = 0; q < labels.Length; q++)
        {
            int r = labels.Count(l => l == labels[q]) - 1;
            if (labels[q] < 0 || r == 0)
            {
                continue;
            }

            bool[] hit = [.. Neighbors(values, size, q).Select(j => labels[j] == labels[q])];
            (double map, int hits) = (0, 0);
            for (int i = 0; i < r; i++)
            {
                hits += hit[i] ? 1 : 0;
                map += hit[i] ? hits / (i + 1.0) : 0;
            }

            queries.Add((hit[0] ? 1 : 0, hit.Take(r).Count(h => h) / (double)r, map / r, hit.Take(k).Any(h => h) ? 1 : 0));
        }

        return queries.Count == 0
            ? (double.NaN, double.NaN, double.NaN, double.NaN)
            : (queries.Average(q => q.P1), queries.Average(q => q.Rp), queries.Average(q => q.Map), queries.Average(q => q.Recall));
    }

    /// <summary>P(genuine &gt; impostor) + ½ P(equal), pair by pair.</summary>
    public static double Auc(double[] scores, bool[] same)
    {
        (double wins, double total) = (0, 0);
        for (int g = 0; g < scores.Length; g++)
        {
            for (int i = 0; i < scores.Length; i++)
            {
                if (same[g] && !same[i])
                {
                    total++;
                    wins += scores[g] > scores[i] ? 1 : scores[g] == scores[i] ? 0.5 : 0;
                }
            }
        }

        return wins / total;
    }

    /// <summary>Largest share of genuine scores accepted by any threshold that accepts at most far of the impostors.</summary>
    public static double TarAtFar(double[] scores, bool[] same, double far)
    {
        double best = 0;
        foreach (double threshold in scores.Append(double.PositiveInfinity))
        {
            double Accepted(bool kind)
                => scores.Where((s, i) => same[i] == kind && s >= threshold).Count() / (double)same.Count(s => s == kind);
            best = Accepted(false) <= far ? Math.Max(best, Accepted(true)) : best;
        }

        return best;
    }

    /// <summary>Accuracy of contiguous folds, each at the threshold, among all midpoints, that is best on the others (the lowest of
    /// equals).</summary>
    public static double[] KFold(double[] scores, bool[] same, int folds)
    {
        double[] result = new double[folds];
        int[] fold = [.. scores.Select((_, i) => FoldOf(i, scores.Length, folds))];
        for (int f = 0; f < folds; f++)
        {
            double[] train = [.. scores.Where((_, i) => fold[i] != f).Distinct().Order()];
            IEnumerable<double> candidates = train.Zip(train.Skip(1), (a, b) => (a + b) / 2)
                .Prepend(double.NegativeInfinity).Append(double.PositiveInfinity);
            double threshold = candidates.MaxBy(t => scores.Where((s, i) => fold[i] != f && s >= t == same[i]).Count());
            result[f] = scores.Where((s, i) => fold[i] == f && s >= threshold == same[i]).Count() / (double)fold.Count(x => x == f);
        }

        return result;
    }

    private static int FoldOf(int index, int count, int folds)
    {
        int larger = count % folds * ((count / folds) + 1);
        return index < larger ? index / ((count / folds) + 1) : (count % folds) + ((index - larger) / (count / folds));
    }
}
