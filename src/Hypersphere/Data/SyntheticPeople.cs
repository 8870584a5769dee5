using System.Globalization;

namespace Hypersphere.Data;

/// <summary>How many people <see cref="SyntheticIdentities"/> makes up, and how hard they are to tell apart.</summary>
public sealed record SyntheticPeople
{
    /// <summary>How a specification begins.</summary>
    internal const string Word = "synthetic-identities";

    private const int ImagesOfAPerson = 10;

    private readonly int? _images;

    /// <summary>How many classes, at least 1.</summary>
    public int Classes { get; init; } = 1000;

    /// <summary>How many images, at least 1; ten of a class unless set.</summary>
    public int Images
    {
        get => _images ?? (int)Math.Min((long)Classes * ImagesOfAPerson, int.MaxValue);
        init => _images = value;
    }

    /// <summary>D, numbers in an image.</summary>
    public int Dimension { get; init; } = 128;

    /// <summary>Size of the noise, against that of a centre.</summary>
    public double Spread { get; init; } = 0.5;

    /// <summary>Probability that a training image shows another person than its label says.</summary>
    public double LabelNoise { get; init; }

    /// <summary>Probability that a class is the person of the class before it, below 1.</summary>
    public double Conflict { get; init; }

    /// <summary>Any number; gives other people.</summary>
    public ulong Seed { get; init; }

    /// <summary>Reads the form that <see cref="ToString"/> writes, every part optional.</summary>
    /// <param name="spec">Such as «synthetic-identities:classes=1000000,dimension=512».</param>
    /// <exception cref="InputException">A part is unknown or out of range.</exception>
    public static SyntheticPeople Parse(string spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        SyntheticPeople people = new();
        foreach (string part in spec[Math.Min(Word.Length, spec.Length)..].TrimStart(':').Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            people = people.With(part) ?? throw new InputException($"{spec}: \"{part}\" is not understood; write as in {new SyntheticPeople()}");
        }

        return people;
    }

    /// <summary>The full specification.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Word}:classes={Classes},images={Images},dimension={Dimension},spread={Spread},label-noise={LabelNoise},conflict={Conflict},seed={Seed}");

    private SyntheticPeople? With(string part)
    {
        string[] sides = part.Split('=');
        if (sides.Length != 2 || !double.TryParse(sides[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
        {
            return null;
        }

        bool isWhole = value == Math.Floor(value) && value is >= 0 and <= int.MaxValue;
        return sides[0] switch
        {
            "classes" when isWhole && value >= 1 => this with { Classes = (int)value },
            "images" when isWhole && value >= 1 => this with { Images = (int)value },
            "dimension" when isWhole && value is >= 1 and <= 65536 => this with { Dimension = (int)value },
            "spread" when value is >= 0 and <= 100 => this with { Spread = value },
            "label-noise" when value is >= 0 and <= 1 => this with { LabelNoise = value },
            "conflict" when value is >= 0 and < 1 => this with { Conflict = value },
            "seed" when isWhole => this with { Seed = (ulong)value },
            _ => null,
        };
    }
}
