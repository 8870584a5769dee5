using System.Runtime.Intrinsics;

namespace Hypersphere.Kernels.Simd;

/// <summary>Something to do at one register width; implemented by a struct, specialised for every width.</summary>
internal interface IWidthAction
{
    void Run<S, V>()
        where S : struct, ISimd<V>
        where V : struct;
}

/// <summary>Does something at the widest register width of this machine.</summary>
internal static class Widest
{
    public static void Run<A>(ref A action)
        where A : struct, IWidthAction
    {
        if (Simd512.IsSupported)
        {
            action.Run<Simd512, Vector512<float>>();
        }
        else if (Simd256.IsSupported)
        {
            action.Run<Simd256, Vector256<float>>();
        }
        else if (Simd128.IsSupported)
        {
            action.Run<Simd128, Vector128<float>>();
        }
        else
        {
            action.Run<SimdScalar, float>();
        }
    }
}
