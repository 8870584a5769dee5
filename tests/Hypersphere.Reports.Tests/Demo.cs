namespace Hypersphere.Reports.Tests;

/// <summary>Plausible reports: what a quickstart would measure, drawn from normal distributions with a fixed seed.</summary>
public static class Demo
{
    private static readonly string[] Clothes = ["T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag",
        "ankle boot"];

    public static ReportData Quickstart(int dimension = 64, Func<int, byte[]>? image = null) => new()
    {
        Title = dimension == 2 ? "Fashion-MNIST quickstart, two dimensions" : "Fashion-MNIST quickstart",
        Data = "Fashion-MNIST: 60,000 train, 10,000 test, 10 classes; verification on 6,000 balanced test pairs",
        Command = "./hypersphere quickstart --seed 0" + (dimension == 2 ? " --embedding 2" : ""),
        Environment =
        [
            new("version", "Hypersphere 0.1.0, .NET 10.0.1"), new("processor", "AMD EPYC 9R14, 2 threads, AVX-512"), new("seed", "0"),
            new("backbone", $"small-cnn, 266,208 parameters, D = {dimension}"),
                new("optimizer", "sgd(momentum=0.9, weight_decay=5e-4), cosine from 0.1, 100 steps warm-up"),
            new("batch", "128"), new("finished", "2025-11-22 07:12 UTC"),
        ],
        Margins = [Arc("arcface(margin=0.3, scale=16)", 0.3)],
        Runs =
        [
            Run("arcface", "arcface(margin=0.3, scale=16)", false, dimension, 25.2, (62, 14), 0.078, image,
                [0.882, 0.918, 0.009, 0.078, 0.539, 0.287, 0.971, 0.779, 25.2, 43.1]),
            Run("softmax", "softmax", true, dimension, 33.8, (58, 15), 0.082, image,
                [0.884, 0.917, 0.010, 0.082, 0.568, 0.311, 0.968, 0.246, 33.8, 65.6]),
        ],
    };

    public static ReportData Faces(Func<int, byte[]>? image = null)
    {
        ReportData quick = Quickstart(64, image);
        var rng = new Rng(5);
        ReportRun arc = quick.Runs[0] with
        {
            Name = "arcface + flip",
            Spec = "arcface(margin=0.3, scale=32)",
            Metrics = [new("verification_accuracy", 0.8417, 0.0168), new("tar_at_far_1e-2", 0.499), new("eer", 0.158),
                new("auc", double.NaN), new("own_number", 3)],
            Embedding = Cloud(64, 30, 192, 3100, ref rng) with { Classes = [.. Enumerable.Range(0, 192).Select(i => $"Person_{i:000}")] },
            Training = [.. quick.Runs[0].Training.Select(p => p with { Epoch = p.Step / 19.5 })],
        };
        string[] names = ["normface", "cosface", "raw pixels", "untrained network"];
        return quick with
        {
            Title = "192 celebrities → LFW",
            Runs =
            [
                arc,
                .. names.Select((name, i) => arc with
                {
                    Name = name,
                    Spec = "",
                    Baseline = i == 2,
                    Metrics = [new("verification_accuracy", 0.8258 - (0.06 * i), 0.0161), new("tar_at_far_1e-2", 0.443 - (0.11 * i)),
                        new("eer", 0.17 + (0.06 * i)), new("auc", 0.9 - (0.05 * i))],
                    Rates = Rates(0.17 + (0.06 * i)),
                    Training = i > 1 ? []
                        : [.. arc.Training.Select(p => p with { Loss = p.Loss * (1.1 + (0.05 * i)), OwnAngle = p.OwnAngle + (i * 2) })],
                    Embedding = null,
                    HardestGenuine = [],
                    HardestImpostor = [],
                    Missing = new Dictionary<ReportPart, string> { [ReportPart.Training] = "it has no trained weights" },
                }),
            ],
            Margins = Losses(),
        };
    }

    public static IReadOnlyList<MarginCurve> Losses() =>
    [
        Arc("arcface(margin=0.5, scale=64)", 0.5), Arc("arcface(margin=0.3, scale=64)", 0.3),
        MarginCurve.Sample("cosface(margin=0.35, scale=64)", t => (Math.Cos(t) - 0.35, 1)),
        MarginCurve.Sample("sphereface(margin=4)", t =>
        {
            int k = (int)Math.Min(3, Math.Floor(4 * t / Math.PI));
            double sign = k % 2 == 0 ? 1 : -1;
            return ((sign * Math.Cos(4 * t)) - (2 * k), 4 * sign * Math.Sin(4 * t) / Math.Sin(t));
        }),
        MarginCurve.Sample("combined-margin(m1=1, m2=0.3, m3=0.2)", t => (Math.Cos(t + 0.3) - 0.2, Math.Sin(t + 0.3) / Math.Sin(t))),
    ];

