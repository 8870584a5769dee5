using System.Text.Json;
using Hypersphere.Formats;

namespace Hypersphere.Conformance.Tests;

/// <summary>The tool as the process that others start.</summary>
public sealed class ProcessTests
{
    [Fact]
    public void Every_case_gets_its_line_whatever_the_others_do()
    {
        using ToolFolder folder = new();
        JsonElement none = JsonSerializer.SerializeToElement(new { });
        Arrays classes = new() { ["labels"] = NpyArray.Of([0L, 0, 1]) };
        Arrays clusters = new(classes) { ["cluster_labels"] = NpyArray.Of([1L, 1, 0]) };
        (int code, string output, string error) = ToolFolder.Start(folder.List(
            folder.Entry("eval", "clustering_scores", none, classes, "broken"),
            folder.Entry("eval", "no-such-function", none, clusters, "unknown"),
            new { verb = "eval" },
            folder.Entry("eval", "clustering_scores", none, clusters, "good")));
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(
            [
                new(folder.File("broken.out.npz"), "error", "InputException: the case has no array \"cluster_labels\""),
                new(folder.File("unknown.out.npz"), "not-implemented", "nothing stands in for eval no-such-function"),
                new(null, "error", "InputException: a case has no \"out\""),
                new(folder.File("good.out.npz"), "ok", ""),
            ],
            Answer.All(output));
        Assert.Equal(1, Rule.Doubles(ToolFolder.Read(folder.File("good.out.npz"))["ari"])[0]);
        Assert.False(File.Exists(folder.File("broken.out.npz")));
    }

    [Theory]
    [InlineData(null, "cannot be read")]
    [InlineData("[{\"verb\": ", "not JSON")]
    [InlineData("{}", "is no list of cases")]
    public void A_list_that_cannot_be_read_is_named_in_one_line(string? text, string expected)
    {
        using ToolFolder folder = new();
        string path = folder.File("list.json");
        if (text is not null)
        {
            File.WriteAllText(path, text);
        }

        (int code, string output, string error) = ToolFolder.Start(path);
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith($"{path}: {expected}", error, StringComparison.Ordinal);
        Assert.Equal(error.Length - 1, error.IndexOf('\n', StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_list_it_says_how_it_is_used() =>
        Assert.Equal((2, "", "usage: Hypersphere.Conformance CASES.json\n"), ToolFolder.Start());
}
