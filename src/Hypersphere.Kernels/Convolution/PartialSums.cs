using System.Numerics.Tensors;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <summary>Adds up partial results in the order of their parts, in parallel over their elements.</summary>
internal readonly unsafe struct PartialSums(float* partials, int parts, int size, float* sum, bool accumulate) : IParallelBody
{
    private const int Slice = 16 * 1024;

    /// <summary>sum[i] = Σ partials[part·size + i], plus sum[i] when accumulating.</summary>
    public static void Join(float* partials, int parts, int size, float* sum, bool accumulate, WorkerPool pool)
    {
        PartialSums body = new(partials, parts, size, sum, accumulate);
        pool.Run((size + Slice - 1) / Slice, ref body);
    }

    public void Run(int chunk)
    {
        int from = chunk * Slice, count = Math.Min(Slice, size - from);
        Span<float> total = new(sum + from, count);
        for (int part = 0; part < parts; part++)
        {
            ReadOnlySpan<float> partial = new(partials + ((nint)part * size) + from, count);
            if (part == 0 && !accumulate)
            {
                partial.CopyTo(total);
            }
            else
            {
                TensorPrimitives.Add(total, partial, total);
            }
        }
    }
}
