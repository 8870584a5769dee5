using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using Hypersphere.Kernels;
using Hypersphere.Kernels.Diagnostics;
using Hypersphere.Kernels.Simd;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Benchmarks.Layout;

/// <summary>Decides between NHWC and NCHW: forward and both gradients in both layouts, in alternating runs, results compared
/// first.</summary>
internal static unsafe class LayoutBenchmark
{
    private const int Rounds = 15;

    private static readonly (string Name, ConvolutionShape Shape)[] _layers =
    [
        ("32→32 @28², batch 128", Same(128, 28, 32, 32)), ("32→64 @14², batch 128", Same(128, 14, 32, 64)),
        ("64→64 @14², batch 128", Same(128, 14, 64, 64)), ("64→64 @56², batch 8", Same(8, 56, 64, 64)),
        ("128→128 @28², batch 8", Same(8, 28, 128, 128)), ("256→256 @14², batch 8", Same(8, 14, 256, 256)),
        ("512→512 @7², batch 8", Same(8, 7, 512, 512)), ("3→64 @112², batch 8", Same(8, 112, 3, 64)),
    ];

    /// <summary>Writes the table as Markdown to <paramref name="path"/>, or to the console.</summary>
    public static void Run(string? path)
    {
        StringBuilder table = new();
        WorkerPool.Configure(1);
        double peak = FmaPeak.Measure(1);
        table.AppendLine("# NHWC against NCHW: 3×3 convolutions, stride 1, padding 1");
        table.AppendLine();
        table.AppendLine(CultureInfo.InvariantCulture, $"{Cpu()}, one thread, .NET {Environment.Version}, FMA peak {peak:0} GF/s. ");
        table.AppendLine("Milliseconds of processor time, as others may share the machine; in brackets NCHW over NHWC.");
        table.AppendLine(CultureInfo.InvariantCulture, $"Medians of {Rounds} alternating runs.");
        table.AppendLine("Direct sums in both layouts: what minimal filtering saves on top of NHWC is not in here.");
        table.AppendLine("Produced by `dotnet run -c Release --project benchmarks/Hypersphere.Benchmarks -- layout FILE`.");
        table.AppendLine();
        table.AppendLine("| layer | forward NHWC | NCHW | input gradient NHWC | NCHW | weight gradient NHWC | NCHW | all NHWC | NCHW |");
        table.AppendLine("|---|---|---|---|---|---|---|---|---|");
        foreach ((string name, ConvolutionShape shape) in _layers)
        {
            double[] times = Simd512.IsSupported ? Measure<Simd512, Vector512<float>>(shape)
                : Simd256.IsSupported ? Measure<Simd256, Vector256<float>>(shape) : Measure<Simd128, Vector128<float>>(shape);
            table.Append(CultureInfo.InvariantCulture, $"| {name} |");
            for (int i = 0; i < times.Length; i += 2)
            {
                (double nhwc, double nchw) = (times[i] * 1e3, times[i + 1] * 1e3);
                table.Append(CultureInfo.InvariantCulture, $" {nhwc:0.00} | {nchw:0.00} ({nchw / nhwc:0.00}×) |");
            }

            table.AppendLine();
        }

        if (path is null)
        {
            Console.Write(table);
        }
        else
        {
            File.WriteAllText(path, table.ToString());
        }
    }

    private static ConvolutionShape Same(int batch, int size, int inputs, int outputs) =>
        new(batch, size, size, inputs, outputs, 3, 3, 1, 1, 1, 1);

