using Hypersphere.Losses;
using Hypersphere.Tensors;

namespace Hypersphere.Tests.Losses;

/// <summary>The batches that a loss is certified on.</summary>
internal enum HardCase
{
    /// <summary>Gaussian embeddings and parameters, classes of one to three rows, one class without rows.</summary>
    Ordinary,

    /// <summary>Every embedding about a degree from its prototype.</summary>
    NearZero,

    /// <summary>Every embedding about two degrees from the point opposite to its prototype.</summary>
    NearPi,

    /// <summary>Angles of 155° to 175°, past π − m.</summary>
    PastMargin,

    /// <summary>Scale 256.</summary>
    LargeScale,

    /// <summary>One embedding is zero; it gets no gradient where a loss divides by its length.</summary>
    ZeroRow,

    /// <summary>A batch of one.</summary>
    One,

    /// <summary>Every class has one row: no positives.</summary>
    NoPositives,

    /// <summary>One class only: no negatives.</summary>
    NoNegatives,

    /// <summary>Rows that occur twice.</summary>
    Duplicates,
}

/// <summary>A batch of embeddings with labels, made for the prototypes of a loss.</summary>
internal sealed record CertificateCase(double[] Embeddings, int[] Labels)
{
    public const int Size = 6;
    public const int Classes = 6;

    /// <summary>Gives every parameter of a loss random values and makes a batch for it.</summary>
    public static CertificateCase For(HardCase kind, Loss loss)
    {
        foreach (NamedParameter p in loss.Parameters())
        {
            float[] noise = LossRun.Gaussian(p.Parameter.Value.Count, p.Name, seed: 3);
            Span<float> values = p.Parameter.Value.Span;
            for (int i = 0; i < noise.Length; i++)
            {
                values[i] = p.Parameter == loss.Prototypes ? noise[i] : values[i] + (0.1f * noise[i]);
            }
        }

        int[] labels = Label(kind);
        double[] x = [.. LossRun.Gaussian(labels.Length * Size, "certificate").Select(v => (double)v)];
        switch (kind)
        {
            case HardCase.NearZero:
                Around(x, labels, loss, i => 0.02 + (0.002 * i));
                break;
            case HardCase.NearPi:
                Around(x, labels, loss, i => Math.PI - 0.04 - (0.002 * i));
                break;
            case HardCase.PastMargin:
                Around(x, labels, loss, i => (155 + (2.5 * i)) * Math.PI / 180);
                break;
            case HardCase.ZeroRow:
                x.AsSpan(0, Size).Clear();
                break;
            case HardCase.Duplicates:
                x.AsSpan(0, Size).CopyTo(x.AsSpan(2 * Size));
                x.AsSpan(Size, Size).CopyTo(x.AsSpan(4 * Size));
                break;
        }

        return new([.. x.Select(v => (double)(float)v)], labels);
    }

    private static int[] Label(HardCase kind) => kind switch
    {
        HardCase.One => [2],
        HardCase.NoPositives => [3, 0, 2, 4],
        HardCase.NoNegatives => [1, 1, 1, 1],
        _ => [0, 1, 0, 2, 1, 0, 3, 2],
    };

    /// <summary>Turns every embedding to a given angle from its prototype (or from the first row of its class).</summary>
    private static void Around(double[] x, int[] labels, Loss loss, Func<int, double> angle)
    {
        for (int i = 0; i < labels.Length; i++)
        {
            int center = labels[i] * loss.PrototypesPerClass;
            double[] own = loss.Prototypes is { } prototypes
                ? [.. prototypes.Value.ToArray()[(center * Size)..((center + 1) * Size)].Select(v => (double)v)]
                : x[(Array.IndexOf(labels, labels[i]) * Size)..][..Size];
            if (loss.Prototypes is null && Array.IndexOf(labels, labels[i]) == i)
            {
                continue;
            }

            Span<double> row = x.AsSpan(i * Size, Size);
            double length = Math.Sqrt(own.Sum(v => v * v)), along = 0, rest = 0;
            for (int d = 0; d < Size; d++)
            {
                along += row[d] * own[d] / length;
            }

            for (int d = 0; d < Size; d++)
            {
                row[d] -= along * own[d] / length;
                rest += row[d] * row[d];
            }

            (double sin, double cos) = Math.SinCos(angle(i));
            for (int d = 0; d < Size; d++)
            {
                row[d] = 2 * ((cos * own[d] / length) + (sin * row[d] / Math.Sqrt(rest)));
            }
        }
    }
}
