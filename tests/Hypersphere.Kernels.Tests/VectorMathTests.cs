using System.Runtime.Intrinsics;
using Hypersphere.Kernels.Simd;

namespace Hypersphere.Kernels.Tests;

public unsafe class VectorMathTests
{
    [Fact]
    public void Exp_is_right_to_two_units_in_the_last_place()
    {
        for (float x = -87.3f; x < 88.3f; x += 0.00317f)
        {
            Assert.All(Exps(x), y => Assert.InRange(y / Math.Exp(x), 1 - 2.4e-7, 1 + 2.4e-7));
        }
    }

    [Fact]
    public void Exp_ends_in_zero_a_ceiling_and_NaN()
    {
        Assert.All(Exps(0), y => Assert.Equal(1, y));
        Assert.All(Exps(float.NegativeInfinity), y => Assert.Equal(0, y));
        Assert.All(Exps(-88), y => Assert.Equal(0, y));
        Assert.All(Exps(float.PositiveInfinity), y => Assert.InRange(y, 2e38f, float.MaxValue));
        Assert.All(Exps(float.NaN), y => Assert.True(float.IsNaN(y)));
    }

    private static List<float> Exps(float x)
    {
        List<float> results = [VectorMath.Exp<SimdScalar, float>(x)];
        if (Simd128.IsSupported)
        {
            results.Add(VectorMath.Exp<Simd128, Vector128<float>>(Vector128.Create(x))[3]);
        }

        if (Simd256.IsSupported)
        {
            results.Add(VectorMath.Exp<Simd256, Vector256<float>>(Vector256.Create(x))[7]);
        }

        if (Simd512.IsSupported)
        {
            results.Add(VectorMath.Exp<Simd512, Vector512<float>>(Vector512.Create(x))[15]);
        }

        return results;
    }
}
