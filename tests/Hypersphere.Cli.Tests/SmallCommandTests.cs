using System.Globalization;
using System.Text.Json;
using Hypersphere.Losses;
using Hypersphere.Registry;

namespace Commands;

[Collection(Computing.Name)]
public sealed class SmallCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void LossesAreListedAndTold()
    {
        Assert.Matches("(?m)cosface +additive margin on the cosine", Cli.Run("losses").Out);
        string told = Cli.Run("losses", "normface").Out;
        Assert.StartsWith("normalized-softmax, normface: cosine softmax without a margin\n  ψ(θ) = cos θ\n", told, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(Cli.Run("losses", "arcface", "--json").Out);
        JsonElement margin = json.RootElement[0].GetProperty("parameters")[0];
        Assert.Equal(("margin", 0.5), (margin.GetProperty("name").GetString(), margin.GetProperty("default").GetDouble()));
    }

    [Fact]
    public void UnknownLossIsOneLine()
    {
        Outcome outcome = Cli.Run("losses", "arcfce");
        Assert.Equal((2, ""), (outcome.Code, outcome.Out));
        Assert.Contains("there is no loss arcfce; did you mean arcface?", Assert.Single(outcome.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public void NetworksAreListedAndToldLayerByLayer()
    {
        string list = Cli.Run("backbones", "--size", "20x60", "--grey").Out;
        Assert.Matches("(?m)^mobilefacenet +– +not for this size", list);
        Assert.Matches("(?m)^iresnet18 +[0-9,]+ +[0-9.]+ M +512 ", list);
        string told = Cli.Run("backbones", "small-cnn(embedding=8, width=4)", "--size", "28x28", "--grey").Out;
        Assert.Matches("(?m)^Conv2d +\\[1, 28, 28, 4\\] +36 +0.1 M\n", told);
        Assert.Matches("(?m)^sum +\\[1, 8\\] +4,268 +", told);
        using var json = JsonDocument.Parse(Cli.Run("backbones", "small-cnn", "--size", "28x28", "--grey", "--json").Out);
        Assert.Equal(266_208, json.RootElement.GetProperty("parameters").GetInt64());
        Assert.Equal(17, json.RootElement.GetProperty("layers").GetArrayLength());
        Outcome outcome = Cli.Run("backbones", "resnet");
        Assert.Equal(2, outcome.Code);
        Assert.Contains("there is no backbone 'resnet'", Assert.Single(outcome.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("curves.svg", "<svg")]
    [InlineData("curves.html", "<!doctype html>")]
    public void CurvesAreDrawn(string name, string contains)
    {
        Outcome outcome = Cli.Run("curve", "arcface(margin=0.5)", "arcface(easy_margin=true)", "--out", _folder.File(name));
        Assert.Equal((0, $"curves {_folder.File(name)}\n", ""), (outcome.Code, outcome.Out, outcome.Error));
        string text = File.ReadAllText(_folder.File(name));
        Assert.Contains(contains, text, StringComparison.Ordinal);
        Assert.Contains("easy_margin=true", text, StringComparison.Ordinal);
    }

    [Fact]
    public void AllMarginsGetASlider()
    {
        Outcome outcome = Cli.Run("curve", "arcface(margin=0.3)", "--interactive", _folder.File("margins.html"));
        Assert.Equal((0, $"curves {_folder.File("margins.html")}\n", ""), (outcome.Code, outcome.Out, outcome.Error));
        string page = File.ReadAllText(_folder.File("margins.html"));
        Assert.InRange(page.Length, 50_000, 700_000);
        Assert.Contains("<output>0.3\u00a0rad</output>", page, StringComparison.Ordinal);
        foreach (ComponentInfo loss in Registry<Loss>.All.Where(l => l.Type.IsAssignableTo(typeof(MarginSoftmaxLoss))))
        {
            bool hasMargin = loss.Parameters.Any(p => p.Name.Contains("margin", StringComparison.Ordinal) && p.Type == typeof(float))
                || loss.Attribute.Name == "combined-margin";
            Assert.Equal(hasMargin, page.Contains($"aria-label=\"{loss.Attribute.Name}: ", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(0, 1, 0.35, "0 0.025 0.05", 41)]
    [InlineData(0, 1.5707963, 0.5, "0 0.05 0.1", 32)]
    [InlineData(1, 8, 1.35, "1 1.25 1.35", 30)]
    [InlineData(10, 110, 60, "10 12.5 15", 41)]
    public void SlidersMoveInRoundStepsThroughTheDefault(double low, double high, double normal, string begins, int count)
    {
        IReadOnlyList<double> grid = Hypersphere.Cli.Running.MarginFamilies.Grid(low, high, normal);
        Assert.Equal(begins, string.Join(' ', grid.Take(3).Select(v => v.ToString(CultureInfo.InvariantCulture))));
        Assert.Equal(count, grid.Count);
        Assert.Contains(normal, grid);
    }

    [Theory]
    [InlineData("name at least one loss")]
    [InlineData("softmax has no margin", "softmax", "--interactive", "x.html")]
    [InlineData("is written as .html", "arcface", "--interactive", "x.svg")]
    public void CurveRefusesInOneLine(string says, params string[] arguments)
    {
        Outcome outcome = Cli.Run(["curve", .. arguments]);
        Assert.Equal(2, outcome.Code);
        Assert.Contains(says, Assert.Single(outcome.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public void PairLossHasNoMarginCurveButAPlane()
    {
        string error = Cli.Run("curve", "triplet", "--out", _folder.File("x.svg")).Error;
        Assert.Contains("triplet has no margin curve", error, StringComparison.Ordinal);
        Assert.Contains("--plane draws it", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gemm-nt", "8x16x4", "gemm", "--m", "8", "--n", "16", "--k", "4", "--layout", "nt")]
    [InlineData("head-arcface", "4x10x8", "head", "--batch", "4", "--classes", "10", "--dim", "8")]
    [InlineData("head-cosface+sgd", "4x100*0.1x8", "head", "--batch", "4", "--classes", "100", "--dim", "8", "--loss", "cosface", "--partial-fc", "0.1", "--optimizer", "sgd")]
    [InlineData("head-arcface+adamw", "4x100x8", "head", "--batch", "4", "--classes", "100", "--dim", "8", "--sparse-gradient", "0.01", "--cosine", "0.6", "--optimizer", "adamw")]
    [InlineData("memory-sgd", "1000", "memory", "--count", "1000")]
    [InlineData("conv-forward", "1x6x6x2 -> 3, 3x3", "conv", "--batch", "1", "--size", "6", "--channels", "2", "--filters", "3")]
    [InlineData("train-small-cnn", "4x8x8x1", "train", "--batch", "4", "--size", "8", "--backbone", "small-cnn(embedding=4, width=2)")]
    public void BenchPrintsAnObjectACase(string name, string shape, params string[] arguments)
    {
        Outcome outcome = Cli.Run(["bench", .. arguments, "--threads", "1", "--seconds", "0.01", "--json"]);
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        using var json = JsonDocument.Parse(outcome.Out.Split('\n')[0]);
        Assert.Equal((name, shape, 1), (
            json.RootElement.GetProperty("name").GetString(), json.RootElement.GetProperty("shape").GetString(),
            json.RootElement.GetProperty("threads").GetInt32()));
        Assert.True(json.RootElement.GetProperty("seconds").GetDouble() > 0);
        Assert.True(json.RootElement.GetProperty("peak_bytes").GetInt64() > 1_000_000);
        Assert.True(json.RootElement.TryGetProperty("gflops", out _));
    }

    [Theory]
    [InlineData("--n is needed too", "gemm", "--m", "4")]
    [InlineData("groups must divide", "conv", "--channels", "3", "--groups", "2")]
    [InlineData("--layout must be nn, nt or tn", "gemm", "--layout", "tt")]
    [InlineData("there is no loss 'nope'", "head", "--loss", "nope")]
    [InlineData("triplet compares with all its classes", "head", "--loss", "triplet", "--partial-fc", "0.5", "--classes", "10")]
    [InlineData("leave --partial-fc and --sparse-gradient out", "head", "--loss", "triplet", "--sparse-gradient", "0.05", "--classes", "10")]
    [InlineData("triplet has no prototypes; leave --cosine out", "head", "--loss", "triplet", "--cosine", "0.5", "--classes", "10")]
    public void BenchRefusesInOneLine(string says, params string[] arguments)
    {
        Outcome outcome = Cli.Run(["bench", .. arguments]);
        Assert.Equal(2, outcome.Code);
        Assert.Contains(says, Assert.Single(outcome.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public void DoctorKnowsTheMachine()
    {
        using var json = JsonDocument.Parse(Cli.Run("doctor", "--json", "--threads", "1").Out);
        Assert.Equal(Environment.ProcessorCount, json.RootElement.GetProperty("cores").GetInt32());
        Assert.True(json.RootElement.GetProperty("fma_peak_gflops").GetDouble() > 0.01);
        Assert.True(json.RootElement.GetProperty("tile_gflops").GetDouble() > 0.01);
        Assert.Equal(3, json.RootElement.GetProperty("optional").GetArrayLength());
        Assert.Contains("GFLOP/s", Cli.Run("doctor", "--threads", "1").Out, StringComparison.Ordinal);
    }
}
