using System.Runtime.CompilerServices;
using Hypersphere.Kernels.Simd;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <summary>A·Bᵀ for a few rows of A, such as one query against a gallery: every row of B is read once and nothing is packed.</summary>
internal unsafe struct DotProducts<S, V>(in GemmProblem problem) : IParallelBody
    where S : struct, ISimd<V>
    where V : struct
{
    private const int Group = 4;
    private readonly GemmProblem _p = problem;
    private int _perChunk;

    public void Run(WorkerPool pool)
    {
        long flops = 2L * _p.M * _p.N * _p.K;
        _perChunk = flops < Blocking.ParallelFlops ? _p.N : Math.Max(Group, _p.N / (4 * Blocking.Chunks) / Group * Group);
        pool.Run((_p.N + _perChunk - 1) / _perChunk, ref this);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run(int chunk)
    {
        int from = chunk * _perChunk, to = Math.Min(_p.N, from + _perChunk);
        float* sums = stackalloc float[Group];
        for (int j = from; j < to; j += Group)
        {
            int count = Math.Min(Group, to - j);
            float* b = _p.B + ((nint)j * _p.Ldb);
            nint second = count > 1 ? _p.Ldb : 0, third = count > 2 ? 2 * (nint)_p.Ldb : 0, fourth = count > 3 ? 3 * (nint)_p.Ldb : 0;
            for (int i = 0; i < _p.M; i++)
            {
                Dot(_p.A + ((nint)i * _p.Lda), b, b + second, b + third, b + fourth, sums);
                Output output = _p.C.At(i, j);
                output.Write(sums, 1, output.IsTransposed ? count : 1, output.IsTransposed ? 1 : count);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Dot(float* a, float* b0, float* b1, float* b2, float* b3, float* sums)
    {
        V s0 = S.Zero, s1 = S.Zero, s2 = S.Zero, s3 = S.Zero;
        int k = 0;
        for (; k <= _p.K - S.Lanes; k += S.Lanes)
        {
            V x = S.Load(a + k);
            s0 = S.MultiplyAdd(x, S.Load(b0 + k), s0);
            s1 = S.MultiplyAdd(x, S.Load(b1 + k), s1);
            s2 = S.MultiplyAdd(x, S.Load(b2 + k), s2);
            s3 = S.MultiplyAdd(x, S.Load(b3 + k), s3);
        }

        (sums[0], sums[1], sums[2], sums[3]) = (S.Sum(s0), S.Sum(s1), S.Sum(s2), S.Sum(s3));
        for (; k < _p.K; k++)
        {
            sums[0] += a[k] * b0[k];
            sums[1] += a[k] * b1[k];
            sums[2] += a[k] * b2[k];
            sums[3] += a[k] * b3[k];
        }
    }
}
