using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using Hypersphere.Kernels.Threading;
using Hypersphere.Oracles;

namespace Hypersphere.Kernels.Tests;

public sealed unsafe class ConvolutionTests
{
    public static TheoryData<ConvolutionShape> Shapes => new(
        new(2, 7, 7, 5, 6, 1, 1, 1, 0, 1, 1),
        new(9, 7, 7, 40, 150, 1, 1, 1, 0, 1, 1),
        new(2, 9, 11, 3, 33, 3, 3, 1, 1, 1, 1),
        new(3, 41, 12, 3, 40, 3, 3, 2, 1, 1, 1),
        new(3, 14, 14, 32, 40, 3, 3, 1, 1, 1, 1),
        new(1, 30, 29, 1, 32, 3, 3, 1, 1, 1, 1),
        new(2, 15, 14, 16, 16, 3, 3, 2, 1, 1, 1),
        new(1, 16, 16, 8, 12, 1, 1, 2, 0, 1, 1),
        new(1, 12, 13, 6, 9, 5, 4, 3, 2, 1, 3),
        new(2, 13, 12, 4, 8, 3, 3, 1, 2, 2, 4),
        new(1, 20, 20, 4, 4, 3, 3, 2, 3, 3, 2),
        new(1, 11, 11, 4, 4, 3, 3, 2, 2, 2, 1),
        new(1, 5, 5, 3, 4, 2, 2, 4, 0, 1, 1),
        new(1, 4, 6, 3, 4, 3, 3, 1, 5, 1, 1),
        new(1, 2, 2, 3, 4, 3, 3, 1, 0, 1, 1),
        new(2, 18, 17, 16, 48, 3, 3, 1, 1, 1, 1),
        new(1, 66, 63, 16, 16, 3, 3, 1, 1, 1, 1),
        new(0, 8, 8, 3, 4, 3, 3, 1, 1, 1, 1),
        new(1, 13, 9, 512, 17, 3, 3, 1, 1, 1, 1),
        new(1, 6, 60, 150, 17, 3, 2, 1, 1, 1, 1),
        new(2, 8, 9, 20, 150, 3, 3, 1, 1, 1, 1));

    [Theory]
    [MemberData(nameof(Shapes))]
    public void EveryWidthAgreesWithTheDefinition(ConvolutionShape shape) => Agrees(shape);

