using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypersphere.Evaluation;

/// <summary>Cosines counted in steps of 1/32768, each step in two parts where a whole degree divides it, so that the counts of degrees
/// follow.</summary>
internal sealed unsafe class CosineCounts
{
    public const int Steps = 1 << 16;

    private const int Degrees = AngleHistogram.DefaultBins, MostInBlock = SimilarityBlocks.BlockColumns;

    // of each step the degree of its highest cosine, and the lowest cosine that still belongs to this degree:
    // a step is narrower than a degree, so one comparison decides
    private static readonly byte[] _degree = MakeDegrees();
    private static readonly float[] _edge = MakeEdges();

    private readonly int[] _counts = new int[2 * Steps];
    private long _total;

    /// <summary>Whether a count could come near to what 32 bits hold.</summary>
    public bool IsFull => _total > 1 << 30;

    /// <summary>Lowest cosine of a step.</summary>
    public static double CosineOf(int step) => (step / (Steps / 2.0)) - 1;

    /// <summary>Counts at most <see cref="MostInBlock"/> cosines.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<float> cosines)
    {
        _total += cosines.Length;
        int* steps = stackalloc int[MostInBlock];
        fixed (float* cosine = cosines, edge = _edge)
        fixed (int* counts = _counts)
        {
            int i = 0;
            for (; i + Vector256<float>.Count <= cosines.Length; i += Vector256<float>.Count)
            {
                Vector256<float> scaled = (Vector256.Load(cosine + i) + Vector256<float>.One) * (Steps / 2);
                Vector256.Clamp(Vector256.ConvertToInt32(scaled), Vector256<int>.Zero, Vector256.Create(Steps - 1)).Store(steps + i);
            }

            for (; i < cosines.Length; i++)
            {
                steps[i] = Math.Clamp((int)((cosine[i] + 1) * (Steps / 2)), 0, Steps - 1);
            }

            for (i = 0; i < cosines.Length; i++)
            {
                int step = steps[i];
                counts[step + (cosine[i] <= edge[step] ? Steps : 0)]++;
            }
        }
    }

    /// <summary>Adds the counts to totals and starts again from nothing.</summary>
    /// <param name="steps">[Steps].</param>
    /// <param name="degrees">[180].</param>
    public void MoveTo(long[] steps, long[] degrees)
    {
        for (int i = 0; i < Steps; i++)
        {
            (int above, int below) = (_counts[i], _counts[Steps + i]);
            steps[i] += above + below;
            degrees[_degree[i]] += above;
            degrees[Math.Min(_degree[i] + 1, Degrees - 1)] += below;
        }

        Array.Clear(_counts);
        _total = 0;
    }

    private static byte[] MakeDegrees()
    {
        byte[] degrees = new byte[Steps];
        for (int step = 0; step < degrees.Length; step++)
        {
            degrees[step] = (byte)Math.Min(Vectors.Degrees(CosineOf(step + 1)), Degrees - 1);
        }

        return degrees;
    }

    private static float[] MakeEdges() => Array.ConvertAll(_degree, degree => (float)Math.Cos((degree + 1) * Math.PI / 180));
}
