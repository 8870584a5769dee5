using System.Text.Json;
using Hypersphere.Cli.Running;
using Hypersphere.Registry;

namespace Commands;

[Collection(Computing.Name)]
public sealed class CompareTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EveryLossMeetsTheSameSeedsAndTheTableTellsTheirSpread()
    {
        Outcome outcome = Cli.Run(Comparison("c", "arcface(margin=0.3, scale=16), cosface(margin=0.2, scale=16)", "--json", _folder.File("copy.json")));
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        string[] lines = outcome.Out.TrimEnd().Split('\n');
        Assert.Equal("data   96 images 8×8 grey, 4 classes of 24; measured on 96 others", lines[1]);
        Assert.Equal(
            ["run    arcface, seed 5", "run    cosface, seed 5", "run    arcface, seed 6", "run    cosface, seed 6"],
            lines.Where(l => l.StartsWith("run ", StringComparison.Ordinal)));
        Assert.Matches("^ +precision@1 +verification +TAR@FAR 1e-2 +EER +own angle$", lines.Single(l => l.Contains("precision@1", StringComparison.Ordinal)));
        Assert.Matches(@"^arcface( +[\d.]+ ± [\d.]+ %( \*)?){4} +[\d.]+ ± [\d.]+°( \*)?$", lines.Single(l => l.StartsWith("arcface ", StringComparison.Ordinal)));
        Assert.Equal($"report {_folder.File("c/compare.html")}", lines[^1]);
        Assert.Contains("<p class=\"kicker\">2 losses on synthetic</p>", File.ReadAllText(_folder.File("c/compare.html")), StringComparison.Ordinal);

        JsonElement json = Numbers("c");
        Assert.Equal(File.ReadAllText(_folder.File("copy.json")), File.ReadAllText(_folder.File("c/compare.json")));
        JsonElement[] runs = [.. json.GetProperty("runs").EnumerateArray()];
        Assert.Equal(
            ["1-arcface/seed-5", "2-cosface/seed-5", "1-arcface/seed-6", "2-cosface/seed-6"], runs.Select(r => r.GetProperty("folder").GetString()));
        Assert.All(runs, r => Assert.True(File.Exists(_folder.File($"c/{r.GetProperty("folder").GetString()}/model.safetensors"))));
        JsonElement mean = json.GetProperty("means")[1].GetProperty("precision_at_1");
        double[] seeds = [.. new[] { 1, 3 }.Select(i => runs[i].GetProperty("metrics").GetProperty("precision_at_1").GetDouble())];
        Assert.Equal(seeds.Average(), mean.GetProperty("mean").GetDouble(), 12);
        Assert.Equal(Math.Abs(seeds[0] - seeds[1]) / Math.Sqrt(2), mean.GetProperty("std").GetDouble(), 12);
    }

    [Fact]
    public void RunIsTheOneThatTrainGives()
    {
        Assert.Equal(0, Cli.Run(Comparison("c", "arcface(margin=0.3, scale=16)", "--seeds", "1")).Code);
        Assert.Equal(0, Cli.Run(Computing.TinyTraining(_folder.File("t"), "--seed", "5")).Code);
        Assert.Equal(File.ReadAllBytes(_folder.File("t/model.safetensors")), File.ReadAllBytes(_folder.File("c/1-arcface/seed-5/model.safetensors")));
        Assert.Contains("One seed does not tell", File.ReadAllText(_folder.File("c/compare.html")), StringComparison.Ordinal);
    }

    [UnixFact]
    public void InterruptedComparisonGoesOnWhereItStopped()
    {
        string[] compare = [.. Comparison("c", "cosface,softmax", "--epochs", "60", "--seeds", "1")];
        Outcome stopped = StopTests.StopAfter(["run    softmax", "epoch 2/"], "INT", compare);
        Assert.Equal(130, stopped.Code);
        Assert.Contains("saved. Go on with: hypersphere compare --losses cosface,softmax", stopped.Error, StringComparison.Ordinal);
        Assert.Single(Numbers("c").GetProperty("runs").EnumerateArray());

        Outcome resumed = Cli.Run([.. compare, "--resume"]);
        Assert.Equal((0, ""), (resumed.Code, resumed.Error));
        Assert.Contains("run    cosface, seed 5: done before\nrun    softmax, seed 5\n", resumed.Out, StringComparison.Ordinal);
        Assert.Contains("resume step ", resumed.Out, StringComparison.Ordinal);
        Assert.Equal(0, Cli.Run(Comparison("whole", "cosface,softmax", "--epochs", "60", "--seeds", "1")).Code);
        foreach (string model in (string[])["1-cosface", "2-softmax"])
        {
            string name = $"{model}/seed-5/model.safetensors";
            Assert.Equal(File.ReadAllBytes(_folder.File("whole/" + name)), File.ReadAllBytes(_folder.File("c/" + name)));
        }
    }

    [Fact]
    public void ComparisonThatIsThereIsNeitherLostNorMixedWithAnother()
    {
        Assert.Equal(0, Cli.Run(Comparison("c", "cosface", "--seeds", "1")).Code);
        Refused("holds a comparison already; --resume", Comparison("c", "cosface", "--seeds", "1"));
        Refused("began with --losses cosface, not softmax", Comparison("c", "softmax", "--seeds", "1", "--resume"));
        Refused("began with --seeds 1, not 2", Comparison("c", "cosface", "--resume"));
        Refused("began with --lr 0.1, not 0.2", Comparison("c", "cosface", "--seeds", "1", "--resume", "--lr", "0.2"));
        File.WriteAllText(_folder.File("c/compare.json"), "{");
        Refused("compare.json: is damaged", Comparison("c", "cosface", "--seeds", "1", "--resume"));
        Assert.Equal(0, Cli.Run(Comparison("c", "softmax", "--seeds", "1", "--overwrite")).Code);
        Assert.Equal("softmax", Assert.Single(Numbers("c").GetProperty("runs").EnumerateArray()).GetProperty("loss").GetString());
    }

    [Theory]
    [InlineData("there is no loss 'arcfce', did you mean 'arcface'", "cosface,arcfce")]
    [InlineData("the same loss twice: arcface and arcface(margin=0.5)", "arcface, arcface(margin=0.5)")]
    [InlineData("parentheses do not match", "arcface(margin=0.5, cosface")]
    [InlineData("margin must be in", "arcface(margin=28)")]
    [InlineData("names no loss", ",")]
    public void WrongLossesAreRefusedBeforeAnythingIsTrained(string says, string losses)
    {
        Refused(says, Comparison("c", losses));
        Assert.False(Directory.Exists(_folder.File("c")));
    }

    [Fact]
    public void ListsOfLossesSplitAtOuterCommasOnly()
    {
        Assert.Equal(["arcface(margin=0.3, scale=16)", "cosface"], Spec.SplitList(" arcface(margin=0.3, scale=16) , cosface,"));
        Assert.Equal(
            [("arcface margin=0.3", "arcface(margin=0.3)"), ("arcface", "arcface"), ("softmax", "softmax")],
            ComparedLosses.Read(["arcface(margin=0.3),arcface", "softmax"], classes: 3));
    }

    private string[] Comparison(string folder, string losses, params string[] more) =>
    [
        "compare", "--losses", losses, "--data", "synthetic:classes=4,images=96,size=8", "--backbone", "small-cnn(embedding=8, width=4)",
        "--schedule", "cosine(warmup=2)", "--batch", "16", "--seed", "5", "--out", _folder.File(folder),
        .. more.Contains("--epochs") ? (string[])[] : ["--epochs", "2"], .. more.Contains("--seeds") ? (string[])[] : ["--seeds", "2"], .. more,
    ];

    private JsonElement Numbers(string folder)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(_folder.File($"{folder}/compare.json")));
        return json.RootElement.Clone();
    }

    private static void Refused(string says, string[] arguments)
    {
        Outcome outcome = Cli.Run(arguments);
        Assert.Equal(2, outcome.Code);
        Assert.Contains(says, Assert.Single(outcome.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }
}
