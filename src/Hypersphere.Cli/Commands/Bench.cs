using System.CommandLine;
using System.Globalization;
using Hypersphere.Cli.Benchmarks;
using Hypersphere.Cli.Running;
using Hypersphere.Collectives;
using Hypersphere.Evaluation;
using Hypersphere.Kernels;
using Hypersphere.Kernels.Threading;
using Hypersphere.Tensors;

namespace Hypersphere.Cli.Commands;

/// <summary>Times what training spends its time on.</summary>
internal static class Bench
{
    private const double Mebi = 1 << 20;

    public static Command Create(Terminal terminal)
    {
        var bench = new CliCommand("bench", "Time matrix products, heads, convolutions and training steps on this machine.")
        {
            Details = () => "Every case is warmed up, then run five times or more; the median counts. Peak memory is that of the process while the case ran."
                + "\nUnder mpirun all ranks run a case at once, and the slowest and largest of them count; “head” splits its classes over the ranks.",
            Examples = [("bench gemm", "Matrix products on one thread and on all.")],
        };
        bench.Subcommands.Add(Gemm(terminal));
        bench.Subcommands.Add(Memory(terminal));
        bench.Subcommands.Add(Head(terminal));
        bench.Subcommands.Add(Pairs(terminal));
        bench.Subcommands.Add(Conv(terminal));
        bench.Subcommands.Add(Train(terminal));
        bench.Subcommands.Add(Embed(terminal));
        bench.Subcommands.Add(Search(terminal));
        bench.Subcommands.Add(Evaluation(terminal, "retrieval", "Time precision@1, R-precision and MAP@R of every sample among the others.", EvaluationBench.Retrieval));
        bench.Subcommands.Add(Evaluation(terminal, "all-pairs", "Time the ROC and the angles of all pairs of a set.", EvaluationBench.AllPairs));
        return bench;
    }

    private static CliCommand Gemm(Terminal terminal)
    {
        Option<int> m = Options.Whole("--m", "N", "Rows of the result."), n = Options.Whole("--n", "N", "Columns of the result."),
            k = Options.Whole("--k", "N", "Length of the sums.");
        Option<string> layout = Options.Choice("--layout", "Which factor is stored transposed: none, the second, the first.", "nn", "nt", "tn");
        var command = new CliCommand("gemm", "Time matrix products C[m,n] = A·B over k.")
        {
            Examples = [("bench gemm", "The usual shapes."), ("bench gemm --m 256 --n 20000 --k 512 --layout nt --json", "One shape, for a program.")],
        };
        return Finish(command, terminal, [m, n, k, layout], parsed => parsed.GetResult(m) is null && parsed.GetResult(n) is null && parsed.GetResult(k) is null
            ? GemmBench.Usual()
            : [GemmBench.Case(parsed.GetValue(layout)!, parsed.Needed(m), parsed.Needed(n), parsed.Needed(k))]);
    }

    private static CliCommand Head(Terminal terminal)
    {
        Option<int> batch = Options.Whole("--batch", "N", "Embeddings in a step, of all ranks together.", 256), classes = Options.Whole("--classes", "C", "Classes.", 20_000),
            dimension = Options.Whole("--dim", "D", "Numbers in an embedding.", 512);
        Option<string> loss = Options.Text("--loss", "LOSS", "The loss with its parameters.", "arcface"),
            optimizer = Options.Text("--optimizer", "NAME", "Step the prototypes, too, such as with “sgd”.");
        Option<double> rate = Options.Real("--partial-fc", "RATE", "Share of the classes that a step compares with.", 1, minimum: 1e-9, maximum: 1),
            sparse = Options.Real("--sparse-gradient", "EPS", "As “train” takes it; errors of both gradients follow the times.", 0, maximum: 0.1),
            cosine = Options.Real("--cosine", "X", "Cosine of each embedding with its class; without it, random.", minimum: -1, maximum: 1);
        var command = new CliCommand("head", "Time a loss over many classes: its value and both gradients.")
        {
            Examples =
            [
                ("bench head --batch 256 --classes 100000 --dim 512 --loss arcface", "A large face recognition head."),
                ("bench head --batch 512 --classes 1000000 --partial-fc 0.1 --optimizer sgd", "A million people, a tenth of them sampled, with the optimizer’s step."),
                ("bench head --cosine 0.6 --sparse-gradient 1e-4", "A network that has begun to learn, small gradients left out."),
            ],
            Details = () => "Over ranks: mpirun -np 2 hypersphere bench head … splits the classes as training does.",
        };
        return Finish(command, terminal, [batch, classes, dimension, loss, rate, sparse, cosine, optimizer], (parsed, ranks) =>
        [
            HeadBench.Case(new(
                parsed.GetValue(loss)!, HeadWork.RandomLabels(parsed.GetValue(batch), parsed.GetValue(classes)), parsed.GetValue(classes), parsed.GetValue(dimension))
            {
                Rate = parsed.GetValue(rate),
                SparseGradient = parsed.GetValue(sparse),
                Cosine = parsed.GetResult(cosine) is null ? null : parsed.GetValue(cosine),
                Optimizer = parsed.GetValue(optimizer) ?? "",
                Ranks = ranks,
            }),
        ]);
    }

