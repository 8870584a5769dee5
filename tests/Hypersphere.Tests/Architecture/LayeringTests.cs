using System.Text.RegularExpressions;

namespace Hypersphere.Tests.Architecture;

/// <summary>Dependencies run one way: a folder may use those that stand before it here, never one behind it.</summary>
public sealed partial class LayeringTests
{
    /// <summary>From the bottom up; folders of one row may use each other.</summary>
    private static readonly string[][] _rows =
    [
        ["Collectives"],
        ["Tensors"],
        ["Formats", "Registry"],
        ["Backends"],
        ["Ops"],
        ["Layers"],
        ["Losses", "Backbones", "Optimizers", "Data"],
        ["Evaluation"],
        ["Training"],
    ];

    public static TheoryData<string> Folders => [.. _rows.SelectMany(r => r)];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_uses_only_what_lies_below_it(string folder)
    {
        HashSet<string> above = [.. _rows.SkipWhile(r => !r.Contains(folder)).Skip(1).SelectMany(r => r)];
        IEnumerable<string> offences =
            from file in Repository.Sources($"src/Hypersphere/{folder}")
            from Match use in Uses().Matches(File.ReadAllText(file))
            where above.Contains(use.Groups["folder"].Value)
            select $"{Path.GetFileName(file)} uses {use.Groups["folder"].Value}";
        Assert.Empty(offences);
    }

    [Fact]
    public void Every_folder_has_its_place() =>
        Assert.Equal(
            _rows.SelectMany(r => r).Order(StringComparer.Ordinal),
            Directory.GetDirectories(Path.Combine(Repository.Root, "src/Hypersphere")).Select(d => Path.GetFileName(d)!)
                .Except(["bin", "obj"]).Order(StringComparer.Ordinal));

    [Fact]
    public void Kernels_know_no_tensors_and_only_backends_know_kernels()
    {
        Assert.DoesNotContain(Repository.Sources("src/Hypersphere.Kernels"), f => File.ReadAllText(f).Contains("using Hypersphere.Tensors", StringComparison.Ordinal));
        foreach (string folder in new[] { "Tensors", "Losses", "Optimizers", "Registry", "Formats", "Training" })
        {
            Assert.DoesNotContain(
                Repository.Sources($"src/Hypersphere/{folder}"), f => File.ReadAllText(f).Contains("using Hypersphere.Kernels", StringComparison.Ordinal));
        }
    }

    [GeneratedRegex(@"^using (?:static )?Hypersphere\.(?<folder>\w+)[\w.]*;", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Uses();
}