    /// <summary>Median seconds: forward, input gradient, weight gradient and their sum, each NHWC then NCHW.</summary>
    private static double[] Measure<S, V>(ConvolutionShape s)
        where S : struct, ISimd<V>
        where V : struct
    {
        int pixels = s.Height * s.Width, inputs = s.Batch * pixels * s.InChannels, outputs = s.Batch * pixels * s.OutChannels;
        int weights = s.OutChannels * 9 * s.InChannels;
        using Memory x = new(inputs), dy = new(outputs), w = new(weights), y = new(outputs), dx = new(inputs), dw = new(weights);
        using Memory x2 = new(inputs), dy2 = new(outputs), w2 = new(weights), y2 = new(outputs), dx2 = new(inputs), dw2 = new(weights);
        ToPlanes(x, x2, s.Batch, pixels, s.InChannels);
        ToPlanes(dy, dy2, s.Batch, pixels, s.OutChannels);
        ToPlanes(w, w2, s.OutChannels, 9, s.InChannels);
        WorkerPool pool = WorkerPool.Shared;
        PhaseGeometry forward = PhaseGeometry.Forward(s), backward = PhaseGeometry.Backward(s, 0, 0);
        Action[] runs =
        [
            () => ConvolutionDriver<S, V>.Phase(forward, s, false, x.Pointer, w.Pointer, null, y.Pointer, false, pool),
            () => NchwConvolution<S, V>.Forward(s, x2.Pointer, w2.Pointer, y2.Pointer, pool),
            () => ConvolutionDriver<S, V>.Phase(backward, s, true, dy.Pointer, w.Pointer, null, dx.Pointer, false, pool),
            () => NchwConvolution<S, V>.BackwardInput(s, dy2.Pointer, w2.Pointer, dx2.Pointer, pool),
            () => ConvolutionDriver<S, V>.SumWeights(forward, x.Pointer, dy.Pointer, dw.Pointer, false, pool),
            () => NchwWeightGradient<S, V>.Run(s, x2.Pointer, dy2.Pointer, dw2.Pointer, pool),
        ];
        double[] medians = Medians(runs);
        Compare(y, y2, s.Batch, pixels, s.OutChannels);
        Compare(dx, dx2, s.Batch, pixels, s.InChannels);
        Compare(dw, dw2, s.OutChannels, 9, s.InChannels);
        return [.. medians, medians[0] + medians[2] + medians[4], medians[1] + medians[3] + medians[5]];
    }

    private static double[] Medians(Action[] runs)
    {
        double[][] times = [.. runs.Select(_ => new double[Rounds])];
        for (int round = -2; round < Rounds; round++)
        {
            for (int i = 0; i < runs.Length; i++)
            {
                TimeSpan start = Environment.CpuUsage.TotalTime;
                runs[i]();
                times[i][Math.Max(0, round)] = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
            }
        }

        return [.. times.Select(t => t.Order().ElementAt(Rounds / 2))];
    }

    private static void ToPlanes(Memory source, Memory target, int images, int pixels, int channels)
    {
        for (int i = 0; i < images * pixels * channels; i++)
        {
            int image = i / channels / pixels, pixel = i / channels % pixels, channel = i % channels;
            target.Pointer[(((image * channels) + channel) * pixels) + pixel] = source.Pointer[i];
        }
    }

    private static void Compare(Memory nhwc, Memory nchw, int images, int pixels, int channels)
    {
        using Memory turned = new(images * pixels * channels);
        ToPlanes(nhwc, turned, images, pixels, channels);
        for (int i = 0; i < images * pixels * channels; i++)
        {
            if (!(Math.Abs(turned.Pointer[i] - nchw.Pointer[i]) <= 1e-2f))
            {
                throw new InvalidOperationException($"the layouts disagree at {i}: {turned.Pointer[i]} and {nchw.Pointer[i]}");
            }
        }
    }

    private static string Cpu() => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").First(l => l.StartsWith("model name", StringComparison.Ordinal)).Split(':')[1].Trim()
        : RuntimeInformation.ProcessArchitecture.ToString();

    private sealed class Memory : IDisposable
    {
        public Memory(int length)
        {
            Pointer = (float*)NativeMemory.AlignedAlloc((nuint)length * sizeof(float), 64);
            Rng random = new Rng(1).Fork("layout", length);
            for (int i = 0; i < length; i++)
            {
                Pointer[i] = random.Uniform(-0.5f, 0.5f);
            }
        }

        public float* Pointer { get; }

        public void Dispose() => NativeMemory.AlignedFree(Pointer);
    }
}
