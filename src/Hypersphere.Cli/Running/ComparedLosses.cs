using Hypersphere.Losses;
using Hypersphere.Registry;

namespace Hypersphere.Cli.Running;

/// <summary>The losses of a comparison: a list on the command line, checked before anything is trained.</summary>
internal static class ComparedLosses
{
    /// <summary>Takes the list apart and names each loss so that no two names are equal.</summary>
    /// <param name="given">Arguments, each of them one loss or several with commas between.</param>
    /// <param name="classes">Identities that they will be trained on.</param>
    /// <exception cref="InputException">There is none, one is unknown or stands there twice.</exception>
    public static IReadOnlyList<(string Name, string Spec)> Read(IEnumerable<string> given, int classes)
    {
        string[] specs = [.. given.SelectMany(Spec.SplitList)];
        if (specs.Length == 0)
        {
            throw new InputException("--losses names no loss; write --losses arcface cosface, or --losses \"arcface(margin=0.5), cosface\".");
        }

        (string Short, string Full)[] names = [.. specs.Select(spec =>
        {
            Loss loss = Loss.Create(spec, new LossContext(classes, Embedding: 8, new Rng(0)));
            return (loss.Name, loss.ToString());
        })];
        foreach (IGrouping<string, string> twice in specs.Zip(names).GroupBy(l => l.Second.Full, l => l.First).Where(g => g.Count() > 1))
        {
            throw new InputException($"--losses has the same loss twice: {string.Join(" and ", twice)}.");
        }

        return [.. specs.Select((spec, i) => (names.Count(n => n.Short == names[i].Short) > 1 ? Short(spec) : names[i].Short, spec))];
    }

    /// <summary>“arcface(margin=0.3)” as “arcface margin=0.3”, for tables.</summary>
    private static string Short(string spec)
    {
        if (spec.Contains('+', StringComparison.Ordinal))
        {
            return spec;
        }

        Spec parsed = Spec.Parse(spec);
        return string.Join(' ', parsed.Arguments.Select(a => $"{a.Key}={a.Value}").Prepend(parsed.Name));
    }
}
