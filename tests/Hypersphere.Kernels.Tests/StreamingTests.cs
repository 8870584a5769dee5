using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using Hypersphere.Kernels.Simd;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels.Tests;

/// <summary>What is stored past the caches has the bits of what is stored into them.</summary>
[Collection(WorkerPoolTests.Name)]
public sealed unsafe class StreamingTests
{
    [Theory]
    [InlineData(1, 1, 16)]
    [InlineData(37, 80, 64)]
    [InlineData(96, 48, 70)]
    [InlineData(130, 272, 512)]
    [InlineData(20, 32, 1100)]
    [InlineData(21, 20, 30)]
    public void Products(int m, int n, int k)
    {
        using Buffer a = new(m * k, 1), b = new(k * n, 2), bias = new(n, 3);
        foreach (Width path in Width.All)
        {
            foreach ((bool turnA, bool turnB, bool biased) in ((bool, bool, bool)[])[(false, false, false), (false, true, true), (true, false, true)])
            {
                SameBits($"{path}: {m}×{k}·{k}×{n}, {turnA}, {turnB}", m * n, c => path.Multiply(
                    new()
                    {
                        TransposeA = turnA,
                        TransposeB = turnB,
                        M = m,
                        N = n,
                        K = k,
                        A = a.Pointer,
                        Lda = turnA ? m : k,
                        B = b.Pointer,
                        Ldb = turnB ? k : n,
                        C = new(c, n, biased ? bias.Pointer : null),
                    },
                    WorkerPool.Shared));
            }
        }
    }

    /// <summary>Columns of a wider matrix: lines belong to one row, and what lies beside them stays as it is.</summary>
    [Fact]
    public void ProductsIntoAPart()
    {
        const int M = 30, N = 24, K = 40, Step = 64;
        using Buffer a = new(M * K, 1), b = new(N * K, 2);
        foreach (Width path in Width.All)
        {
            SameBits($"{path}", M * Step, c => path.Multiply(
                new() { TransposeB = true, M = M, N = N, K = K, A = a.Pointer, Lda = K, B = b.Pointer, Ldb = K, C = new(c, Step) },
                WorkerPool.Shared));
        }
    }

    [Fact]
    public void Convolutions()
    {
        Gen<ConvolutionShape> shapes =
            from batch in Gen.Choose(1, 3)
            from side in Gen.Two(Gen.Choose(3, 20))
            from channels in Gen.Elements(3, 8, 16, 32, 48)
            from outputs in Gen.Elements(16, 24, 32, 80)
            from kernel in Gen.Elements(1, 3, 3)
            from stride in Gen.Elements(1, 1, 2)
            select new ConvolutionShape(batch, side.Item1, side.Item2, channels, outputs, kernel, kernel, stride, kernel / 2, 1, 1);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(40), Prop.ForAll(shapes.ToArbitrary(), Convolves));
        Convolves(new(6, 28, 28, 32, 32, 3, 3, 1, 1, 1, 1));
        Convolves(new(6, 28, 27, 32, 24, 3, 3, 1, 1, 1, 1));
    }

    [Fact]
    public void DepthwiseConvolutions()
    {
        Gen<ConvolutionShape> shapes =
            from batch in Gen.Choose(1, 3)
            from side in Gen.Two(Gen.Choose(1, 24))
            from channels in Gen.Elements(8, 16, 32, 48)
            from kernel in Gen.Elements(1, 3, 5)
            from stride in Gen.Choose(1, 2)
            select new ConvolutionShape(batch, side.Item1, side.Item2, channels, channels, kernel, kernel, stride, kernel / 2, 1, channels);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), Prop.ForAll(shapes.ToArbitrary(), Strokes));
    }

    [Theory]
    [InlineData(1, 16)]
    [InlineData(700, 64)]
    [InlineData(33, 24)]
    [InlineData(33, 20)]
    public void Elements(int rows, int columns)
    {
        int n = rows * columns;
        using Buffer x = new(n, 1), z = new(n, 2), slope = new(columns, 3), mean = new(columns, 4), invStd = new(columns, 5);
        Everywhere.ForEachWidth(() =>
        {
            SameBits("add", n, y => Elementwise.Add(n, x.Pointer, z.Pointer, y));
            SameBits("rectify", n, y => PRelu.Forward(rows, columns, x.Pointer, slope.Pointer, columns, y));
            SameBits("normalize", n, y => BatchNorm.Normalize(rows, columns, x.Pointer, null, null, mean.Pointer, invStd.Pointer, y, z.Pointer));
        });
    }

    /// <summary>A result that is one of its inputs.</summary>
    [Fact]
    public void InPlace()
    {
        const int N = 4000;
        using Buffer x = new(N, 1);
        Everywhere.ForEachWidth(() => SameBits("accumulate", N, y => Elementwise.Accumulate(N, x.Pointer, y)));
    }

    private static void Convolves(ConvolutionShape s)
    {
        using Buffer x = new(s.Batch * s.Height * s.Width * s.InChannels, 1), w = new(s.OutChannels * s.KernelHeight * s.KernelWidth * s.InChannels, 2);
        using Buffer dy = new(s.Batch * s.OutHeight * s.OutWidth * s.OutChannels, 3), bias = new(s.OutChannels, 4);
        foreach (Width path in Width.All)
        {
            foreach (bool rectifies in (bool[])[false, true])
            {
                float* slopes = rectifies ? bias.Pointer : null;
                SameBits($"{path} {s}", dy.Length, y => path.Forward(s, x.Pointer, w.Pointer, bias.Pointer, y, WorkerPool.Shared, slopes));
            }

            foreach (bool accumulate in (bool[])[false, true])
            {
                SameBits($"{path} {s}, dx", x.Length, dx => path.BackwardInput(s, dy.Pointer, w.Pointer, dx, accumulate, WorkerPool.Shared));
            }
        }
    }

    private static void Strokes(ConvolutionShape s)
    {
        using Buffer x = new(s.Batch * s.Height * s.Width * s.InChannels, 1), w = new(s.InChannels * s.KernelHeight * s.KernelWidth, 2);
        using Buffer dy = new(s.Batch * s.OutHeight * s.OutWidth * s.InChannels, 3), slopes = new(s.InChannels, 4);
        Everywhere.ForEachWidth(() =>
        {
            SameBits($"{s}", dy.Length, y => DepthwiseConvolution.Forward(s, x.Pointer, w.Pointer, slopes.Pointer, y, slopes.Pointer));
            foreach (bool accumulate in (bool[])[false, true])
            {
                SameBits($"{s}, dx", x.Length, dx => DepthwiseConvolution.BackwardInput(s, dy.Pointer, w.Pointer, dx, accumulate));
            }
        });
    }

    private delegate void Kernel(float* target);

    private static void SameBits(string what, int length, Kernel kernel)
    {
        using Buffer stored = new(length, 9, aligned: true), streamed = new(length, 9, aligned: true);
        kernel(stored.Pointer);
        try
        {
            Streaming.Force(true);
            kernel(streamed.Pointer);
        }
        finally
        {
            Streaming.Force(false);
        }

        Assert.True(MemoryMarshal.AsBytes(stored.Span).SequenceEqual(MemoryMarshal.AsBytes(streamed.Span)), what);
    }
}
