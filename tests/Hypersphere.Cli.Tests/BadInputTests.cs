using System.Text;
using Hypersphere.Formats;

namespace Commands;

/// <summary>Whatever is wrong with what a person gives, the answer is one line that names it, and nothing half-written remains.</summary>
[Collection(Computing.Name)]
public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EmptyFolder()
    {
        Directory.CreateDirectory(_folder.File("images"));
        Refused("images", "no image");
    }

    [Fact]
    public void MissingFolder() => Refused("nowhere", "no such folder");

    [Fact]
    public void OneClass()
    {
        Picture("images/a/1.pgm", 8);
        Picture("images/a/2.pgm", 8);
        Refused("images", "class");
    }

    [Fact]
    public void TruncatedPng()
    {
        byte[] png = PngEncoder.Encode(new RasterImage(8, 8, 1, new byte[64]));
        Put("images/a/1.png", png);
        Put("images/a/2.png", png);
        Put("images/b/1.png", png);
        Put("images/b/2.png", png[..(png.Length - 20)]);
        Refuse("b/2.png", "train", "--data", _folder.File("images"), "--batch", "4", "--out", _folder.File("run"));
        Assert.Empty(Directory.GetFiles(_folder.File("run"), "*.safetensors*", SearchOption.AllDirectories));
    }

    [Fact]
    public void DifferentSizes()
    {
        Picture("images/a/1.pgm", 8);
        Picture("images/b/1.pgm", 9);
        Refused("images", "--size");
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 8, 3, 127, 255, 255, 255, 0, 0, 0, 28, 0, 0, 0, 28 })]
    [InlineData(new byte[] { 0, 0, 8, 3, 0, 0, 0, 5, 0, 0, 0, 28, 0, 0, 0, 28, 1, 2, 3 })]
    [InlineData(new byte[] { 1, 2, 3 })]
    public void LyingIdx(byte[] images)
    {
        Put("train-images-idx3-ubyte", images);
        Put("train-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 5, 0, 1, 0, 1, 0]);
        long before = GC.GetTotalAllocatedBytes();
        Refused("idx:" + _folder.FullName, "train-images-idx3-ubyte");
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 50_000_000);
    }

    [Fact]
    public void WrongDtypeAndLabels()
    {
        NpzWriter.Save(_folder.File("f.npz"), false, ("images", NpyArray.Of(new float[4 * 64], 4, 8, 8)), ("labels", NpyArray.Of([0, 1, 0, 1])));
        Refused("f.npz", "f.npz", "uint8");
        NpzWriter.Save(_folder.File("l.npz"), false, ("images", NpyArray.Of(new byte[4 * 64], 4, 8, 8)), ("labels", NpyArray.Of([0, 1, -7, 1])));
        Refused("l.npz", "l.npz", "-7");
    }

    [Fact]
    public void CheckpointOfAnotherArchitecture()
    {
        Assert.Equal(0, Cli.Run(Computing.TinyTraining(_folder.File("run"))).Code);
        Refuse("12×12", "evaluate", "--model", _folder.File("run"), "--data", "synthetic:classes=4,images=8,size=12");
        using (FileStream file = new(_folder.File("run/model.safetensors"), FileMode.Open))
        {
            byte[] bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            string text = Encoding.Latin1.GetString(bytes).Replace("embedding=8, width=4", "embedding=8, width=5", StringComparison.Ordinal);
            file.Position = 0;
            file.Write(Encoding.Latin1.GetBytes(text));
        }

        Refuse("another architecture", "evaluate", "--model", _folder.File("run"), "--data", "synthetic:classes=4,images=8,size=8");
        File.WriteAllText(_folder.File("run/model.safetensors"), "not a model");
        Refuse("run/model.safetensors", "embed", "--model", _folder.File("run"), "--data", "synthetic:classes=4,images=8,size=8", "--out", "x.npz");
        Refuse("nowhere", "embed", "--model", _folder.File("nowhere"), "--data", "synthetic:classes=4,images=8,size=8", "--out", "x.npz");
    }

    [Fact]
    public void UnwritableOutput()
    {
        Put("file", [1]);
        Refuse("file", Computing.TinyTraining(_folder.File("file/run")));
        Refuse("no/such", "curve", "arcface", "--out", _folder.File("file/no/such.svg"));
    }

    [Theory]
    [InlineData("no option 'margn'", "--loss", "arcface(margn=0.5)")]
    [InlineData("must be in 0 …", "--loss", "arcface(margin=28)")]
    [InlineData("no backbone 'resnet'", "--backbone", "resnet")]
    [InlineData("--epochs must be at least 1", "--epochs", "0")]
    [InlineData("--lr must be a number", "--lr", "fast")]
    [InlineData("--lr", "--lr", "NaN")]
    [InlineData("--flip must be in 0 … 1", "--flip", "2")]
    [InlineData("--size must be HxW", "--size", "big")]
    [InlineData("batch", "--batch", "100000")]
    public void WrongOptions(string says, string option, string value) => Refuse(
        says, "train", "--data", "synthetic:classes=4,images=96,size=8", "--out", _folder.File("run"), option, value);

    private void Refused(string data, params string[] says)
    {
        string spec = data.StartsWith("idx:", StringComparison.Ordinal) ? data : _folder.File(data);
        string[] before = Directory.GetFileSystemEntries(_folder.FullName, "*", SearchOption.AllDirectories);
        Array.ForEach(says, word => Refuse(word, "train", "--data", spec, "--out", _folder.File("run")));
        Assert.Equal(before.Order(StringComparer.Ordinal), Directory.GetFileSystemEntries(_folder.FullName, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
    }

    private static void Refuse(string says, params string[] arguments)
    {
        Outcome outcome = Cli.Run(arguments);
        string line = Assert.Single(outcome.Error.TrimEnd('\n').Split('\n'));
        Assert.StartsWith("hypersphere: ", line, StringComparison.Ordinal);
        Assert.Contains(says, line, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Exception", line, StringComparison.Ordinal);
        Assert.Equal(2, outcome.Code);
    }

    private void Picture(string name, int size) => Put(name, [.. Encoding.ASCII.GetBytes($"P5 {size} {size} 255\n"), .. new byte[size * size]]);

    private void Put(string name, byte[] bytes)
    {
        string path = _folder.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }
}
