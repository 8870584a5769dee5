using System.Runtime.Intrinsics;

namespace Hypersphere.Kernels.Tests;

public unsafe class ByteProductsTests
{
    [Theory]
    [InlineData(1, 1, 8)]
    [InlineData(4, 4, 128)]
    [InlineData(5, 7, 512)]
    [InlineData(3, 32, 256)]
    [InlineData(11, 48, 392)]
    [InlineData(8, 77, 1024)]
    [InlineData(6, 16, 40)]
    [InlineData(0, 3, 128)]
    public void Every_product_is_the_plain_sum(int m, int n, int size)
    {
        Random random = new(m + (10 * n));
        Check(m, n, size, () => (sbyte)random.Next(-64, 65), () => (byte)random.Next(128));
    }

    /// <summary>Where a 16-bit sum of two pairs could overflow.</summary>
    [Theory]
    [InlineData(64, 127)]
    [InlineData(-64, 127)]
    public void The_largest_numbers_do_not_overflow(int left, int right) => Check(5, 38, 512, () => (sbyte)left, () => (byte)right);

    private static void Check(int m, int n, int size, Func<sbyte> left, Func<byte> right)
    {
        sbyte[] a = [.. Enumerable.Range(0, m * size).Select(_ => left())];
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
                        ByteProducts.Multiply<ByteLanes128, Vector128<byte>, Vector128<int>>(l, m, p, n, size, c, ld);
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
