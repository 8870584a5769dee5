namespace Hypersphere.Evaluation;

/// <summary>Counts of one band of rows, in 32 bits.</summary>
internal sealed class BandCounts
{
    private const int Degrees = AngleHistogram.DefaultBins;

    // for each score step the degree of its highest cosine, and for each degree the lowest cosine that still belongs to it:
    // a step is narrower than a degree, so one comparison decides
    private static readonly byte[] _degreeOfStep = MakeDegrees();
    private static readonly float[] _lowestOfDegree = MakeLowest();

    private readonly int[] _steps = new int[2 * AllPairs.Steps];
    private readonly int[] _angles = new int[2 * Degrees];

    /// <summary>Counts one row of cosines against the labels of the columns.</summary>
    public void Add(ReadOnlySpan<float> cosines, int label, ReadOnlySpan<int> labels)
    {
        for (int c = 0; c < cosines.Length; c++)
        {
            if ((label & labels[c]) < 0)
            {
                continue;       // two distractors
            }

            int step = StepOf(cosines[c]);
            int degree = _degreeOfStep[step];
            degree += cosines[c] <= _lowestOfDegree[degree] ? 1 : 0;
            int kind = label == labels[c] ? 0 : 1;
            _steps[(kind * AllPairs.Steps) + step]++;
            _angles[(kind * Degrees) + Math.Min(degree, Degrees - 1)]++;
        }
    }

    /// <summary>Adds the counts to totals and starts again from nothing.</summary>
    public void MoveTo(long[] genuine, long[] impostor, long[] genuineAngles, long[] impostorAngles)
    {
        for (int i = 0; i < AllPairs.Steps; i++)
        {
            genuine[i] += _steps[i];
            impostor[i] += _steps[AllPairs.Steps + i];
        }

        for (int i = 0; i < Degrees; i++)
        {
            genuineAngles[i] += _angles[i];
            impostorAngles[i] += _angles[Degrees + i];
        }

        Array.Clear(_steps);
        Array.Clear(_angles);
    }

    private static int StepOf(float cosine) => Math.Clamp((int)((cosine + 1) * (AllPairs.Steps / 2)), 0, AllPairs.Steps - 1);

    private static byte[] MakeDegrees()
    {
        byte[] degrees = new byte[AllPairs.Steps];
        for (int step = 0; step < degrees.Length; step++)
        {
            degrees[step] = (byte)Math.Min(Vectors.Degrees(PairCounts.ScoreOf(step + 1)), Degrees - 1);
        }

        return degrees;
    }

    private static float[] MakeLowest()
    {
        float[] lowest = new float[Degrees];
        for (int degree = 0; degree < Degrees; degree++)
        {
            lowest[degree] = (float)Math.Cos((degree + 1) * Math.PI / 180);
        }

        return lowest;
    }
}
