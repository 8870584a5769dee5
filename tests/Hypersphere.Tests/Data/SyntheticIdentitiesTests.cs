using System.Numerics.Tensors;
using Hypersphere.Data;

namespace Hypersphere.Tests.Data;

public sealed class SyntheticIdentitiesTests
{
    [Fact]
    public void A_specification_opens_it_and_says_all()
    {
        const string full = "synthetic-identities:classes=50,images=120,dimension=16,spread=0.25,label-noise=0.1,conflict=0.2,seed=3";
        ImageSource source = ImageSource.Open(full);
        Assert.Equal((full, 120, 1, 16, 1, 50), (source.Origin, source.Count, source.Height, source.Width, source.Channels, source.ClassNames.Count));
        Assert.Equal(10_000, ImageSource.Open("synthetic-identities").Count);
        Assert.Equal(int.MaxValue, ImageSource.Open("synthetic-identities:classes=1000000000").Count);
    }

    [Theory]
    [InlineData("classes=0")]
    [InlineData("clases=5")]
    [InlineData("spread=-1")]
    [InlineData("label-noise=1.5")]
    [InlineData("conflict=1")]
    [InlineData("dimension=1.5")]
    public void What_it_does_not_understand_is_named(string part) =>
        Assert.Contains($"\"{part}\"", Assert.Throws<InputException>(() => ImageSource.Open("synthetic-identities:" + part)).Message, StringComparison.Ordinal);

    [Fact]
    public void Images_of_a_person_are_alike_and_others_are_not()
    {
        SyntheticIdentities train = new(new() { Classes = 30, Dimension = 256 }), test = new(new() { Classes = 30, Dimension = 256 }, DataPart.Test);
        Assert.True(Cosine(train, 4, train, 34) > 0.5);
        Assert.True(Cosine(train, 4, test, 34) > 0.5);
        Assert.InRange(Cosine(train, 4, train, 5), -0.3, 0.3);
        Assert.Equal(train.Read(7).Pixels, new SyntheticIdentities(new() { Classes = 30, Dimension = 256 }).Read(7).Pixels);
        Assert.NotEqual(train.Read(7).Pixels, new SyntheticIdentities(new() { Classes = 30, Dimension = 256, Seed = 1 }).Read(7).Pixels);
        Assert.NotEqual(train.Read(7).Pixels, test.Read(7).Pixels);
    }

    [Fact]
    public void Labels_are_as_wrong_as_asked()
    {
        SyntheticPeople people = new() { Classes = 500, Images = 5000, LabelNoise = 0.2, Conflict = 0.3 };
        SyntheticIdentities train = new(people), test = new(people, DataPart.Test);
        int[] persons = [.. Enumerable.Range(0, test.Count).Select(test.Person)];
        Assert.InRange(persons.Distinct().Count(), 0.6 * 500, 0.8 * 500);
        Assert.All(persons, (person, i) => Assert.InRange(person, 0, test.Label(i)));
        Assert.InRange(Enumerable.Range(0, train.Count).Count(i => train.Person(i) != test.Person(i)) / 5000.0, 0.16, 0.24);
    }

    private static double Cosine(ImageSource a, int i, ImageSource b, int j)
    {
        float[] Numbers(ImageSource source, int k) => Array.ConvertAll(source.Read(k).Pixels.ToArray(), p => p - 127.5f);
        return TensorPrimitives.CosineSimilarity(Numbers(a, i), Numbers(b, j));
    }
}
