using FsCheck;
using FsCheck.Fluent;
using Hypersphere.Kernels.Threading;
using Hypersphere.Oracles;

namespace Hypersphere.Kernels.Tests;

public sealed unsafe class WinogradTests
{
    [Fact]
    public void EveryWidthAgreesWithTheDefinitionOnRandomShapes()
    {
        Gen<ConvolutionShape> shapes =
            from batch in Gen.Choose(1, 2)
            from height in Gen.Choose(3, 14)
            from width in Gen.Choose(3, 14)
            from inputs in Gen.Elements(16, 32, 48, 80)
            from outputs in Gen.Elements(16, 32, 48, 128)
            from padding in Gen.Choose(0, 3)
            select new ConvolutionShape(batch, height, width, inputs, outputs, 3, 3, 1, padding, 1, 1);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(40), Prop.ForAll(shapes.ToArbitrary(), Agrees));
    }

    private static void Agrees(ConvolutionShape s)
    {
        ConvolutionOracle oracle = new(s.Batch, s.Height, s.Width, s.InChannels, s.OutChannels, 3, 3, 1, s.Padding, 1, 1);
        using Buffer x = new(s.Batch * s.Height * s.Width * s.InChannels, 1), w = new(9 * s.InChannels * s.OutChannels, 2);
        using Buffer bias = new(s.OutChannels, 3), dy = new(s.Batch * s.OutHeight * s.OutWidth * s.OutChannels, 4);
        using Buffer y = new(dy.Length, 5), dx = new(x.Length, 6), dw = new(w.Length, 7);
        double[] expectedY = oracle.Forward(x.Span.ToArray(), w.Span.ToArray(), bias.Span.ToArray());
        double[] expectedX = oracle.BackwardInput(dy.Span.ToArray(), w.Span.ToArray());
        double[] expectedW = oracle.BackwardWeight(x.Span.ToArray(), dy.Span.ToArray());
        foreach (Width width in Width.All)
        {
            foreach (bool accumulate in (bool[])[false, true])
            {
                (float[] beforeX, float[] beforeW) = (dx.Span.ToArray(), dw.Span.ToArray());
                width.Winograd(
                    s, x.Pointer, w.Pointer, bias.Pointer, dy.Pointer, y.Pointer, dx.Pointer, dw.Pointer, accumulate, WorkerPool.Shared);
                Close(expectedY, null, y, $"forward ({width} {s})");
                Close(expectedX, accumulate ? beforeX : null, dx, $"input gradient ({width} {s})");
                Close(expectedW, accumulate ? beforeW : null, dw, $"weight gradient ({width} {s})");
                beforeW = dw.Span.ToArray();
                width.WideGradient(s, x.Pointer, dy.Pointer, dw.Pointer, accumulate, WorkerPool.Shared);
                Close(expectedW, accumulate ? beforeW : null, dw, $"weight gradient of many channels ({width} {s})");
            }
        }
    }

    [Fact]
    public void GroupsOfTilesAddUpInAnyNumberOfThreads()
    {
        ConvolutionShape s = new(29, 14, 13, 512, 16, 3, 3, 1, 1, 1, 1); // 464 tiles, about 220 of which are transformed at a time
        ConvolutionOracle oracle = new(s.Batch, s.Height, s.Width, s.InChannels, s.OutChannels, 3, 3, 1, s.Padding, 1, 1);
        using Buffer x = new(s.Batch * s.Height * s.Width * s.InChannels, 1), dy = new(s.Batch * s.OutHeight * s.OutWidth * s.OutChannels, 2);
        using Buffer dw = new(9 * s.InChannels * s.OutChannels, 3), again = new(dw.Length, 3);
        double[] expected = oracle.BackwardWeight(x.Span.ToArray(), dy.Span.ToArray());
        using WorkerPool one = new(1), three = new(3);
        foreach (Width width in Width.All)
        {
            foreach (bool accumulate in (bool[])[false, true])
            {
                float[] before = dw.Span.ToArray();
                width.WideGradient(s, x.Pointer, dy.Pointer, dw.Pointer, accumulate, one);
                Close(expected, accumulate ? before : null, dw, $"weight gradient of many channels ({width} {s})");
                width.WideGradient(s, x.Pointer, dy.Pointer, again.Pointer, accumulate, three);
                Assert.Equal(dw.Span, again.Span);
            }
        }
    }

    /// <summary>The error that the algorithm is documented with: a millionth of the root mean square, give or take the shape.</summary>
    private static void Close(double[] expected, float[]? before, Buffer actual, string what)
    {
        if (before is null)
        {
            Errors.Record(what.Split('(')[0], expected, actual.Span);
        }

        double sum = 0, error = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double value = expected[i] + (before is null ? 0 : before[i]);
            sum += value * value;
            error += (actual.Span[i] - value) * (actual.Span[i] - value);
        }

        double relative = Math.Sqrt(error / sum);
        Assert.True(relative <= 2e-6, $"{what}: root mean square error {relative}");
    }
}
