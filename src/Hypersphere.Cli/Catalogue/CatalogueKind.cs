using Hypersphere.Data;
using Hypersphere.Losses;
using Hypersphere.Losses.Pairs;
using Hypersphere.Registry;

namespace Hypersphere.Cli.Catalogue;

/// <summary>One chapter of the catalogue: the components of a kind, and how one of them is used.</summary>
/// <param name="Title">Heading.</param>
/// <param name="Entries">The components, by name.</param>
/// <param name="Context">What is needed to make one.</param>
/// <param name="Use">A command that uses one, with {0} for its specification.</param>
internal sealed record CatalogueKind(string Title, IReadOnlyList<ComponentInfo> Entries, object? Context, string Use)
{
    private static readonly LossContext _context = new(Classes: 2, Embedding: 2, new Rng(0));

    /// <summary>All chapters in order.</summary>
    public static IReadOnlyList<CatalogueKind> All =>
    [
        new("Losses with prototypes", [.. Registry<Loss>.All.Where(HasPrototypes)], _context, "train --data DIR --loss \"{0}\""),
        new("Losses over pairs, triplets and batches", [.. Registry<Loss>.All.Where(l => !HasPrototypes(l))], _context, "train --data DIR --loss \"{0}\""),
        new("Regularisers", Registry<Regularizer>.All, null, "train --data DIR --loss \"arcface + 0.1*{0}\""),
        new("Miners of pairs", Registry<PairMiner>.All, null, "train --data DIR --loss \"contrastive(miner={0})\""),
        new("Miners of triplets", Registry<TripletMiner>.All, null, "train --data DIR --loss \"triplet(miner={0})\""),
        new("Distances", Registry<Distance>.All, null, "train --data DIR --loss \"contrastive(distance={0})\""),
        new("Reductions", Registry<Reduction>.All, null, "train --data DIR --loss \"contrastive(reduction={0})\""),
        new("Samplers", Registry<Sampler>.All, null, "train --data DIR --sampler \"{0}\""),
    ];

    /// <summary>Everything of a name, whatever its kind: some miners are called as their losses.</summary>
    /// <exception cref="InputException">Nothing is called so.</exception>
    public static IReadOnlyList<CatalogueEntry> Find(string name)
    {
        CatalogueEntry[] found = [.. All.SelectMany(k => k.Entries.Where(e => e.Names.Contains(name)).Select(e => new CatalogueEntry(k, e)))];
        if (found.Length == 0)
        {
            string near = Suggestion.For(name, All.SelectMany(k => k.Entries).SelectMany(e => e.Names));
            throw new InputException($"there is no loss {name}{(near.Length > 0 ? near : $"; “{CommandLine.Program} losses” lists all there are.")}");
        }

        return found;
    }

    private static bool HasPrototypes(ComponentInfo loss) => loss.Type.IsAssignableTo(typeof(ProxyLoss));
}