    public static IReadOnlyList<MarginCurve> EasyHard() =>
    [
        Arc("arcface(margin=0.5)", 0.5),
        MarginCurve.Sample("arcface(margin=0.5, easy=true)", t =>
            t < Math.PI / 2 ? (Math.Cos(t + 0.5), Math.Sin(t + 0.5) / Math.Sin(t)) : (Math.Cos(t), 1)),
    ];

    public static MarginCurve Arc(string label, double m) => MarginCurve.Sample(
        label,
        t => t <= Math.PI - m ? (Math.Cos(t + m), Math.Sin(t + m) / Math.Sin(t)) : (Math.Cos(t) - (m * Math.Sin(m)), 1),
        source: "Deng et al., CVPR 2019, eq. 3");

    public static MarginCurve Cos(double m) => MarginCurve.Sample("cosface", t => (Math.Cos(t) - m, 1));

    /// <summary>ArcFace, which is on, and CosFace, which is not; in steps of 0.1.</summary>
    public static IReadOnlyList<MarginFamily> Families { get; } =
    [
        new(
            "arcface", "margin", "rad",
            [.. Enumerable.Range(0, 16).Select(i => new MarginStep(i / 10.0, Arc("arcface", i / 10.0).Points))], 5) { Shown = true },
        new("cosface", "margin", "", [.. Enumerable.Range(0, 11).Select(i => new MarginStep(i / 10.0, Cos(i / 10.0).Points))], 3),
    ];

    public static IReadOnlyList<BoundaryCircle> Circles { get; } =
        [new("softmax", null), new("CosFace", Families[1]), new("ArcFace", Families[0]), new("again", Families[0])];

    private static ReportRun Run(
        string name, string spec, bool baseline, int dimension, double own, (double Mean, double Deviation) genuine, double eer, Func<int,
            byte[]>? image, double[] m)
    {
        var rng = new Rng(baseline ? 1UL : 2UL);
        RatePoint[] rates = Rates(eer);
        (m[3], m[4]) = (rates.MinBy(r => Math.Abs(r.Far - r.Frr)).Frr, rates.Where(r => r.Far <= 0.01).Max(r => 1 - r.Frr));
        float[] same = Angles(3000, genuine.Mean - 20, genuine.Deviation, ref rng);
        float[] different = Angles(3000, 91, genuine.Deviation * 0.95, ref rng);
        return new ReportRun
        {
            Name = name,
            Spec = spec,
            Baseline = baseline,
            Metrics =
            [
                new("verification_accuracy", m[1], m[2]), new("tar_at_far_1e-2", m[4]), new("tar_at_far_1e-3", m[5]), new("eer", m[3]),
                    new("auc", m[6]),
                new("precision_at_1", m[0], 0.0032), new("map_at_r", m[0] - 0.09), new("angle_to_prototype_deg", m[8]),
                    new("prototype_angle_min_deg", m[9]), new("final_loss", m[7]),
                new("train_seconds", baseline ? 96 : 98.2), new("samples_per_second", baseline ? 625 : 611),
            ],
            Training = Curve(own, m[7], ref rng),
            Angles = PairAngles.Count(same, different, (genuine.Mean - 20 + 91) / 2, m[3]),
            Rates = rates,
            Embedding = Cloud(dimension, own, 10, 5000, ref rng),
            HardestGenuine = Pairs(image, same: true, ref rng),
            HardestImpostor = Pairs(image, same: false, ref rng),
        };
    }

    private static TrainingPoint[] Curve(double own, double loss, ref Rng rng)
    {
        var points = new TrainingPoint[468];
        for (int i = 0; i < points.Length; i++)
        {
            double fall = Math.Exp(-i / 60.0);
            double rate = 0.1 * Math.Min(1, (i + 1) / 100.0) * (1 + Math.Cos(Math.PI * i / 468)) / 2;
            double value = (loss + (loss * 9 * fall)) * Math.Exp(0.13 * rng.NextGaussian());
            points[i] = new TrainingPoint(i + 1, (i + 1) / 468.0, value, rate, own + 2 + ((88 - own) * fall) + (1.2 * rng.NextGaussian()));
        }

        return points;
    }

