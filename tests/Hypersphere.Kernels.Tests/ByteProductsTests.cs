using System.Runtime.Intrinsics;

namespace Hypersphere.Kernels.Tests;

public unsafe class ByteProductsTests
{
    [Theory]
    [InlineData(1, 1, 16)]
    [InlineData(4, 4, 128)]
    [InlineData(5, 7, 512)]
    [InlineData(3, 32, 256)]
    [InlineData(11, 48, 400)]
    [InlineData(8, 77, 1024)]
    [InlineData(6, 16, 48)]
    [InlineData(0, 3, 128)]
    public void Every_product_is_the_plain_sum(int m, int n, int size)
    {
        Random random = new(m + (10 * n));
        Check(m, n, size, _ => (sbyte)random.Next(-32, 33), () => (byte)random.Next(128));
    }

    /// <summary>The most that 16 bits hold, evenly spread and in few numbers.</summary>
    [Fact]
    public void The_largest_numbers_do_not_overflow()
    {
        int[] even = [32, 33, 32, 32, 32, 33, 32, 32, 32, 32, 32, 32, 32, 32, 33, 33], few = [127, 0, 0, 0, 4, 0, 0, -127, 0, -127, -127, 0, 0, 0, 0, -4];
        foreach (int[] numbers in (int[][])[even, [.. even.Select(x => -x)], few])
        {
            Assert.Equal(ByteProducts.MostOfEight, ByteProducts.LargestEight([.. numbers.Select(x => (float)x)]));
            Check(5, 38, 512, k => (sbyte)numbers[k % numbers.Length], () => (byte)sbyte.MaxValue);
        }
    }

    [Fact]
    public void Eight_numbers_of_sixteen_are_summed_together()
    {
        float[] row = [.. Enumerable.Range(0, 40).Select(_ => 0f)];
        for (int k = 0; k < row.Length; k++)
        {
            (row[k], float before) = (k % 2 == 0 ? 2 : -2, ByteProducts.LargestEight(row));
            Assert.Equal(Math.Max(before, 2 * (1 + (k % 16 / 4 * 2) + (k % 2))), ByteProducts.LargestEight(row));
        }
    }

    private static void Check(int m, int n, int size, Func<int, sbyte> left, Func<byte> right)
    {
        sbyte[] a = [.. Enumerable.Range(0, m * size).Select(left)];
        byte[] b = [.. Enumerable.Range(0, n * size).Select(_ => right())], packed = new byte[ByteProducts.PackedLength(n, size)];
        int ld = n + 3;
        int[] plain = [.. Enumerable.Repeat(-7, (m * ld) + 1)];
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                plain[(i * ld) + j] = Enumerable.Range(0, size).Sum(k => a[(i * size) + k] * b[(j * size) + k]);
            }
        }

        fixed (sbyte* l = a)
        fixed (byte* r = b, p = packed)
        {
            for (int j = 0; j < n; j++)
            {
                ByteProducts.Pack(r + (j * size), j, size, p);
            }

            foreach (bool portable in (bool[])[false, true])
            {
                int[] result = [.. Enumerable.Repeat(-7, plain.Length)];
                fixed (int* c = result)
                {
                    if (portable)
                    {
                        ByteProducts.Multiply<ByteLanes128, Vector128<byte>, Vector128<short>, Vector128<int>>(l, m, p, n, size, c, ld);
                    }
                    else
                    {
                        ByteProducts.Multiply(l, m, p, n, size, c, ld);
                    }
                }

                Assert.Equal(plain, result);
            }
        }
    }
}
