using Hypersphere.Evaluation;
using Hypersphere.Formats;

namespace Hypersphere.Tests.Evaluation;

public sealed class EmbeddingFileTests : IDisposable
{
    private static readonly NpyArray _values = NpyArray.Of(new float[] { 1, 0, 0, 2, 3, 3, -1, 0 }, 4, 2);

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"hypersphere-embeddings-{Guid.NewGuid():N}.npz");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void What_is_written_is_read()
    {
        EmbeddingSet set = new([1, 0, 0, 2, 3, 3, -1, 0], 2, [0, 1, 1, -1], ["a1", "b1", "b2", "x"]);
        new EmbeddingFile(set, ["Ann", "Bob"], Mirror: true, "0123").Save(_path);
        EmbeddingFile read = EmbeddingFile.Load(_path);
        Assert.Equal((2, true, "0123"), (read.Set.Size, read.Mirror, read.Model));
        Assert.Equal(set.Values, read.Set.Values);
        Assert.Equal(set.Labels, read.Set.Labels);
        Assert.Equal(set.Names!, read.Set.Names!);
        Assert.Equal(["Ann", "Bob"], read.ClassNames);
    }

    [Fact]
    public void Embeddings_alone_are_samples_of_nobody_known()
    {
        EmbeddingFile read = Read();
        Assert.Equal([-1, -1, -1, -1], read.Set.Labels);
        Assert.Equal(["0", "1", "2", "3"], read.Set.Names!);
        Assert.False(read.Mirror);
    }

    [Fact]
    public void Labels_may_be_numbers_or_words()
    {
        EmbeddingFile words = Read(("labels", NpyArray.Of(["Bob", "Ann", "Bob", "Cid"])));
        Assert.Equal(["Ann", "Bob", "Cid"], words.ClassNames);
        Assert.Equal([1, 0, 1, 2], words.Set.Labels);
        EmbeddingFile numbers = Read(("labels", NpyArray.Of(new long[] { 2, 0, 2, 1 })));
        Assert.Equal(["0", "1", "2"], numbers.ClassNames);
        Assert.Equal([2, 0, 2, 1], numbers.Set.Labels);
    }

    [Fact]
    public void What_does_not_fit_is_told_with_the_file()
    {
        string Refusal(params (string, NpyArray)[] more) => Assert.Throws<InputException>(() => Read(more)).Message;
        Assert.StartsWith(_path, Refusal(("labels", NpyArray.Of(new[] { 1, 2 }))), StringComparison.Ordinal);
        Assert.Contains("names class 3, but class_names holds 1", Refusal(("labels", NpyArray.Of(new[] { 0, 1, 2, 3 })), ("class_names", NpyArray.Of(["Ann"]))), StringComparison.Ordinal);
        Assert.Contains("number the classes from 0", Refusal(("labels", NpyArray.Of(new[] { 0, 1, 2, 1_999_999_999 }))), StringComparison.Ordinal);
        NpzWriter.Save(_path, false, ("embeddings", NpyArray.Of(new[] { float.NaN, 1 }, 1, 2)));
        Assert.Contains("row 0 (0) holds NaN", Assert.Throws<InputException>(() => EmbeddingFile.Load(_path)).Message, StringComparison.Ordinal);
    }

    private EmbeddingFile Read(params (string, NpyArray)[] more)
    {
        NpzWriter.Save(_path, false, [("embeddings", _values), .. more]);
        return EmbeddingFile.Load(_path);
    }
}