    private static float[] Angles(int count, double mean, double deviation, ref Rng rng)
    {
        float[] angles = new float[count];
        for (int i = 0; i < count; i++)
        {
            angles[i] = (float)Math.Clamp(mean + (deviation * rng.NextGaussian()), 1, 179);
        }

        return angles;
    }

    private static RatePoint[] Rates(double eer)
    {
        var rng = new Rng((ulong)(eer * 1e6));
        double apart = 2 * Quantile(1 - eer);
        double[] genuine = [.. Draw(3000, apart, ref rng)];
        double[] impostor = [.. Draw(3000, 0, ref rng)];
        Array.Sort(genuine);
        Array.Sort(impostor);
        return [.. genuine.Concat(impostor).Order().Where((_, i) => i % 4 == 0)
            .Select(t => new RatePoint((3000 - Below(impostor, t)) / 3000.0, Below(genuine, t) / 3000.0))];
    }

    private static int Below(double[] sorted, double threshold)
    {
        int at = Array.BinarySearch(sorted, threshold);
        return at < 0 ? ~at : at;
    }

    private static List<double> Draw(int n, double mean, ref Rng rng)
    {
        var values = new List<double>();
        for (int i = 0; i < n; i++)
        {
            values.Add(mean + rng.NextGaussian());
        }

        return values;
    }

    private static double Quantile(double p)
    {
        (double low, double high) = (-6, 6);
        for (int i = 0; i < 60; i++)
        {
            double z = (low + high) / 2;
            double cdf = 0.5 * (1 + (Math.Sign(z) * Math.Sqrt(1 - Math.Exp(-2 * z * z / Math.PI))));
            (low, high) = cdf < p ? (z, high) : (low, z);
        }

        return low;
    }

    private static EmbeddingPlot Cloud(int dimension, double spread, int classes, int count, ref Rng rng)
    {
        float[] centres = new float[classes * dimension];
        for (int c = 0; c < classes; c++)
        {
            double angle = ((c * 0.1) + (c is 2 or 4 or 6 ? 0.02 * c : 0)) * Math.Tau;
            for (int d = 0; d < dimension; d++)
            {
                centres[(c * dimension) + d] = (float)(dimension == 2 ? (d == 0 ? Math.Cos(angle) : Math.Sin(angle))
                    : rng.NextGaussian() * (d < 12 ? 1 : 0.05) * (d < 3 ? 2 : 1));
            }
        }

        float[] rows = new float[count * dimension];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            int c = labels[i] = rng.NextInt(classes);
            float norm = MathF.Sqrt(centres.AsSpan(c * dimension, dimension).ToArray().Sum(v => v * v));
            double noise = Math.Tan(spread * (dimension == 2 ? 0.3 : 1) * Math.PI / 180) / Math.Sqrt(Math.Max(1, dimension - 1)) * (1
                + Math.Abs(rng.NextGaussian())) / 1.6;
            for (int d = 0; d < dimension; d++)
            {
                rows[(i * dimension) + d] = (centres[(c * dimension) + d] / norm) + (float)(noise * rng.NextGaussian());
            }
        }

        return EmbeddingPlot.Project(rows, dimension, labels, Clothes, centres);
    }

    private static HardPair[] Pairs(Func<int, byte[]>? image, bool same, ref Rng rng)
    {
        var pairs = new HardPair[8];
        for (int i = 0; i < pairs.Length; i++)
        {
            int a = rng.NextInt(10000);
            int b = rng.NextInt(10000);
            string first = Clothes[a % 10];
            pairs[i] = new HardPair(
                (image ?? Picture)(a), (image ?? Picture)(b), first, same ? first : Clothes[(a + 1) % 10],
                    same ? 121.3 - (2.1 * i) : 14.2 + (1.3 * i), $"test #{a}", $"test #{b}");
        }

        return pairs;
    }

    private static byte[] Picture(int seed)
    {
        byte[] pixels = new byte[28 * 28];
        for (int i = 0; i < pixels.Length; i++)
        {
            (int x, int y) = (i % 28, i / 28);
            pixels[i] = (byte)(Math.Abs(x - 14) + Math.Abs(y - 14) < 6 + (seed % 9) ? 200 - (seed % 80) : 0);
        }

        return Formats.PngEncoder.Encode(new Formats.RasterImage(28, 28, 1, pixels));
    }
}
