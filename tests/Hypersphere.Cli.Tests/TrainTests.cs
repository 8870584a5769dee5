using System.Globalization;
using System.Text.Json;

namespace Commands;

[Collection(Computing.Name)]
public sealed class TrainTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TrainingEndsWithATableAndAReport()
    {
        Outcome outcome = Cli.Run(Computing.TinyTraining(_folder.File("run")));
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        string[] lines = outcome.Out.TrimEnd().Split('\n');
        Assert.StartsWith("Hypersphere 0.1.0 · ", lines[0], StringComparison.Ordinal);
        Assert.Equal("data   96 images 8×8 grey, 4 classes of 24", lines[1]);
        Assert.StartsWith("train  arcface(margin=0.3, scale=16", lines[2], StringComparison.Ordinal);
        Assert.Contains(lines, l => l.StartsWith("epoch 2/2  step 12/12  100 %", StringComparison.Ordinal));
        Assert.Contains("precision@1", lines[^3], StringComparison.Ordinal);
        Assert.StartsWith("arcface", lines[^2], StringComparison.Ordinal);
        Assert.Equal($"report {_folder.File("run/report.html")}", lines[^1]);
        foreach (string file in (string[])["model.safetensors", "metrics.jsonl", "metrics.json", "report.html", "checkpoints/best.safetensors"])
        {
            Assert.True(File.Exists(_folder.File("run/" + file)), file);
        }
    }

    /// <summary>Sums, several prototypes a class, and a scale too small for the classes, all at once.</summary>
    [Fact]
    public void ASumOfLossesIsTrainedAndLoadedAgain()
    {
        const string spec = "subcenter-arcface(centers=2, scale=16) + 0.5*cosface(scale=1) + 0.1*regular-face";
        Outcome outcome = Cli.Run(Computing.TinyTraining(_folder.File("run"), "--loss", spec));
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        Assert.Contains("\nnote   scale 1 is small for 4 classes: even a perfect network", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("\nsubcenter-arcface+cosface+regular-face ", outcome.Out, StringComparison.Ordinal);
        Outcome evaluated = Cli.Run("evaluate", "--model", _folder.File("run"), "--data", "synthetic:classes=4,images=96,size=8");
        string[] outliers = File.ReadAllLines(_folder.File("run/outliers.csv"));
        Assert.Equal("image,identity,angle_deg,nearest_is_dominant", outliers[0]);
        Assert.All(outliers[1..], line => Assert.InRange(double.Parse(line.Split(',')[2], CultureInfo.InvariantCulture), 75, 180));
        Assert.Contains(
            $"\noutliers {_folder.File("run/outliers.csv")}: {outliers.Length - 1} of 96 images lie over 75°", outcome.Out, StringComparison.Ordinal);
        Assert.Equal((0, ""), (evaluated.Code, evaluated.Error));
        Assert.Contains("\nsubcenter-arcface+cosface+regular-face ", evaluated.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void PartialFcTrainsOnSyntheticIdentitiesAndIsKept()
    {
        string[] people = ["--data", "synthetic-identities:classes=60,dimension=16,label-noise=0.1", "--validate", "synthetic-identities:classes=40,dimension=16,seed=1"];
        string[] line = ["train", .. people, "--backbone", "linear(embedding=8)", "--batch", "20", "--epochs", "2", "--sparse-gradient", "0.001", "--partial-fc", "0.2", "--out", _folder.File("run")];
        Outcome outcome = Cli.Run(line);
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        Assert.Contains("on linear, 128 parameters", outcome.Out, StringComparison.Ordinal);
        Outcome plot = Cli.Run("plot", $"tenth={_folder.File("run")}", "--measure", "validation_tar", "--out", _folder.File("tar.svg"));
        Assert.Equal((0, ""), (plot.Code, plot.Error));
        Assert.Contains(">tenth</text>", File.ReadAllText(_folder.File("tar.svg")), StringComparison.Ordinal);
        Assert.Contains("has no nothing", Cli.Run("plot", _folder.File("run"), "--measure", "nothing").Error, StringComparison.Ordinal);
        Assert.Contains("no such file", Cli.Run("plot", _folder.File("none")).Error, StringComparison.Ordinal);
        Assert.Equal(0, Cli.Run([.. line, "--resume"]).Code);
        Assert.Contains("--partial-fc 0.2, with which the run began, not 0.5", Cli.Run([.. line[..^3], "0.5", .. line[^2..], "--resume"]).Error, StringComparison.Ordinal);
        Assert.Contains("--sparse-gradient 0.001, with which", Cli.Run([.. line.Select(a => a == "0.001" ? "0.01" : a), "--resume"]).Error, StringComparison.Ordinal);
        Assert.Contains("label smoothing gives every class", Cli.Run([.. line, "--loss", "arcface(smoothing=0.1)", "--overwrite"]).Error, StringComparison.Ordinal);
        Assert.Contains("Partial FC is for margin softmax", Cli.Run([.. line, "--loss", "triplet", "--overwrite"]).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void MetricsHoldAnEntryARun()
    {
        Cli.Run(Computing.TinyTraining(_folder.File("run")));
        using var json = JsonDocument.Parse(File.ReadAllText(_folder.File("run/metrics.json")));
        JsonElement entry = Assert.Single(json.RootElement.EnumerateArray());
        Assert.StartsWith("arcface(", entry.GetProperty("loss").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, entry.GetProperty("epochs").GetInt32());
        foreach (string name in (string[])[
            "precision_at_1", "map_at_r", "verification_accuracy", "auc", "eer", "angle_to_prototype_deg", "prototype_angle_min_deg",
            "train_seconds", "samples_per_second", "tensor_bytes"])
        {
            Assert.Equal(JsonValueKind.Number, entry.GetProperty(name).ValueKind);
        }

        Assert.True(entry.GetProperty("tar_at_far").TryGetProperty("1e-2", out _));
        Assert.True(entry.GetProperty("tar_at_far").TryGetProperty("1e-3", out _));
    }

    [Fact]
    public void ThreadsDoNotChangeABit()
    {
        Cli.Run(Computing.TinyTraining(_folder.File("one"), "--threads", "1"));
        Cli.Run(Computing.TinyTraining(_folder.File("three"), "--threads", "3"));
        Assert.Equal(File.ReadAllBytes(_folder.File("one/model.safetensors")), File.ReadAllBytes(_folder.File("three/model.safetensors")));
    }

    [Fact]
    public void ARunThatIsThereIsNotLostByAccident()
    {
        string[] train = Computing.TinyTraining(_folder.File("run"));
        Assert.Equal(0, Cli.Run(train).Code);
        Outcome again = Cli.Run(train);
        Assert.Equal(2, again.Code);
        Assert.Contains("--resume", again.Error, StringComparison.Ordinal);
        Assert.Equal(0, Cli.Run([.. train, "--overwrite"]).Code);
    }

    [Fact]
    public void SecondTrainingInTheSameFolderIsRefused()
    {
        Directory.CreateDirectory(_folder.File("run"));
        using (new Hypersphere.Cli.Running.RunLock(_folder.File("run")))
        {
            Outcome second = Cli.Run(Computing.TinyTraining(_folder.File("run")));
            Assert.Equal(2, second.Code);
            Assert.Contains("another training runs here", second.Error, StringComparison.Ordinal);
        }

        Assert.Equal(0, Cli.Run(Computing.TinyTraining(_folder.File("run"))).Code);
    }

    [Fact]
    public void FinishedRunResumesToItsReport()
    {
        string[] train = Computing.TinyTraining(_folder.File("run"));
        Cli.Run(train);
        byte[] model = File.ReadAllBytes(_folder.File("run/model.safetensors"));
        Outcome resumed = Cli.Run([.. train, "--resume"]);
        Assert.Equal((0, ""), (resumed.Code, resumed.Error));
        Assert.Contains("resume step 12 of 12", resumed.Out, StringComparison.Ordinal);
        Assert.Equal(model, File.ReadAllBytes(_folder.File("run/model.safetensors")));
    }

    [Fact]
    public void ResumeRefusesOtherOptions()
    {
        string[] train = Computing.TinyTraining(_folder.File("run"));
        Cli.Run(train);
        Outcome other = Cli.Run([.. train, "--resume", "--lr", "0.05"]);
        Assert.Equal(2, other.Code);
        Assert.Contains("--lr 0.1, with which the run began, not 0.05", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void ModelIsEvaluatedAndEmbeds()
    {
        Cli.Run(Computing.TinyTraining(_folder.File("run")));
        const string Data = "synthetic:classes=4,images=40,size=8";
        Outcome table = Cli.Run("evaluate", "--model", _folder.File("run"), "--data", Data, "--json", _folder.File("numbers.json"));
        Assert.Equal((0, ""), (table.Code, table.Error));
        using var numbers = JsonDocument.Parse(File.ReadAllText(_folder.File("numbers.json")));
        Assert.Equal(40, numbers.RootElement.GetProperty("samples").GetInt32());
        using var printed = JsonDocument.Parse(Cli.Run("evaluate", "--model", _folder.File("run"), "--data", Data, "--json", "-").Out);
        Assert.Equal(numbers.RootElement.GetRawText().Trim(), printed.RootElement.GetRawText().Trim());

        Outcome embed = Cli.Run("embed", "--model", _folder.File("run"), "--data", Data, "--out", _folder.File("e.npz"));
        Assert.Equal((0, ""), (embed.Code, embed.Error));
        using var file = new Hypersphere.Formats.NpzReader(_folder.File("e.npz"));
        float[] embeddings = file.Read("embeddings").Floats();
        Assert.Equal(40 * 8, embeddings.Length);
        Assert.Equal(1, embeddings.Take(8).Sum(x => x * x), 1e-5f);
        Assert.Equal([0, 1, 2, 3, 0], file.Read("labels").Integers().Take(5));
    }

    [Fact]
    public void HeldOutImagesAreMeasured()
    {
        Outcome outcome = Cli.Run(
            "train", "--data", "synthetic:classes=4,images=96,size=8#train", "--backbone", "small-cnn(embedding=8, width=4)", "--batch", "16",
            "--epochs", "1", "--holdout", "0.25", "--out", _folder.File("run"));
        Assert.Contains("data   72 images 8×8 grey, 4 classes of 18", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("test   24 images", outcome.Out, StringComparison.Ordinal);
    }
}
