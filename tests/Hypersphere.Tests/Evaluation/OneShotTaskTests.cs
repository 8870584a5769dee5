using Hypersphere.Evaluation;

namespace Hypersphere.Tests.Evaluation;

public sealed class OneShotTaskTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hypersphere-oneshot-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Runs_are_read_and_judged_by_the_nearest_class()
    {
        Write("run01", "run01/t/1.png run01/c/b.png\nrun01/t/2.png run01/c/a.png\n");
        Write("run02", "run02/t/1.png run02/c/a.png\n\nrun02/t/2.png run02/c/b.png\n");
        OneShotTask task = OneShotTask.Read(_folder);
        Assert.Equal([1, 0], task.Runs[0].Truth);
        Assert.EndsWith("a.png", task.Runs[0].Classes[0], StringComparison.Ordinal);

        // classes a and b at 0° and 90°; image 1 at 80°, image 2 at 10°: right in the first run, wrong in the second
        EmbeddingSet Embed(IReadOnlyList<string> paths) => new(
            [.. paths.SelectMany(p => Point(Path.GetFileName(p) switch { "a.png" => 0, "b.png" => 90, "1.png" => 80, _ => 10 }))], 2, new int[paths.Count]);
        Assert.Equal([1.0, 0.0], task.Accuracies(Embed));
    }

    [Theory]
    [InlineData("run01/t/1.png\n", "line 1: needs the path")]
    [InlineData("a b c\n", "line 1: needs the path")]
    [InlineData("\n", "names no images")]
    public void Malformed_lists_name_the_line(string text, string expected)
    {
        Write("run01", text);
        Assert.Contains(expected, Assert.Throws<InputException>(() => OneShotTask.Read(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_runs_is_told() =>
        Assert.Contains("holds no runs", Assert.Throws<InputException>(() => OneShotTask.Read(_folder)).Message, StringComparison.Ordinal);

    private static float[] Point(double degrees) => [(float)Math.Cos(degrees * Math.PI / 180), (float)Math.Sin(degrees * Math.PI / 180)];

    private void Write(string run, string text)
    {
        Directory.CreateDirectory(Path.Combine(_folder, run));
        File.WriteAllText(Path.Combine(_folder, run, "class_labels.txt"), text);
    }
}
