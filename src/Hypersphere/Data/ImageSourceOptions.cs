namespace Hypersphere.Data;

/// <summary>Which half of a data set that comes in two.</summary>
public enum DataPart
{
    /// <summary>The training images.</summary>
    Train,

    /// <summary>The test images.</summary>
    Test,
}

/// <summary>How images are brought to another size.</summary>
public enum Resampling
{
    /// <summary>Every new pixel is the mean of the area that it covers: for shrinking.</summary>
    Area,

    /// <summary>Linear between the four nearest pixels, pixel centres aligned: for enlarging.</summary>
    Bilinear,
}

/// <summary>How <see cref="ImageSource.Open"/> reads.</summary>
public sealed record ImageSourceOptions
{
    /// <summary>For data sets in two parts, where the spec does not say it.</summary>
    public DataPart Part { get; init; } = DataPart.Train;

    /// <summary>Rows and columns to bring every image of a folder to; null: all must have one size.</summary>
    public (int Height, int Width)? Size { get; init; }

    /// <summary>How images are brought to <see cref="Size"/>.</summary>
    public Resampling Resampling { get; init; } = Resampling.Area;

    /// <summary>1 for grey, 3 for RGB, for folders; null: RGB if any image has colour.</summary>
    public int? Channels { get; init; }

    /// <summary>How many classes there are, for labels that are mere numbers; null: up to the largest label.</summary>
    public int? Classes { get; init; }

    /// <summary>Decoded images of a folder are kept in memory up to so many bytes.</summary>
    public long CacheBytes { get; init; } = 1L << 30;

    /// <summary>Whether a folder may hold images without sub-folders, of people who are not known: enough to embed them.</summary>
    public bool Loose { get; init; }
}
