using System.Collections.Concurrent;
using System.Globalization;
using Hypersphere.Losses;
using Hypersphere.Registry;
using Hypersphere.Tests.Architecture;

namespace Hypersphere.Tests.Losses;

/// <summary>Every loss of the library against a naive version in double precision and its finite differences; writes
/// docs/gradients.md.</summary>
public sealed class GradientCertificateTests
{
    private const string Page = "docs/gradients.md";

    private static readonly ConcurrentDictionary<string, IReadOnlyList<CertificateRun>> _runs = new(StringComparer.Ordinal);

    public static TheoryData<string> Names => [.. Components.Select(c => c.Attribute.Name)];

    private static IEnumerable<ComponentInfo> Components => Registry<Loss>.All.Where(c => c.Type.Assembly == typeof(Loss).Assembly);

    [Theory]
    [MemberData(nameof(Names))]
    public void Loss_and_gradient_are_those_of_the_oracle(string name)
    {
        Certificate certificate = Certificate.All.TryGetValue(name, out Certificate? found)
            ? found : throw new InvalidOperationException($"{name} has no oracle: add a line to ProxyOracles or PairOracles.");
        Assert.All(Runs(name), run =>
        {
            double tolerance = run.Kind == HardCase.Ordinary ? certificate.Tolerance.Ordinary : certificate.Tolerance.Hard;
            Assert.True(run.IsFinite, $"{run.Spec}, {run.Kind}: not finite");
            Assert.True(run.ValueError <= tolerance, $"{run.Spec}, {run.Kind}: the loss is off by {run.ValueError:g3}");
            Assert.True(run.GradientError <= tolerance, $"{run.Spec}, {run.Kind}: the gradient is off by {run.GradientError:g3}, {run.Where}");
        });
    }

    /// <summary>Run with HYPERSPHERE_UPDATE=1 to write the page anew.</summary>
    [Fact]
    public void The_page_is_current()
    {
        string path = Path.Combine(Repository.Root, Page);
        bool update = Environment.GetEnvironmentVariable("HYPERSPHERE_UPDATE") == "1";
        string stored = File.Exists(path) ? Repository.Read(Page) : "";
        string current = Write(update ? "" : stored);
        if (update)
        {
            File.WriteAllText(path, current);
        }

        Assert.Equal(Repository.Read(Page), current);
    }

    private static IReadOnlyList<CertificateRun> Runs(string name) =>
        _runs.GetOrAdd(name, n => CertificateRun.All(Registry<Loss>.Find(n), Certificate.All[n]));

    private static string Write(string stored)
    {
        string[] rows = [.. Components.Select(c => c.Attribute.Name).Where(Certificate.All.ContainsKey).Select(n => Row(n, stored))];
        return $"""
            # Gradients

            Written by `GradientCertificateTests` (`HYPERSPHERE_UPDATE=1` renews it). Every registered loss runs in float32 and is compared with a
            naive version in double precision (`tests/Oracles/Losses`) and its central finite differences, by the embeddings and by every
            parameter. An error is the largest difference relative to the largest number of that gradient; the tables state bounds that hold for
            every SIMD width. Where a gradient deliberately holds something constant, so do the finite differences.

            *Hard* input: every embedding 1° from its prototype, 2° from the opposite point, or 155° to 175° away (past π − m); scale 256; a zero
            embedding; a batch of one; every class with a single row (no positives); one class (no negatives); rows that occur twice. The batches
            always have classes without rows. Loss and gradients are finite in all of them.

            | loss | ordinary | hard | the gradient is |
            |---|---|---|---|
            {string.Join("\n", rows)}

            """.ReplaceLineEndings("\n");
    }

    private static string Row(string name, string stored)
    {
        string[] kept = stored.Split('\n').FirstOrDefault(l => l.StartsWith($"| `{name}` |", StringComparison.Ordinal))?.Split('|') ?? [];
        double ordinary = Runs(name).Where(r => r.Kind == HardCase.Ordinary).Max(r => r.GradientError);
        double hard = Runs(name).Where(r => r.Kind != HardCase.Ordinary).Max(r => r.GradientError);
        Certificate certificate = Certificate.All[name];
        string says = Registry<Loss>.Find(name).Attribute.Detached is { Length: > 0 } detached ? $"not the derivative: {detached}" : "the true derivative";
        string except = string.Concat(certificate.Except.GroupBy(e => e.Value).Select(
            e => $"; not compared at {string.Join(", ", e.Select(k => Words(k.Key)))}: {e.Key}"));
        return $"| `{name}` | {Bound(ordinary, kept.ElementAtOrDefault(2))} | {Bound(hard, kept.ElementAtOrDefault(3))} | {says}{except} |";
    }

    /// <summary>The bound that the page states as long as it holds, so that the text does not depend on the machine; else a power of ten
    /// above.</summary>
    private static string Bound(double error, string? stored)
    {
        if (stored is not null && double.TryParse(stored.Trim().TrimStart('<'), CultureInfo.InvariantCulture, out double bound) && error <= bound)
        {
            return stored.Trim();
        }

        int power = Math.Max(-6, (int)Math.Ceiling(Math.Log10(Math.Max(error, 1e-12) * 3)));
        return $"< 1e{power}";
    }

    private static string Words(HardCase kind) => kind switch
    {
        HardCase.NearZero => "θ near 0",
        HardCase.NearPi => "θ near π",
        HardCase.PastMargin => "θ past π − m",
        HardCase.LargeScale => "scale 256",
        HardCase.ZeroRow => "a zero embedding",
        HardCase.One => "a batch of one",
        HardCase.NoPositives => "no positives",
        HardCase.NoNegatives => "no negatives",
        HardCase.Duplicates => "duplicates",
        _ => "ordinary input",
    };
}
