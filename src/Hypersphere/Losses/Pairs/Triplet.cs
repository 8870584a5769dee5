namespace Hypersphere.Losses.Pairs;

/// <summary>Rows of an anchor, a positive of its class and a negative of another.</summary>
public readonly record struct Triplet(int Anchor, int Positive, int Negative);
