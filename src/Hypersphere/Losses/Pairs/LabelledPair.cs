namespace Hypersphere.Losses.Pairs;

/// <summary>Rows of an anchor and another embedding, and whether they are of one class.</summary>
public readonly record struct LabelledPair(int Anchor, int Other, bool IsPositive);
