using System.Globalization;
using Hypersphere.Collectives;
using Hypersphere.Ops;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses;

/// <summary>Several losses and regularisers, each by a weight: «softmax + 0.003*center», «arcface + 0.1*regular-face».</summary>
/// <remarks>ℓ = Σ weight·term. Regularisers of prototypes act on those of the first loss that has some; they are also what is shown and
/// measured. Every term keeps its own parameters, as «term0.prototypes» and so on in files. Holds what its terms hold.</remarks>
public sealed class WeightedSum : Loss
{
    private readonly (float Weight, Loss? Loss, Regularizer? Regularizer)[] _terms;

    private WeightedSum(LossContext context, (float Weight, Loss? Loss, Regularizer? Regularizer)[] terms)
        : base(context)
    {
        _terms = terms;
        Summands = [.. terms.Where(t => t.Loss is not null).Select((t, k) => Add($"term{k}", t.Loss!))];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Loss> Summands { get; }

    /// <inheritdoc/>
    public override string Name => string.Join(
        '+', _terms.Select(t => t.Loss?.Name ?? Registry<Regularizer>.NameOf(t.Regularizer!)));

    /// <inheritdoc/>
    public override string? Warning => Summands.Select(t => t.Warning).FirstOrDefault(w => w is not null);

    /// <inheritdoc/>
    public override Parameter? Prototypes => WithPrototypes?.Prototypes;

    /// <inheritdoc/>
    public override int PrototypesPerClass => WithPrototypes?.PrototypesPerClass ?? 1;

    /// <inheritdoc/>
    public override bool DependsOnLength => _terms.Any(t => t.Loss is null || t.Loss.DependsOnLength);

    /// <inheritdoc/>
    public override bool NeedsPositives => Summands.Any(t => t.NeedsPositives);

    private Loss? WithPrototypes => Summands.FirstOrDefault(t => t.Prototypes is not null);

    /// <inheritdoc/>
    public override string ToString() => string.Join(" + ", _terms.Select(t =>
    {
        string term = t.Loss?.ToString() ?? t.Regularizer!.ToString();
        return t.Weight == 1 ? term : $"{Spec.Format(t.Weight)}*{term}";
    }));

    /// <summary>A single loss as it is, several as a sum.</summary>
    internal static Loss Parse(string spec, LossContext context)
    {
        ArgumentNullException.ThrowIfNull(spec);
        IReadOnlyList<string> parts = Spec.Split(spec, '+') ?? throw Malformed(spec);
        if (parts.Count == 1 && Spec.Split(spec, '*') is { Count: 1 })
        {
            return Registry<Loss>.Create(spec, context);
        }

        bool isWhole = parts.Any(p => Spec.Split(p, '*') is [.., var term] && IsAboutPrototypes(term));
        context = isWhole ? context with { Ranks = SingleProcess.Instance } : context; // a regulariser of prototypes needs them all on every rank
        (float, Loss?, Regularizer? Regularizer)[] terms = [.. parts.Select((part, k) => Term(spec, part, ContextOf(context, k)))];
        var sum = new WeightedSum(context, terms);
        return terms.FirstOrDefault(t => t.Regularizer is { NeedsPrototypes: true }).Regularizer is { } alone && sum.Prototypes is null
            ? throw new InputException($"'{spec}': {alone} is about prototypes, but no loss of the sum has any.")
            : sum.Summands.Count == 0 ? throw new InputException($"'{spec}' holds no loss, only regularisers.") : sum;
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor embeddings, ReadOnlyMemory<int> labels)
    {
        Tensor[] values = [.. _terms.Select(t => t.Loss is { } loss
            ? loss.Forward(embeddings, labels)
            : t.Regularizer!.Compute(embeddings, labels, Prototypes?.Value, PrototypesPerClass))];
        return Scalar.Forward(values, gradients =>
        {
            double sum = 0;
            for (int k = 0; k < values.Length; k++)
            {
                sum += (double)_terms[k].Weight * values[k].Item();
                gradients[k].Span[0] = _terms[k].Weight;
            }

            return sum;
        });
    }

    /// <summary>The first term begins as it would alone.</summary>
    private static LossContext ContextOf(LossContext context, int term) =>
        term == 0 ? context : context with { Random = context.Random.Fork("term", term) };

    private static (float Weight, Loss? Loss, Regularizer? Regularizer) Term(string spec, string part, LossContext context)
    {
        string[] factors = [.. Spec.Split(part, '*') ?? throw Malformed(spec)];
        float weight = 1;
        if (factors.Length is 0 or > 2
            || (factors.Length == 2 && !float.TryParse(factors[0], NumberStyles.Float, CultureInfo.InvariantCulture, out weight)))
        {
            throw Malformed(spec);
        }

        if (!(weight > 0) || !float.IsFinite(weight))
        {
            throw new InputException($"'{part}': a weight must be a positive number.");
        }

        string name = Spec.Parse(factors[^1]).Name;
        return !Registry<Loss>.Knows(name) && Registry<Regularizer>.Knows(name)
            ? (weight, null, Registry<Regularizer>.Create(factors[^1]))
            : (weight, Registry<Loss>.Create(factors[^1], context), null);
    }

    private static bool IsAboutPrototypes(string term)
    {
        string name = Spec.Parse(term).Name;
        return !Registry<Loss>.Knows(name) && Registry<Regularizer>.Knows(name) && Registry<Regularizer>.Create(term).NeedsPrototypes;
    }

    private static InputException Malformed(string spec) =>
        new($"'{spec}' is not a sum of losses; write weight*name(option=value, …) + …, such as softmax + 0.003*center.");
}
