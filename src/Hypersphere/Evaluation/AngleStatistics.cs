namespace Hypersphere.Evaluation;

/// <summary>How tight the classes are and how far apart: the quantities of Table 3 of the ArcFace paper (Deng et al., CVPR 2019), and
/// more.</summary>
/// <remarks>All in degrees, 0 to 180; null where undefined (no prototypes, a single class, …). A class's centre is the mean of its
/// normalised embeddings. The paper writes Intra1, Inter1 for the training set and Intra2, Inter2 for a test set.</remarks>
public sealed record AngleStatistics
{
    /// <summary>Mean angle between a sample and the prototype of its class.</summary>
    public double? OwnPrototype { get; init; }

    /// <summary>Angles between samples and the prototypes of their classes.</summary>
    public AngleHistogram? OwnPrototypes { get; init; }

    /// <summary>Intra: mean angle between a sample and the centre of its class, over samples of classes with at least two.</summary>
    public double? OwnCentre { get; init; }

    /// <summary>Inter: mean, over classes, of the smallest angle from its centre to another class's centre.</summary>
    public double? NearestCentre { get; init; }

    /// <summary>W-EC: mean, over classes, of the angle between its prototype and its centre.</summary>
    public double? PrototypeToCentre { get; init; }

    /// <summary>W-Inter: mean, over classes, of the smallest angle from its prototype to another.</summary>
    public double? NearestPrototype { get; init; }

    /// <summary>Smallest angle between two prototypes.</summary>
    public double? PrototypeMin { get; init; }

    /// <summary>Mean angle over all pairs of prototypes.</summary>
    public double? PrototypeMean { get; init; }
}
