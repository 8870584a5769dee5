using Hypersphere.Losses;
using Hypersphere.Oracles.Losses;

namespace Hypersphere.Tests.Losses;

/// <summary>How a registered loss is certified: its oracle, and what is said of its gradient.</summary>
/// <param name="Oracle">Makes the oracle of a loss, in the state that it is in, for a batch of labels.</param>
internal sealed record Certificate(Func<Loss, int[], LossOracle> Oracle)
{
    /// <summary>Further specifications to certify, such as «arcface(easy_margin=true)».</summary>
    public string[] Variants { get; init; } = [];

    /// <summary>The specification for the batch at a large scale; «name(scale=256)» where there is such an option.</summary>
    public string? Large { get; init; }

    /// <summary>Cases whose gradients are not compared, with the reason; value and finiteness are.</summary>
    public IReadOnlyDictionary<HardCase, string> Except { get; init; } = new Dictionary<HardCase, string>();

    /// <summary>The most that the relative error may be on ordinary and on hard input.</summary>
    public (double Ordinary, double Hard) Tolerance { get; init; } = (1e-4, 1e-2);

    /// <summary>For the usual line of a table: <c>["arcface"] = Certificate.Of&lt;ArcFace&gt;((loss, labels) =&gt; new …)</c>.</summary>
    public static Certificate Of<T>(Func<T, int[], LossOracle> oracle)
        where T : Loss => new((loss, labels) => oracle((T)loss, labels));

    /// <summary>All there are, by the name of the component.</summary>
    public static IReadOnlyDictionary<string, Certificate> All { get; } =
        ProxyOracles.All.Concat(PairOracles.All).Concat(BatchOracles.All).ToDictionary(StringComparer.Ordinal);
}