    private static CliCommand Memory(Terminal terminal)
    {
        Option<int> count = Options.Whole("--count", "N", "Numbers.", 50_000_000);
        var command = new CliCommand("memory", "Time an optimizer step over many numbers: how fast memory is read and written.")
        {
            Examples = [("bench memory", "What “plan --bandwidth” asks for.")],
        };
        return Finish(command, terminal, [count], parsed => [MemoryBench.Case(parsed.GetValue(count))]);
    }

    private static CliCommand Pairs(Terminal terminal)
    {
        Option<int> batch = Options.Whole("--batch", "N", "Embeddings in a step.", 4096), samples = Options.Whole("--samples", "K", "Embeddings of a class.", 4),
            dimension = Options.Whole("--dim", "D", "Numbers in an embedding.", 512);
        Option<string> loss = Options.Text("--loss", "LOSS", "One loss with its parameters.");
        var command = new CliCommand("pairs", "Time losses over pairs and triplets: value and gradient; GF/s counts the three products.")
        {
            Examples = [("bench pairs", "The usual losses, 4,096 embeddings."), ("bench pairs --batch 1024 --loss \"triplet(miner=batch-hard)\"", "One loss.")],
        };
        return Finish(command, terminal, [batch, samples, dimension, loss], parsed =>
            (parsed.GetValue(loss) is { } one ? [one] : (string[])["contrastive", "multi-similarity", "triplet"])
            .Select(spec => HeadBench.Pairs(spec, parsed.GetValue(batch), parsed.GetValue(samples), parsed.GetValue(dimension))));
    }

    private static CliCommand Conv(Terminal terminal)
    {
        Option<int> batch = Options.Whole("--batch", "N", "Images.", 8), size = Options.Whole("--size", "N", "Height and width of the images.", 56),
            channels = Options.Whole("--channels", "N", "Channels of the images.", 64), filters = Options.Whole("--filters", "N", "Channels of the result.", 64),
            kernel = Options.Whole("--kernel", "N", "Height and width of the kernel.", 3), stride = Options.Whole("--stride", "N", "Step of the kernel.", 1),
            groups = Options.Whole("--groups", "N", "Parts into which the channels are split.", 1);
        Option[] sizes = [batch, size, channels, filters, kernel, stride, groups];
        var command = new CliCommand("conv", "Time convolutions: forward and both gradients.")
        {
            Examples = [("bench conv", "Layers of a residual network."), ("bench conv --size 28 --channels 128 --filters 128 --batch 16", "One layer.")],
        };
        return Finish(command, terminal, sizes, parsed =>
        {
            int window = parsed.GetValue(kernel);
            return sizes.All(o => parsed.GetResult(o) is null or { Implicit: true })
                ? ConvolutionBench.Usual().SelectMany(ConvolutionBench.Cases)
                : ConvolutionBench.Cases(new ConvolutionShape(
                    parsed.GetValue(batch), parsed.GetValue(size), parsed.GetValue(size), parsed.GetValue(channels), parsed.GetValue(filters),
                    window, window, parsed.GetValue(stride), window / 2, Dilation: 1, parsed.GetValue(groups)));
        });
    }

