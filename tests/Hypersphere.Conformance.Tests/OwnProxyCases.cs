using Hypersphere.Formats;
using Hypersphere.Oracles.Losses;

namespace Hypersphere.Conformance.Tests;

/// <summary>Own cases of losses with prototypes, by the oracles that their gradients are certified with.</summary>
internal static class OwnProxyCases
{
    private static readonly Sample _sample = Sample.Proxies;

    /// <summary>Two prototypes a class.</summary>
    private static readonly Sample _centers = Sample.Proxies with
    {
        W = [.. Sample.Proxies.W, .. Sample.Proxies.W.Select((v, i) => v + (float)(0.1 * (i % 7)))],
    };

    public static IReadOnlyList<OwnCase> All { get; } =
    [
        Loss("adacos", """{"scale_before": 3}""", new AdaCosOracle { Labels = _sample.Labels, Dimensions = Sample.Size, Before = 3 }, detach: true),
        Loss(
            "adaface", """{"s": 16, "m": 0.4, "h": 0.333, "t_alpha": 0.5, "batch_mean_before": 2, "batch_std_before": 1}""",
            new AdaFaceOracle
            {
                Labels = _sample.Labels, Dimensions = Sample.Size, Scale = 16, Margin = 0.4, H = 0.333, Momentum = 0.5, Epsilon = 1e-3,
                MeanBefore = 2, DeviationBefore = 1,
            },
            detach: true),
        Loss("center", "{}", new CenterOracle { Labels = _sample.Labels, Dimensions = Sample.Size }),
        Margin(
            "circle_class", """{"margin": 0.25, "gamma": 16}""", 16, r => Math.Max(1.25 - r.FrozenCosine, 0) * (r.Cosine - 0.75),
            (_, c, still) => Math.Max(still + 0.25, 0) * (c - 0.25), detach: true),
        Loss(
            "curricularface", """{"s": 16, "m": 0.5, "t_before": 0.3}""",
            new CurricularOracle { Labels = _sample.Labels, Dimensions = Sample.Size, Scale = 16, Margin = 0.5, Before = 0.3, Momentum = 0.01 },
            detach: true),
        Elastic("elastic_arcface", r => Math.Cos(Math.Acos(r.Cosine) + Margins[r.Index])),
        Elastic("elastic_cosface", r => r.Cosine - Margins[r.Index]),
        Margin("magface", """{"s": 16, "l_a": 1, "u_a": 5, "l_margin": 0.4, "u_margin": 0.8, "lambda_g": 2, "easy_margin": false}""", 16,
            r => Arc(r.Cosine, 0.4 + (0.1 * (Math.Clamp(r.Norm, 1, 5) - 1))),
            norms: n => 2 * n.Average(a => (Math.Clamp(a, 1, 5) / 25) + (1 / Math.Clamp(a, 1, 5)))),
        Margin("mv_softmax", """{"is_am": true, "margin": 0.2, "mv_weight": 1.2, "scale": 16}""", 16,
            r => r.Cosine > 0.2 ? r.Cosine - 0.2 : r.Cosine, (r, c, _) => c > r.Cosine - 0.2 ? (1.2 * c) + 0.2 : c),
        Margin("mv_softmax-arc", """{"is_am": false, "margin": 0.5, "mv_weight": 1.2, "scale": 16}""", 16,
            r => r.Cosine > 0 ? Widened(r.Cosine, 0.5) : r.Cosine, (r, c, _) => c > Widened(r.Cosine, 0.5) ? (1.2 * c) + 0.2 : c),
        Loss("pml_large_margin_softmax", """{"margin": 3, "scale": 1}""",
            new LengthOracle { Labels = _sample.Labels, Dimensions = Sample.Size, Scale = 1, Psi = c => Multiplied(c, 3) }),
        Loss("pml_proxy_anchor", """{"margin": 0.1, "alpha": 8}""",
            new ProxyAnchorOracle { Labels = _sample.Labels, Dimensions = Sample.Size, Margin = 0.1, Alpha = 8 }),
        Margin("pml_proxy_nca", """{"softmax_scale": 3}""", 6, r => r.Cosine),
        Margin("pml_proxy_nca-cosine", """{"softmax_scale": 3, "distance": {"type": "CosineSimilarity"}}""", 3, r => r.Cosine),
        OwnCases.Loss("pml_soft_triple", """{"centers_per_class": 2, "la": 5, "gamma": 0.5, "margin": 0.1}""", _centers, new CosineOracle
        {
            Labels = _centers.Labels, Dimensions = Sample.Size,
            OfCosines = (y, c, _) => [.. c.Chunk(2).Select((own, j) => 5 * (Soft(own, 0.5) - (j == y ? 0.1 : 0)))],
        }),
        OwnCases.Loss("pml_subcenter_arcface", """{"sub_centers": 2, "margin": 28.6, "scale": 16}""", _centers, new CosineOracle
        {
            Labels = _centers.Labels, Dimensions = Sample.Size,
            OfCosines = (y, c, _) => [.. c.Chunk(2).Select((own, j) => 16 * (j == y ? Arc(own.Max(), double.DegreesToRadians(28.6)) : own.Max()))],
        }),
        Sphere("pml_sphereface", """{"margin": 3, "scale": 2}""", 2, c => Multiplied(c, 3)),
        Sphere("sphereface", """{"m": 4, "iter_before": 9, "lambda_min": 5}""", 1, c => ((1000 / 2.2 * c) + Multiplied(c, 4)) / (1 + (1000 / 2.2))),
    ];

    private static double[] Margins => [0.45, 0.55, 0.5, 0.4, 0.6];

    private static OwnCase Loss(string id, string hyper, LossOracle oracle, bool detach = false) => OwnCases.Loss(id, hyper, _sample, oracle, detach);

    private static OwnCase Margin(
        string id, string hyper, double scale, Func<MarginRow, double> target, Func<MarginRow, double, double, double>? negative = null,
        bool detach = false, Func<double[], double>? norms = null) => Loss(
        id, hyper, new MarginOracle
        {
            Labels = _sample.Labels,
            Dimensions = Sample.Size,
            Scale = scale,
            Target = target,
            Negative = negative ?? ((_, c, _) => c),
            OfNorms = norms ?? (_ => 0),
        },
        detach);

    private static OwnCase Sphere(string id, string hyper, double scale, Func<double, double> psi) => Loss(
        id, hyper, new MarginOracle
        {
            Labels = _sample.Labels,
            Dimensions = Sample.Size,
            Scale = scale,
            Target = r => psi(r.Cosine),
            ScaleByNorm = true,
        });

    private static OwnCase Elastic(string id, Func<MarginRow, double> target)
    {
        OwnCase plain = Margin(id, """{"s": 16, "plus": false}""", 16, target);
        return plain with { Inputs = new(plain.Inputs) { ["margins"] = NpyArray.Of(Margins, Margins.Length) } };
    }

    private static double Widened(double cosine, double m) => Math.Cos(Math.Acos(cosine) + m);

    private static double Arc(double cosine, double m) => cosine > Math.Cos(Math.PI - m) ? Widened(cosine, m) : cosine - (m * Math.Sin(m));

    private static double Multiplied(double cosine, int m)
    {
        double k = Math.Floor(m * Math.Acos(cosine) / Math.PI);
        return (Math.Pow(-1, k) * Math.Cos(m * Math.Acos(cosine))) - (2 * k);
    }

    private static double Soft(double[] cosines, double gamma)
    {
        double[] e = [.. cosines.Select(v => Math.Exp(v / gamma))];
        return e.Zip(cosines, (p, q) => p * q).Sum() / e.Sum();
    }
}
