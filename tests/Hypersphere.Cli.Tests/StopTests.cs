using System.Diagnostics;

namespace Commands;

/// <summary>Ctrl-C and SIGTERM as the process meets them: the step is finished and saved, and the resumed run ends in the same
/// bits.</summary>
[Collection(Computing.Name)]
public sealed class StopTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [UnixTheory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public void SignalSavesAndSaysHowToGoOn(string signal, int code)
    {
        Outcome stopped = StopAfter(["epoch 2/"], signal, Training("run"));
        Assert.Equal(code, stopped.Code);
        string line = Assert.Single(stopped.Error.TrimEnd().Split('\n'));
        Assert.Contains("saved. Go on with: hypersphere train --data ", line, StringComparison.Ordinal);
        Assert.EndsWith(" --resume", line, StringComparison.Ordinal);

        Outcome resumed = Cli.Run([.. Training("run"), "--resume"]);
        Assert.Equal((0, ""), (resumed.Code, resumed.Error));
        Assert.Contains("resume step ", resumed.Out, StringComparison.Ordinal);
        Assert.Equal(0, Cli.Run(Training("whole")).Code);
        Assert.Equal(File.ReadAllBytes(_folder.File("whole/model.safetensors")), File.ReadAllBytes(_folder.File("run/model.safetensors")));
    }

    private string[] Training(string folder) =>
    [
        "train", "--data", "synthetic:classes=4,images=640,size=8#train", "--backbone", "small-cnn(embedding=8, width=4)", "--holdout", "0",
        "--schedule", "cosine(warmup=20)", "--batch", "16", "--epochs", "40", "--flip", "0.5", "--crop", "1", "--out", _folder.File(folder),
    ];

    /// <summary>Sends a signal when all texts have been written, one after another.</summary>
    internal static Outcome StopAfter(string[] texts, string signal, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Hypersphere.Cli.dll"), .. arguments])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        string output = "";
        int seen = 0;
        while (seen < texts.Length && process.StandardOutput.ReadLine() is { } line)
        {
            output += line + "\n";
            seen += line.Contains(texts[seen], StringComparison.Ordinal) ? 1 : 0;
        }

        Cli.Process("kill", null, "-" + signal, $"{process.Id}");
        output += process.StandardOutput.ReadToEnd();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return new Outcome(process.ExitCode, output, error);
    }
}