    [Fact]
    public void EveryWidthAgreesOnRandomShapes()
    {
        Gen<ConvolutionShape> shapes =
            from batch in Gen.Choose(1, 3)
            from height in Gen.Choose(1, 17)
            from width in Gen.Choose(1, 17)
            from groups in Gen.Elements(1, 1, 1, 2, 3)
            from channels in Gen.Choose(1, 6)
            from outputs in Gen.Elements(1, 2, 5, 16, 17, 33)
            from kernel in Gen.Two(Gen.Choose(1, 5))
            from stride in Gen.Choose(1, 4)
            from padding in Gen.Choose(0, 3)
            from dilation in Gen.Choose(1, 3)
            select new ConvolutionShape(
                batch, height, width, channels * groups, outputs * groups, kernel.Item1, kernel.Item2, stride, padding, dilation, groups);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(80), Prop.ForAll(shapes.ToArbitrary(), Agrees));
    }

    [Theory]
    [InlineData(5, 14, 14, 32, 64, 3, 1, 1)]
    [InlineData(3, 28, 28, 1, 32, 3, 1, 1)]
    [InlineData(2, 20, 20, 16, 48, 3, 2, 1)]
    [InlineData(2, 14, 14, 64, 64, 1, 1, 0)]
    [InlineData(6, 28, 28, 32, 32, 3, 1, 1)]
    [InlineData(4, 14, 14, 160, 80, 3, 1, 1)]
    public void BitsDoNotDependOnTheNumberOfThreads(
        int batch, int height, int width, int channels, int outputs, int kernel, int stride, int padding)
    {
        ConvolutionShape s = new(batch, height, width, channels, outputs, kernel, kernel, stride, padding, 1, 1);
        using Buffer x = new(batch * height * width * channels, 1), w = new(outputs * kernel * kernel * channels, 2);
        using Buffer y = new(batch * s.OutHeight * s.OutWidth * outputs, 3), dx = new(x.Length, 4), dw = new(w.Length, 5);
        foreach (Width path in Width.All)
        {
            byte[]? first = null;
            foreach (int threads in (int[])[1, 2, 3])
            {
                using WorkerPool pool = new(threads);
                path.Forward(s, x.Pointer, w.Pointer, null, y.Pointer, pool);
                path.BackwardInput(s, y.Pointer, w.Pointer, dx.Pointer, false, pool);
                path.BackwardWeight(s, x.Pointer, y.Pointer, dw.Pointer, false, pool);
                byte[] bits = [.. MemoryMarshal.AsBytes(y.Span), .. MemoryMarshal.AsBytes(dx.Span), .. MemoryMarshal.AsBytes(dw.Span)];
                first ??= bits;
                Assert.True(bits.AsSpan().SequenceEqual(first), $"{path}, {threads} threads");
            }
        }
    }

    [Fact]
    public void FlopsCountTwoPerMultiplication()
    {
        ConvolutionShape s = new(8, 56, 56, 64, 64, 3, 3, 1, 1, 1, 1);
        Assert.Equal((56, 56), (s.OutHeight, s.OutWidth));
        Assert.Equal(2L * 8 * 56 * 56 * 64 * 64 * 9, s.Flops);
        Assert.Equal(0, (s with { Height = 1, Padding = 0 }).OutHeight);
    }

    private static void Agrees(ConvolutionShape s)
    {
        ConvolutionOracle oracle = new(
            s.Batch, s.Height, s.Width, s.InChannels, s.OutChannels, s.KernelHeight, s.KernelWidth,
            s.Stride, s.Padding, s.Dilation, s.Groups);
        Assert.Equal((oracle.OutHeight, oracle.OutWidth), (s.OutHeight, s.OutWidth));
        using Buffer x = new(s.Batch * s.Height * s.Width * s.InChannels, 1), bias = new(s.OutChannels, 3);
        using Buffer w = new(s.OutChannels * s.KernelHeight * s.KernelWidth * (s.InChannels / s.Groups), 2);
        using Buffer dy = new(s.Batch * s.OutHeight * s.OutWidth * s.OutChannels, 4), y = new(dy.Length, 5);
        using Buffer dx = new(x.Length, 6), dw = new(w.Length, 7), slopes = new(s.OutChannels, 8);
        double[] expectedY = oracle.Forward(x.Span.ToArray(), w.Span.ToArray(), bias.Span.ToArray());
        double[] expectedX = oracle.BackwardInput(dy.Span.ToArray(), w.Span.ToArray());
        double[] expectedW = oracle.BackwardWeight(x.Span.ToArray(), dy.Span.ToArray());
        WorkerPool pool = WorkerPool.Shared;
        foreach (Width width in Width.All)
        {
            width.Forward(s, x.Pointer, w.Pointer, bias.Pointer, y.Pointer, pool);
            Close(expectedY, null, y, $"forward ({width} {s})");
            float[] plain = y.Span.ToArray();
            width.Forward(s, x.Pointer, w.Pointer, bias.Pointer, y.Pointer, pool, slopes.Pointer);
            for (int i = 0; i < plain.Length; i++)
            {
                float expected = plain[i] > 0 ? plain[i] : plain[i] * slopes.Span[i % s.OutChannels];
                Assert.True(y.Span[i] == expected, $"{width} rectified {s}: [{i}] is {y.Span[i]}, expected {expected}");
            }

            KeptWeights kept = new();
            for (int call = 0; call < 2; call++)
            {
                width.Forward(s, x.Pointer, call == 0 ? w.Pointer : null, bias.Pointer, y.Pointer, pool, null, kept); // then from what is kept alone
                Close(expectedY, null, y, $"forward with kept weights ({width} {s})");
            }

            foreach (bool accumulate in (bool[])[false, true])
            {
                float[] beforeX = dx.Span.ToArray(), beforeW = dw.Span.ToArray();
                width.BackwardInput(s, dy.Pointer, w.Pointer, dx.Pointer, accumulate, pool);
                Close(expectedX, accumulate ? beforeX : null, dx, $"input gradient ({width} {s})");
                width.BackwardWeight(s, x.Pointer, dy.Pointer, dw.Pointer, accumulate, pool);
                Close(expectedW, accumulate ? beforeW : null, dw, $"weight gradient ({width} {s})");
            }
        }
    }

    private static void Close(double[] expected, float[]? before, Buffer actual, string what)
    {
        if (before is null)
        {
            Errors.Record(what.Split('(')[0], expected, actual.Span);
        }

        double scale = expected.Length == 0 ? 0 : Math.Max(1, expected.Max(Math.Abs));
        for (int i = 0; i < expected.Length; i++)
        {
            double value = expected[i] + (before is null ? 0 : before[i]);
            Assert.True(Math.Abs(actual.Span[i] - value) <= 4e-6 * scale, $"{what}: [{i}] is {actual.Span[i]}, expected {value}");
        }
    }
}
