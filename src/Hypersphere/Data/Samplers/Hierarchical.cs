using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Data;

/// <summary>Batches from a few groups of classes, so that negatives are near: characters of one alphabet, models of one make.</summary>
/// <remarks>The group of a class is its name up to the last «/», as nested folders give it: «Bengali/character01». A batch takes G groups,
/// from each batch/(G·K) classes, from each K images; the same groups serve for several batches in a row.</remarks>
/// <param name="groups">G, groups in a batch.</param>
/// <param name="samples">K, images of a class in a batch.</param>
/// <param name="batches">Batches in a row from the same groups.</param>
[Component("hierarchical", Summary = "batches from a few groups of classes: near negatives")]
public sealed class Hierarchical(
    [Range(1, 100000), Description("G, groups in a batch")] int groups = 2,
    [Range(1, 100000), Description("K, images of a class in a batch")] int samples = 4,
    [Range(1, 100000), Description("batches in a row from the same groups")] int batches = 4) : Sampler
{
    /// <summary>G, groups in a batch.</summary>
    public int Groups { get; } = groups;

    /// <summary>K, images of a class in a batch.</summary>
    public int Samples { get; } = samples;

    /// <summary>Batches in a row from the same groups.</summary>
    public int Batches { get; } = batches;

    /// <inheritdoc/>
    public override void Check(ImageSource source, int batch)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (batch % (Groups * Samples) != 0)
        {
            throw new InputException(
                $"hierarchical(groups={Groups}, samples={Samples}): a batch of {batch} cannot be cut into {Groups} groups of classes with {Samples} images; "
                + $"choose a batch that {Groups * Samples} divides.");
        }

        int found = Families(source).Length;
        if (found < Groups)
        {
            throw new InputException(
                $"hierarchical(groups={Groups}): the data has {found} group{(found == 1 ? "" : "s")} of classes; groups are the folders above the classes', "
                + "as in GROUP/CLASS/IMAGE.");
        }
    }

    /// <inheritdoc/>
    public override void Arrange(ImageSource source, int batch, Rng random, Span<int> order)
    {
        int[][][] families = Families(source);
        Deck[][] images = [.. families.Select((f, g) => f.Select((m, c) => new Deck(m, random.Fork("group", g).Fork("class", c))).ToArray())];
        Deck[] classes = [.. families.Select((f, g) => new Deck(Enumerable.Range(0, f.Length), random.Fork("classes", g)))];
        Deck deck = new(Enumerable.Range(0, families.Length), random.Fork("groups"));
        int[] chosen = [];
        for (int start = 0, round = 0; start + batch <= order.Length; round++)
        {
            chosen = round % Batches == 0 ? deck.Deal(Groups) : chosen;
            foreach (int group in chosen)
            {
                foreach (int one in classes[group].Deal(batch / (Groups * Samples)))
                {
                    images[group][one].Deal(Samples).CopyTo(order[start..]);
                    start += Samples;
                }
            }
        }
    }

    /// <summary>The images of the classes of every group.</summary>
    private static int[][][] Families(ImageSource source) =>
        [.. Members(source).GroupBy(m => Group(source.ClassNames[source.Label(m[0])]), StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => g.ToArray())];

    private static string Group(string name) => name.LastIndexOf('/') is var slash and > 0 ? name[..slash] : "";
}
