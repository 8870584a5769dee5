namespace Hypersphere.Kernels.Tests;

public unsafe class ByteProductsTests
{
    [Theory]
    [InlineData(1, 1, 128)]
    [InlineData(4, 4, 128)]
    [InlineData(5, 7, 512)]
    [InlineData(3, 2, 256)]
    [InlineData(11, 9, 384)]
    [InlineData(8, 13, 1024)]
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
    public void The_largest_numbers_do_not_overflow(int left, int right) => Check(5, 6, 512, () => (sbyte)left, () => (byte)right);

    [Fact]
    public void The_portable_sum_agrees_with_the_widest()
    {
        Random random = new(1);
        sbyte[] left = [.. Enumerable.Range(0, 640).Select(_ => (sbyte)random.Next(-64, 65))];
        byte[] right = [.. Enumerable.Range(0, 640).Select(_ => (byte)random.Next(128))];
        fixed (sbyte* l = left)
        fixed (byte* r = right)
        {
            Assert.Equal(ByteTiles.One(l, r, 640), ByteTiles.Portable(l, r, 640));
        }
    }

    private static void Check(int m, int n, int size, Func<sbyte> left, Func<byte> right)
    {
        sbyte[] a = [.. Enumerable.Range(0, m * size).Select(_ => left())];
        byte[] b = [.. Enumerable.Range(0, n * size).Select(_ => right())];
        int ld = n + 3;
        int[] result = [.. Enumerable.Repeat(-7, (m * ld) + 1)];
        fixed (sbyte* l = a)
        fixed (byte* r = b)
        fixed (int* c = result)
        {
            ByteProducts.Multiply(l, m, r, n, size, c, ld);
        }

        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < ld; j++)
            {
                int expected = j < n ? Enumerable.Range(0, size).Sum(k => a[(i * size) + k] * b[(j * size) + k]) : -7;
                Assert.Equal(expected, result[(i * ld) + j]);
            }
        }
    }
}
