using Hypersphere;
using Hypersphere.Formats;

namespace Formats;

public sealed class MetricsLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.File("metrics.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void OneObjectALineReadableAtOnce()
    {
        using var log = MetricsLog.Open(FilePath);
        log.Write(1, ("loss", 0.5), ("rate \"x\"", double.NaN));
        Assert.Equal("{\"step\":1,\"loss\":0.5,\"rate \\u0022x\\u0022\":null}\n", Read());
    }

    [Fact]
    public void FreshLogForgetsTheOldOne()
    {
        File.WriteAllText(FilePath, "old\n");
        MetricsLog.Open(FilePath).Dispose();
        Assert.Equal("", Read());
    }

    [Fact]
    public void ResumeDropsLaterAndBrokenLines()
    {
        using (var log = MetricsLog.Open(FilePath))
        {
            for (int step = 10; step <= 5000; step += 10)
            {
                log.Write(step, ("straße", step));
            }
        }

        File.AppendAllText(FilePath, "{\"step\":50");
        using (var log = MetricsLog.Open(FilePath, resumeStep: 2000))
        {
            log.Write(2010, ("loss", -1));
        }

        string[] lines = File.ReadAllLines(FilePath);
        Assert.Equal(201, lines.Length);
        Assert.StartsWith("{\"step\":2000,", lines[^2], StringComparison.Ordinal);
        Assert.Equal("{\"step\":2010,\"loss\":-1}", lines[^1]);
    }

    [Theory]
    [InlineData("{\"step\":1}\n{\"step\":2")]
    [InlineData("{\"step\":1}\n{\"step\":2}")]
    [InlineData("{\"step\":1}\nnonsense\n{\"step\":2}\n")]
    [InlineData("{\"step\":1}\n[]\n")]
    [InlineData("{\"step\":1}\n{\"step\":\"2\"}\n")]
    [InlineData("{\"step\":1}\n{\"loss\":2}\n")]
    public void WhatIsNotAWholeLineIsDropped(string damaged)
    {
        File.WriteAllText(FilePath, damaged);
        MetricsLog.Open(FilePath, resumeStep: 9).Dispose();
        Assert.Equal("{\"step\":1}\n", Read());
    }

    [Fact]
    public void MissingFolderIsNamed() =>
        Assert.Contains("could not be saved", Assert.Throws<InputException>(() => MetricsLog.Open(_folder.File("no/x.jsonl"))).Message,
            StringComparison.Ordinal);

    private string Read()
    {
        using var reader = new StreamReader(new FileStream(FilePath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }
}
