using System.Text.Json;

namespace Hypersphere.Conformance.Tests;

/// <summary>The mappings against the cases that the repository keeps.</summary>
public sealed class OwnCaseTests
{
    public static TheoryData<string> Ids => [.. OwnCases.All.Select(c => c.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_library_agrees(string id)
    {
        OwnCase own = OwnCases.All.Single(c => c.Id == id);
        JsonElement file = Read(own);
        using ToolFolder folder = new();
        Answer answer = folder.Run(folder.Entry(
            own.Verb, own.Function, file.GetProperty("hyper"), OwnCase.Read(file, "in")));
        Assert.Equal("ok", answer.Status + answer.Message);
        (Arrays want, Arrays got) = (OwnCase.Read(file, "out"), ToolFolder.Read(answer.Out!));
        if (own.Verb == "mine")
        {
            Assert.True(TupleSet.AreSame(want, got, unordered: false));
            return;
        }

        Assert.All(want, output => Assert.Null(new Rule("close", 1e-6, 1e-5).Difference(output.Value, got[output.Key])));
    }

    /// <summary>Run with HYPERSPHERE_UPDATE=1 to write the files anew.</summary>
    [Theory]
    [MemberData(nameof(Ids))]
    public void The_numbers_kept_are_those_of_the_plain_code(string id)
    {
        OwnCase own = OwnCases.All.Single(c => c.Id == id);
        if (Environment.GetEnvironmentVariable("HYPERSPHERE_UPDATE") == "1")
        {
            own.Write();
        }

        JsonElement file = Read(own);
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(own.Hyper).RootElement, file.GetProperty("hyper")));
        Assert.All(own.Inputs, a => Assert.Null(new Rule("close", 0, 1e-8).Difference(a.Value, OwnCase.Read(file, "in")[a.Key])));
        Assert.All(own.Outputs(), a => Assert.Null(new Rule("close", 1e-8, 1e-7).Difference(a.Value, OwnCase.Read(file, "out")[a.Key])));
    }

    [Fact]
    public void Every_file_has_its_case() => Assert.Equal(
        OwnCases.All.Select(c => c.Path).Order(StringComparer.Ordinal),
        Directory.GetFiles(OwnCase.Folder()).Order(StringComparer.Ordinal));

    private static JsonElement Read(OwnCase own) => JsonDocument.Parse(File.ReadAllBytes(own.Path)).RootElement;
}
