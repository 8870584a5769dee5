namespace Hypersphere.Conformance.Tests;

/// <summary>Other implementations' numbers against the library's, where the cases lie beside the repository.</summary>
public sealed class GoldenTests
{
    public static TheoryData<string> Names => [.. GoldenCase.Names];

    [GoldenTheory]
    [MemberData(nameof(Names))]
    public void The_library_agrees(string name)
    {
        GoldenCase golden = GoldenCase.Of(name);
        using ToolFolder folder = new();
        Answer answer = folder.Run(folder.Entry(golden.Verb, golden.Function, golden.Hyper, golden.Inputs));
        Assert.Equal("ok", answer.Status + answer.Message);
        Assert.Empty(golden.Differences(ToolFolder.Read(answer.Out!)));
    }
}
