using System.Text.Json;
using Hypersphere.Losses.Pairs;
using Hypersphere.Tensors;

namespace Hypersphere.Conformance;

/// <summary>Miners of pairs and triplets.</summary>
internal static class MinerCases
{
    /// <summary>By published name.</summary>
    public static IReadOnlyDictionary<string, CaseFunction> Names { get; } = new Dictionary<string, CaseFunction>(StringComparer.Ordinal)
    {
        ["miner_angular"] = c => Triplets(c, new AngularMiner((float)double.DegreesToRadians(c.Number("angle", 20))) { Distance = new LpDistance(normalize: false) }),
        ["miner_batch_easy_hard"] = c => Pairs(c, EasyHard(c)),
        ["miner_batch_hard"] = c => Triplets(c, new BatchHardMiner { Distance = c.DistanceOr(new LpDistance()) }),
        ["miner_hdc"] = c => Pairs(c, new HdcMiner(c.Single("filter_percentage", 0.5)) { Distance = c.DistanceOr(new LpDistance()) }),
        ["miner_multi_similarity"] = c => Pairs(c, new MultiSimilarityMiner(c.Single("epsilon", 0.1)) { Distance = c.DistanceOr(new CosineSimilarity()) }),
        ["miner_pair_margin"] = c => Pairs(
            c, new PairMarginMiner(c.Single("pos_margin", 0.2), c.Single("neg_margin", 0.8)) { Distance = c.DistanceOr(new LpDistance()) }),
        ["miner_triplet_margin"] = c => Triplets(
            c, new TripletMarginMiner(c.Single("margin", 0.2), Strategy(c.Text("type_of_triplets", "all"))) { Distance = c.DistanceOr(new LpDistance()) }),
    };

    private static BatchEasyHardMiner EasyHard(Case c)
    {
        (float positiveLow, float positiveHigh) = Range(c, "allowed_pos_range");
        (float negativeLow, float negativeHigh) = Range(c, "allowed_neg_range");
        return new(
            Strategy(c.Text("pos_strategy", "easy")), Strategy(c.Text("neg_strategy", "semihard")), positiveLow, positiveHigh, negativeLow, negativeHigh)
        {
            Distance = c.DistanceOr(new LpDistance()),
        };
    }

    private static (float Low, float High) Range(Case c, string name) =>
        c.Hyper(name) is { ValueKind: JsonValueKind.Array } range ? (range[0].GetSingle(), range[1].GetSingle()) : (-1e6f, 1e6f);

    private static MiningStrategy Strategy(string word) => Enum.Parse<MiningStrategy>(word, ignoreCase: true);

    private static Outputs Pairs(Case c, PairMiner miner)
    {
        ILookup<bool, LabelledPair> pairs = miner.Mine(Embeddings(c), c.Ints("labels")).ToLookup(p => p.IsPositive);
        return new()
        {
            { "a1", [.. pairs[true].Select(p => p.Anchor)] }, { "p", [.. pairs[true].Select(p => p.Other)] },
            { "a2", [.. pairs[false].Select(p => p.Anchor)] }, { "n", [.. pairs[false].Select(p => p.Other)] },
        };
    }

    private static Outputs Triplets(Case c, TripletMiner miner)
    {
        IReadOnlyList<Triplet> triplets = miner.Mine(Embeddings(c), c.Ints("labels"));
        return new()
        {
            { "a", [.. triplets.Select(t => t.Anchor)] }, { "p", [.. triplets.Select(t => t.Positive)] }, { "n", [.. triplets.Select(t => t.Negative)] },
        };
    }

    private static Tensor Embeddings(Case c) => Tensor.From(c.Floats("embeddings"), new Shape(c.Shape("embeddings")[0], c.Shape("embeddings")[1]));
}
