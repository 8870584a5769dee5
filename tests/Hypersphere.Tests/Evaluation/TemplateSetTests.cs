using Hypersphere.Evaluation;

namespace Hypersphere.Tests.Evaluation;

public sealed class TemplateSetTests : IDisposable
{
    private static readonly string[] _images = ["img/1.jpg", "img/2.jpg", "frames/7.png", "frames/8.png", "img/3.jpg"];
    private static readonly EmbeddingSet _set = new([2, 0, 0, 4, 1, 1, 3, -1, 5, 5], 2, [-1, -1, -1, -1, -1], _images);

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"hypersphere-templates-{Guid.NewGuid():N}.txt");

    public void Dispose() => File.Delete(_path);

    /// <summary>Template 20: photographs 1 and 2 (media 5, 6) and frames 7, 8 of medium 9. The frames are averaged, the three media summed.</summary>
    [Fact]
    public void Frames_are_averaged_and_media_summed()
    {
        TemplateSet templates = Read("1.jpg 20 5\n2.jpg 20 6\nframes/7 20 9\n8.png 20 9\n3.jpg 10 5\n1.jpg 10 6\n");
        Assert.Equal(["20", "10"], templates.Names);
        Assert.Equal(6, templates.Images);
        Assert.Equal([2 + 0 + ((1 + 3) / 2f), 0 + 4 + ((1 - 1) / 2f), 5 + 2, 5 + 0], templates.Pool(_set, unit: false).Values);
        float half = MathF.Sqrt(0.5f), ten = MathF.Sqrt(10);
        float[] unit = templates.Pool(_set, unit: true).Values;
        Assert.Equal([1 + ((half + (3 / ten)) / 2), 1 + ((half - (1 / ten)) / 2), half + 1, half], unit, (a, b) => Math.Abs(a - b) < 1e-6);
    }

    /// <summary>The published code in words: for each template, for each of its media the mean, then the sum; then length 1.</summary>
    [Fact]
    public void Many_random_templates_agree_with_the_definition()
    {
        Rng random = new(3);
        const int Count = 200, Size = 7;
        EmbeddingSet set = new([.. Enumerable.Range(0, Count * Size).Select(_ => random.Uniform(-1, 1))], Size, new int[Count], [.. Enumerable.Range(0, Count).Select(i => $"{i}.jpg")]);
        (int Image, int Template, int Medium)[] rows = [.. Enumerable.Range(0, Count).Select(i => (i, random.NextInt(20), random.NextInt(30)))];
        TemplateSet templates = Read(string.Join('\n', rows.Select(r => $"{r.Image}.jpg {r.Template} {r.Medium}")), set.Names);
        EmbeddingSet pooled = templates.Pool(set, unit: false);
        for (int t = 0; t < templates.Count; t++)
        {
            var media = rows.Where(r => $"{r.Template}" == templates.Names[t]).GroupBy(r => r.Medium);
            for (int d = 0; d < Size; d++)
            {
                Assert.Equal(media.Sum(m => m.Average(r => (double)set.Row(r.Image)[d])), pooled.Row(t)[d], 1e-5);
            }
        }
    }

    [Fact]
    public void Pairs_and_people_are_of_templates_by_their_names()
    {
        TemplateSet templates = Read("1.jpg,20,5\n2.jpg,1,6\n3.jpg,0,6\n");
        File.WriteAllText(_path, "20 1 1\n1 0 0\n");
        VerificationPairs pairs = templates.ReadPairs(_path);
        Assert.Equal([(0, 1, true), (1, 2, false)], pairs.First.Zip(pairs.Second, pairs.Same));
        File.WriteAllText(_path, "TEMPLATE_ID,SUBJECT_ID,FILENAME\n20,7,img/1.jpg\n20,7,img/2.jpg\n0,9,img/3.jpg\n");
        Assert.Equal([(0, "7"), (2, "9")], templates.ReadPeople(_path));
    }

    [Theory]
    [InlineData("1.jpg 20\n", "line 1: has 2 columns")]
    [InlineData("1.jpg 20 5\n9.jpg 20 5\n", "line 2: '9.jpg' is not among the 5 images")]
    [InlineData("\n\n", "holds no templates")]
    public void What_is_wrong_is_told_with_its_line(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<InputException>(() => Read(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("20 2 1\n", "line 1: '2' is not among the 1 templates")]
    [InlineData("20 20 5 1 1\n", "line 1: has 5 columns")]
    public void Wrong_pairs_are_told(string text, string expected)
    {
        TemplateSet templates = Read("1.jpg 20 5\n");
        File.WriteAllText(_path, text);
        Assert.Contains(expected, Assert.Throws<InputException>(() => templates.ReadPairs(_path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("20 a\n20 b\n", "line 2: template '20' shows b, but an earlier line says a")]
    [InlineData("20 a\n21 b\n", "line 2: there is no template '21'")]
    [InlineData("20\n", "line 1: has 1 columns")]
    public void Wrong_people_are_told(string text, string expected)
    {
        TemplateSet templates = Read("1.jpg 20 5\n");
        File.WriteAllText(_path, text);
        Assert.Contains(expected, Assert.Throws<InputException>(() => templates.ReadPeople(_path)).Message, StringComparison.Ordinal);
    }

    private TemplateSet Read(string text, string[]? images = null)
    {
        File.WriteAllText(_path, text);
        return TemplateSet.Read(_path, images ?? _images);
    }
}
