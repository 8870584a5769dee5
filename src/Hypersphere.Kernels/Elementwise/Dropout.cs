using System.Numerics;
using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <summary>Inverted dropout. The mask is a hash of key and index: nothing is stored, and the backward pass is the same call on
/// dy.</summary>
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
    /// <param name="first">Index of x[0], when x is a part of something.</param>
    public static void Apply(int n, float* x, float* y, float keep, ulong key, bool accumulate = false, long first = 0)
    {
        var body = new Body(n, x, y, keep, key, accumulate, (uint)first);
        WorkerPool.Shared.Run((int)(((long)n + ChunkSize - 1) / ChunkSize), ref body);
    }

    /// <summary>Two rounds of a 32-bit finaliser over the index, each with half of the key: the same bits at every register
    /// width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<uint> Hash(Vector<uint> index, uint low, uint high)
    {
        Vector<uint> h = index ^ new Vector<uint>(low);
        h = (h ^ (h >>> 16)) * new Vector<uint>(0x7FEB352D);
        h = (h ^ (h >>> 15)) * new Vector<uint>(0x846CA68B);
        h = (h ^ (h >>> 16)) + new Vector<uint>(high);
        h = (h ^ (h >>> 16)) * new Vector<uint>(0x85EBCA6B);
        h = (h ^ (h >>> 13)) * new Vector<uint>(0xC2B2AE35);
        return h ^ (h >>> 16);
    }

    private readonly struct Body(int n, float* x, float* y, float keep, ulong key, bool accumulate, uint first) : IParallelBody
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int chunk)
        {
            int start = chunk * ChunkSize, end = (int)Math.Min(n, (long)start + ChunkSize), lanes = Vector<float>.Count;
            int i = start;
            for (; i <= end - lanes; i += lanes)
            {
                Vector<float> value = Masked(Vector.Load(x + i), i);
                Vector.Store(accumulate ? Vector.Load(y + i) + value : value, y + i);
            }

            for (; i < end; i++)
            {
                float value = Masked(new Vector<float>(x[i]), i)[0];
                y[i] = accumulate ? y[i] + value : value;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private Vector<float> Masked(Vector<float> value, int index)
        {
            // 31 bits, so that the comparison may be signed
            var threshold = new Vector<int>((int)Math.Min(int.MaxValue, keep * 2147483648.0));
            Vector<uint> hash = Hash(Vector<uint>.Indices + new Vector<uint>(first + (uint)index), (uint)key, (uint)(key >> 32));
            Vector<int> kept = Vector.LessThan(Vector.AsVectorInt32(hash >>> 1), threshold);
            return Vector.ConditionalSelect(kept, value * (1 / keep), Vector<float>.Zero);
        }
    }
}
