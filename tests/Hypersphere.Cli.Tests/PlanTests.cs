using System.Text.Json;
using Hypersphere.Cli.Planning;

namespace Commands;

public sealed class PlanTests
{
    private static readonly Workload _work = new(Identities: 1000, Dimension: 10, Batch: 4, Rate: 1, new NetworkSize(Flops: 100, Parameters: 20, Activations: 5));

    private static readonly Node _node = new() { Flops = 1000, Bandwidth = 100, Network = 10, Latency = 2, Memory = 80_000 };

    [Fact]
    public void ACostIsWhatThePenSays()
    {
        var cost = new StepCost(_work, ranks: 2, _node);
        Assert.Equal((8, 500, 500), (cost.Images, cost.Rows, cost.SampledRows));
        Assert.Equal((240_000, 1200), (cost.HeadFlops, cost.BackboneFlops));
        Assert.Equal((100_400, 432, 80, 56_960), (cost.MemoryBytes, cost.HeadBytes, cost.BackboneBytes, cost.Memory));
        double waiting = 43.2 + (7 * 2) + (8 + 4 - 0.8);
        Assert.Equal((241.2, 1004, waiting), (cost.Compute, cost.Streaming, cost.Waiting));
        Assert.Equal(241.2 + 1004 + waiting, cost.Seconds, 9);
    }

    [Fact]
    public void ASampleCostsItsShareAndACopy()
    {
        var cost = new StepCost(_work with { Rate = 0.1 }, ranks: 2, _node);
        Assert.Equal((500, 50, 24_000, 14_400, 46_560), (cost.Rows, cost.SampledRows, cost.HeadFlops, cost.MemoryBytes, cost.Memory));
        Assert.Equal(4, new StepCost(_work with { Rate = 0.001 }, ranks: 2, _node).SampledRows); // the batch's own classes
    }

    [Fact]
    public void OneRankWaitsForNobody() => Assert.Equal((0, 0, 0), (new StepCost(_work, 1, _node).Waiting, new StepCost(_work, 1, _node).HeadBytes, new StepCost(_work, 1, _node).BackboneBytes));

    [Fact]
    public void ExponentialsThatDoNotFitTheBudgetAreComputedAgain()
    {
        var cost = new StepCost(_work with { Identities = 100_000_000, Batch = 64 }, ranks: 8, _node);
        Assert.Equal(2.0 * 10 * ((4.0 * 512 * 12_500_000) - ((768 << 20) / 4)), cost.HeadFlops);
    }

    [Fact]
    public void AdviceFitsTheMemory()
    {
        int fewest = Choice.Ranks(_work, _node)!.Value;
        Assert.Null(new StepCost(_work, fewest, _node).Obstacle);
        Assert.Equal("too much", new StepCost(_work, fewest - 1, _node).Obstacle);
        Assert.Equal("too many rows", new StepCost(_work with { Identities = 1_000_000_000 }, 1, _node).Obstacle);
        Assert.Null(Choice.Rate(_work, 1, _node));
        Assert.Null(Choice.Ranks(_work, _node with { Memory = 10 }));
        Assert.Equal(0.1, Choice.Rate(_work with { Identities = 10_000 }, 64, _node with { Bandwidth = 1e12, Network = 1e12, Memory = 1e9 }));
    }

    [Fact]
    public void OneCaseIsToldWithAllRatesAndAdvice()
    {
        Outcome outcome = Cli.Run("plan", "--identities", "10000000", "--nodes", "16", "--network", "100");
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        Assert.Matches("(?m)^ *rate +rows a rank|^rate +rows a rank", outcome.Out);
        Assert.Matches("(?m)^0.1 +62,500 +", outcome.Out);
        Assert.Contains("choose --partial-fc", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void SeveralCasesAreATable()
    {
        string[] lines = Cli.Run("plan", "--identities", "1000000,100000000", "--nodes", "8,64", "--network", "10,100", "--partial-fc", "0.1").Out.TrimEnd().Split('\n');
        Assert.Equal(2 + 1 + 8, lines.Length);
        Assert.Contains("too many rows", Cli.Run("plan", "--identities", "100000000", "--nodes", "2,4").Out, StringComparison.Ordinal);
        Assert.Contains("too much", Cli.Run("plan", "--identities", "1000000", "--nodes", "2,4", "--memory", "1").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void ProgramsGetNumbersOfTheHeadAlone()
    {
        string[] lines = Cli.Run("plan", "--identities", "1000000", "--nodes", "1,2", "--backbone", "none", "--batch", "256", "--partial-fc", "0.1", "--json").Out.TrimEnd().Split('\n');
        using var json = JsonDocument.Parse(lines[1]);
        var cost = new StepCost(new(1_000_000, 512, 256, 0.1, default), ranks: 2, new Node());
        Assert.Equal((2, 2, cost.Seconds), (lines.Length, json.RootElement.GetProperty("ranks").GetInt32(), json.RootElement.GetProperty("seconds").GetDouble()));
        Assert.Equal(cost.HeadFlops / new Node().Flops, json.RootElement.GetProperty("compute").GetDouble());
    }

    [Theory]
    [InlineData("--nodes must be numbers", "--nodes", "8,x")]
    [InlineData("--network must be numbers", "--network", "0")]
    [InlineData("there is no backbone", "--backbone", "nope")]
    public void WrongInputIsOneLine(string says, params string[] more)
    {
        Outcome outcome = Cli.Run(["plan", "--identities", "1000", .. more]);
        Assert.Equal(2, outcome.Code);
        Assert.Contains(says, Assert.Single(outcome.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }
}
