using System.Text.Json;

namespace Commands;

[Collection(Computing.Name)]
public sealed class QuickstartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TwoLossesAreComparedAndResumeKeepsThem()
    {
        string[] arguments = ["quickstart", "--data", "synthetic:classes=3,images=256,size=8", "--embedding", "2", "--out", _folder.File("q")];
        Outcome outcome = Cli.Run(arguments);
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        string[] lines = outcome.Out.TrimEnd().Split('\n');
        Assert.Contains("data   synthetic:classes=3,images=256,size=8: 256 train, 256 test, 3 classes", lines);
        Assert.StartsWith("arcface", lines[^3], StringComparison.Ordinal);
        Assert.StartsWith("softmax", lines[^2], StringComparison.Ordinal);
        Assert.Equal($"report {_folder.File("q/report.html")}", lines[^1]);
        using (var json = JsonDocument.Parse(File.ReadAllText(_folder.File("q/metrics.json"))))
        {
            Assert.Equal(["arcface", "softmax"], json.RootElement.EnumerateArray().Select(e => e.GetProperty("loss").GetString()!.Split('(')[0]));
        }

        byte[] model = File.ReadAllBytes(_folder.File("q/model.safetensors"));
        Assert.Equal(0, Cli.Run([.. arguments, "--resume"]).Code);
        Assert.Equal(model, File.ReadAllBytes(_folder.File("q/model.safetensors")));
        Outcome other = Cli.Run([.. arguments, "--resume", "--seed", "1"]);
        Assert.Equal(2, other.Code);
        Assert.Contains("began with other options", other.Error, StringComparison.Ordinal);
        Assert.Equal(0, Cli.Run(arguments).Code);
    }
}