    private static CliCommand Train(Terminal terminal)
    {
        Option<int> batch = Options.Whole("--batch", "N", "Images in a step.", 128), size = Options.Whole("--size", "N", "Height and width of the images.", 28),
            channels = Options.Whole("--channels", "N", "1 grey, 3 RGB.", 1, maximum: 3), classes = Options.Whole("--classes", "C", "Classes.", 10);
        Option<string> backbone = Options.Text("--backbone", "NAME", "The network.", "small-cnn"),
            loss = Options.Text("--loss", "LOSS", "The loss with its parameters.", "arcface(margin=0.3, scale=16)");
        var command = new CliCommand("train", "Time a whole training step: forward, backward, optimizer.")
        {
            Examples = [("bench train", "The quickstart’s network."), ("bench train --batch 64 --size 64 --channels 3 --json", "Larger images, for a program.")],
        };
        return Finish(command, terminal, [backbone, loss, batch, size, channels, classes], parsed =>
        [
            TrainingBench.Case(
                parsed.GetValue(backbone)!, parsed.GetValue(loss)!, parsed.GetValue(classes),
                new Shape(parsed.GetValue(batch), parsed.GetValue(size), parsed.GetValue(size), parsed.GetValue(channels))),
        ]);
    }

    private static CliCommand Embed(Terminal terminal)
    {
        Option<int> batch = Options.Whole("--batch", "N", "Images at a time.", 1), size = Options.Whole("--size", "N", "Height and width of the images.", 112),
            channels = Options.Whole("--channels", "N", "1 grey, 3 RGB.", 3, maximum: 3);
        Option<string> backbone = Options.Text("--backbone", "NAME", "The network; onnx:FILE too.", "mobilefacenet");
        var command = new CliCommand("embed", "Time a network in use: bytes of images to embeddings.")
        {
            Examples = [("bench embed --backbone onnx:face.onnx --batch 32", "A network from a file, 32 images at a time.")],
        };
        return Finish(command, terminal, [backbone, batch, size, channels], parsed =>
        [
            EmbeddingBench.Case(
                parsed.GetValue(backbone)!, new Shape(parsed.GetValue(batch), parsed.GetValue(size), parsed.GetValue(size), parsed.GetValue(channels))),
        ]);
    }

    private static CliCommand Search(Terminal terminal)
    {
        Option<int> queries = Options.Whole("--queries", "Q", "Embeddings to look for.", 1000), count = Options.Whole("--count", "G", "Embeddings to search.", 200_000),
            dimension = Options.Whole("--dim", "D", "Numbers in an embedding.", 512), top = Options.Whole("--top", "K", "How many of the nearest for each.", 10);
        var command = new CliCommand("search", "Time exact search for the nearest embeddings by cosine.")
        {
            Examples = [("bench search --queries 1", "One probe against 200,000 embeddings.")],
        };
        Option<bool> bytes = Options.Flag("--int8", "Look through the gallery in 7 bits, and again at the best in 32.");
        return Finish(command, terminal, [queries, count, dimension, top, bytes], parsed =>
        [
            SearchBench.Case(
                parsed.GetValue(queries), parsed.GetValue(count), parsed.GetValue(dimension), parsed.GetValue(top),
                parsed.GetValue(bytes) ? IndexPrecision.Int8 : IndexPrecision.Float32),
        ]);
    }

    private static CliCommand Evaluation(Terminal terminal, string name, string description, Func<int, int, int, BenchCase> make)
    {
        Option<int> count = Options.Whole("--count", "N", "Embeddings.", 60_000), dimension = Options.Whole("--dim", "D", "Numbers in an embedding.", 128),
            classes = Options.Whole("--classes", "C", "Classes, of as many embeddings each.", 10);
        var command = new CliCommand(name, description)
        {
            Examples = [($"bench {name} --count 20000 --dim 512 --classes 1000", "As many as a set of faces holds.")],
        };
        return Finish(command, terminal, [count, dimension, classes], parsed => [make(parsed.GetValue(count), parsed.GetValue(dimension), parsed.GetValue(classes))]);
    }

