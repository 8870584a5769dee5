using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <summary>Inverted dropout. The mask is a hash of key and index: nothing is stored, and the backward pass is the same call on dy.</summary>
public static unsafe class Dropout
{
    private const int ChunkSize = 1 << 14;

    /// <summary>y = x/keep with probability keep, else 0. Gradient: the same call with dy for x and the same key.</summary>
    /// <param name="n">Elements ≥ 0.</param>
    /// <param name="x">[n].</param>
    /// <param name="y">[n]; may be x.</param>
    /// <param name="keep">Probability of keeping an element, 0 &lt; keep ≤ 1.</param>
    /// <param name="key">Which mask; draw it once a forward pass.</param>
    /// <param name="accumulate">Adds to y instead of assigning.</param>
    public static void Apply(int n, float* x, float* y, float keep, ulong key, bool accumulate = false)
    {
        var body = new Body(n, x, y, keep, key, accumulate);
        WorkerPool.Shared.Run((int)(((long)n + ChunkSize - 1) / ChunkSize), ref body);
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    private readonly struct Body(int n, float* x, float* y, float keep, ulong key, bool accumulate) : IParallelBody
    {
        public void Run(int chunk)
        {
            int start = chunk * ChunkSize, end = (int)Math.Min(n, (long)start + ChunkSize);
            ulong threshold = (ulong)(keep * 4294967296.0);
            float scale = 1 / keep;
            for (int i = start; i < end; i++)
            {
                ulong bits = Mix(key + ((ulong)(uint)(i >> 1) * 0x9E3779B97F4A7C15));
                ulong half = (i & 1) == 0 ? bits & uint.MaxValue : bits >> 32;
                float value = half < threshold ? x[i] * scale : 0;
                y[i] = accumulate ? y[i] + value : value;
            }
        }
    }
}
