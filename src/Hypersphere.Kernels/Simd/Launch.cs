using System.Runtime.Intrinsics;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels.Simd;

/// <summary>A kernel cut into chunks; implemented by a struct, specialised for every register width.</summary>
internal interface IKernel
{
    void Run<S, V>(int chunk)
        where S : struct, ISimd<V>
        where V : struct;
}

/// <summary>Runs an <see cref="IKernel"/> on the worker pool at the widest register width of this machine.</summary>
internal static class Launch
{
    [ThreadStatic]
    private static int _forced;

    /// <summary>Floats in a register of the kernels that this thread launches.</summary>
    public static int Lanes => _forced != 0 ? _forced : Widest;

    private static int Widest => Simd512.IsSupported ? Simd512.Lanes : Simd256.IsSupported ? Simd256.Lanes
        : Simd128.IsSupported ? Simd128.Lanes : 1;

    /// <summary>Makes this thread launch kernels of another width (0: the widest again); false where the runtime lacks it.</summary>
    public static bool Force(int lanes)
    {
        bool supported = lanes is 0 or 1 || (lanes == Simd128.Lanes && Simd128.IsSupported)
            || (lanes == Simd256.Lanes && Simd256.IsSupported) || (lanes == Simd512.Lanes && Simd512.IsSupported);
        if (supported)
        {
            _forced = lanes;
        }

        return supported;
    }

    /// <summary>Runs every chunk once; a single chunk runs on the calling thread.</summary>
    public static void Run<K>(int chunks, in K kernel)
        where K : struct, IKernel
    {
        var body = new Body<K>(kernel, Lanes);
        WorkerPool.Shared.Run(chunks, ref body);
    }

    private struct Body<K>(K kernel, int lanes) : IParallelBody
        where K : struct, IKernel
    {
        private K _kernel = kernel;

        public void Run(int chunk)
        {
            switch (lanes)
            {
                case 16:
                    _kernel.Run<Simd512, Vector512<float>>(chunk);
                    break;
                case 8:
                    _kernel.Run<Simd256, Vector256<float>>(chunk);
                    break;
                case 4:
                    _kernel.Run<Simd128, Vector128<float>>(chunk);
                    break;
                default:
                    _kernel.Run<SimdScalar, float>(chunk);
                    break;
            }
        }
    }
}