    private static CliCommand Finish(CliCommand command, Terminal terminal, Option[] options, Func<ParseResult, IEnumerable<BenchCase>> cases) =>
        Finish(command, terminal, options, (parsed, _) => cases(parsed));

    private static CliCommand Finish(CliCommand command, Terminal console, Option[] options, Func<ParseResult, ICollective, IEnumerable<BenchCase>> cases)
    {
        Option<int> threads = Options.Whole("--threads", "N", "Threads that compute, on each rank; without it, each case runs on one and on all.", maximum: 4096),
            runs = Options.Whole("--runs", "N", "How often each case runs at least.", 5, maximum: 1000);
        Option<bool> json = Options.Flag("--json", "Print a JSON object a case: name, shape, threads, seconds (median), gflops, peak_bytes; ranks, if there are several.");
        Option<double> seconds = Options.Real("--seconds", "X", "How long each case runs at least.", 1.5, maximum: 600);
        foreach (Option option in (Option[])[.. options, threads, seconds, runs, json])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed => RankedRun.Do(console, folder: null, (terminal, run) =>
        {
            run?.Require(RankedRun.Facts(parsed));
            ICollective ranks = run?.Ranks ?? (ICollective)SingleProcess.Instance;
            Run(
                terminal, [.. cases(parsed, ranks)],
                parsed.GetResult(threads) is null ? [.. new[] { 1, Machine.ThreadsPerRank() }.Distinct()] : [parsed.GetValue(threads)],
                new BenchRunner(parsed.GetValue(seconds), parsed.GetValue(runs), ranks), parsed.GetValue(json));
        }));
        return command;
    }

    private static void Run(Terminal terminal, BenchCase[] cases, int[] threadCounts, BenchRunner runner, bool json)
    {
        int before = WorkerPool.Shared.Threads, name = cases.Max(c => c.Name.Length), shape = Math.Max(5, cases.Max(c => c.Shape.Length));
        if (!json)
        {
            terminal.Out.WriteLine($"{"case".PadRight(name)}  {"shape".PadRight(shape)}  threads         ms  {cases[0].RateUnit,9}  peak MiB");
        }

        foreach (BenchResult r in cases.SelectMany(c => runner.Measure(c, threadCounts)))
        {
            terminal.Out.WriteLine(json ? ToJson(r) : string.Create(
                CultureInfo.InvariantCulture,
                $"{r.Case.Name.PadRight(name)}  {r.Case.Shape.PadRight(shape)}  {Threads(r),7}  {r.Seconds * 1e3,9:0.000}  {r.Rate,9:0.0}  {r.PeakBytes / Mebi,8:0}"));
        }

        foreach ((string measure, double value) in cases.SelectMany(c => json ? [] : c.Measures?.Invoke() ?? []))
        {
            terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{measure.Replace('_', ' ')}  {value:0.0000000}"));
        }

        WorkerPool.Configure(before);
    }

    private static string Threads(BenchResult r) => r.Ranks > 1 ? $"{r.Ranks}×{r.Threads}" : $"{r.Threads}";

    private static string ToJson(BenchResult r) => Json.Object(
        json =>
        {
            json.WriteString("name", r.Case.Name);
            json.WriteString("shape", r.Case.Shape);
            if (r.Ranks > 1)
            {
                json.WriteNumber("ranks", r.Ranks);
            }

            json.WriteNumber("threads", r.Threads);
            json.WriteNumber("seconds", r.Seconds);
            if (r.Case.Flops > 0)
            {
                json.WriteNumber("gflops", Math.Round(r.Gflops, 3));
            }
            else
            {
                json.WriteNull("gflops");
            }

            if (r.Case.Samples > 0)
            {
                json.WriteNumber("samples_per_second", Math.Round(r.Case.Samples / r.Seconds, 3));
            }

            if (r.Case.Bytes > 0)
            {
                json.WriteNumber("gigabytes_per_second", Math.Round(r.GigabytesPerSecond, 3));
            }

            json.WriteNumber("peak_bytes", r.PeakBytes);
            foreach ((string name, double value) in r.Case.Measures?.Invoke() ?? [])
            {
                json.WriteNumber(name, value);
            }
        },
        indented: false);
}
