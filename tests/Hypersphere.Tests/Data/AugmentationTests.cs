using Hypersphere;
using Hypersphere.Data;
using Hypersphere.Formats;
using Hypersphere.Registry;

namespace Data;

public class AugmentationTests
{
    public static TheoryData<string> All => [.. Registry<Augmentation>.All.Select(a => a.Attribute.Name)];

    [Theory]
    [InlineData(1, CropFill.Zero)]
    [InlineData(3, CropFill.Zero)]
    [InlineData(1, CropFill.Edge)]
    [InlineData(3, CropFill.Edge)]
    public void EveryPixelIsWhereCropPutsIt(int channels, CropFill fill)
    {
        const int Height = 5, Width = 6;
        byte[] source = TestImages.Random(Height, Width, channels).Pixels, target = new byte[source.Length];
        Crop crop = new(4, fill);
        HashSet<(int, int)> seen = [];
        for (int sample = 0; sample < 1500; sample++)
        {
            Rng rng = new Rng(1).Fork("sample", sample), again = rng;
            Array.Fill(target, (byte)99);
            crop.Apply(source, target, new ImageInfo(Height, Width, channels), rng);
            again.NextSingle();
            int down = again.NextInt(9) - 4, across = again.NextInt(9) - 4;
            _ = seen.Add((down, across));
            for (int i = 0; i < target.Length; i++)
            {
                (int fromY, int fromX, int c) = ((i / channels / Width) + down, (i / channels % Width) + across, i % channels);
                bool inside = fromY is >= 0 and < Height && fromX is >= 0 and < Width;
                int at = (((Math.Clamp(fromY, 0, Height - 1) * Width) + Math.Clamp(fromX, 0, Width - 1)) * channels) + c;
                Assert.Equal(inside || fill == CropFill.Edge ? source[at] : 0, target[i]);
            }
        }

        Assert.Equal(9 * 9, seen.Count);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void NothingChangesWithoutProbability(string name)
    {
        byte[] source = TestImages.Random(7, 4, 3).Pixels;
        Assert.Equal(source, Changed($"{name}(probability=0)", source, new(7, 4, 3), new Rng(1)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void TheSameRandomnessMakesTheSameImage(string name)
    {
        byte[] source = TestImages.Random(20, 30, 3).Pixels;
        byte[][] results = [.. Enumerable.Range(0, 20).Select(i => Changed($"{name}(probability=1)", source, new(20, 30, 3), new Rng(1).Fork("sample", i % 10)))];
        Assert.Equal(results[..10], results[10..]);
        Assert.Contains(results, r => !r.SequenceEqual(source));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void EverySizeIsFilled(string name)
    {
        foreach (ImageInfo shape in (ImageInfo[])[new(1, 1, 1), new(1, 1, 3), new(1, 9, 3), new(8, 1, 1), new(3, 2, 3), new(31, 17, 1)])
        {
            byte[] source = TestImages.Random(shape.Height, shape.Width, shape.Channels).Pixels;
            for (int sample = 0; sample < 50; sample++)
            {
                byte[] first = Changed($"{name}(probability=1)", source, shape, new Rng(3).Fork("sample", sample), before: 0);
                Assert.Equal(first, Changed($"{name}(probability=1)", source, shape, new Rng(3).Fork("sample", sample), before: 255));
            }
        }
    }

    [Theory]
    [InlineData("affine(rotation=0, scale=0, shift=0)")]
    [InlineData("jitter(brightness=0, contrast=0, saturation=0)")]
    [InlineData("crop(padding=0)")]
    [InlineData("erase(smallest=0, largest=0)")]
    [InlineData("low-resolution(scale=1)")]
    public void NoStrengthIsNoChange(string spec)
    {
        byte[] source = TestImages.Random(12, 13, 3).Pixels;
        Assert.Equal(source, Changed(spec, source, new(12, 13, 3), new Rng(1)));
    }

    [Fact]
    public void AffineTurnsAboutTheCentre()
    {
        byte[] source = [1, 2, 3, 4, 5, 6, 7, 8, 9], turned = [3, 6, 9, 2, 5, 8, 1, 4, 7];
        byte[][] seen = [.. Enumerable.Range(0, 4000).Select(i => Changed("affine(rotation=180, scale=0, shift=0)", source, new(3, 3, 1), new Rng(2).Fork("sample", i)))];
        Assert.All(seen, image => Assert.Equal(5, image[4]));
        Assert.Contains(seen, image => image.SequenceEqual(turned));
        Assert.Contains(seen, image => image.SequenceEqual(source.Reverse()));
    }

    [Fact]
    public void JitterFollowsItsFormula()
    {
        byte[] source = TestImages.Random(5, 4, 3).Pixels;
        Rng random = new(9), again = random;
        byte[] result = Changed("jitter(brightness=0.3, contrast=0.4, saturation=0.5)", source, new(5, 4, 3), random);
        again.NextSingle();
        double b = again.Uniform(0.7f, 1.3f), c = again.Uniform(0.6f, 1.4f), s = again.Uniform(0.5f, 1.5f);
        double Grey(double red, double green, double blue) => (0.299 * red) + (0.587 * green) + (0.114 * blue);
        double mean = b * Enumerable.Range(0, 20).Average(i => Grey(source[3 * i], source[(3 * i) + 1], source[(3 * i) + 2]));
        for (int i = 0; i < 20; i++)
        {
            double[] x = [.. source.AsSpan(3 * i, 3).ToArray().Select(v => Math.Clamp((c * Math.Min(b * v, 255)) + ((1 - c) * mean), 0, 255))];
            for (int k = 0; k < 3; k++)
            {
                double expected = Math.Clamp((s * x[k]) + ((1 - s) * Grey(x[0], x[1], x[2])), 0, 255);
                Assert.InRange(result[(3 * i) + k], expected - 1.2, expected + 1.2);
            }
        }
    }

    [Fact]
    public void BlurKeepsTheSumOfAPointAndSpreadsIt()
    {
        byte[] source = new byte[31 * 31];
        source[(15 * 31) + 15] = 255;
        byte[][] results = [.. Enumerable.Range(0, 20).Select(i => Changed("blur(sigma=1.2, probability=1)", source, new(31, 31, 1), new Rng(4).Fork("sample", i)))];
        Assert.All(results, r => Assert.InRange(r.Sum(v => v), 235, 275));
        Assert.All(results, r => Assert.Equal(r[(15 * 31) + 13], r[(17 * 31) + 15]));
        Assert.Contains(results, r => r.Max() < 80);
    }

    [Fact]
    public void AnotherChangeDoesNotAlterTheOthersRandomness()
    {
        byte[] source = TestImages.Random(9, 9, 1).Pixels, alone = new byte[81], behind = new byte[81];
        new AugmentationChain(Augmentation.Parse("crop + flip"), 81).Apply(source, alone, new(9, 9, 1), new Rng(6));
        new AugmentationChain(Augmentation.Parse("grey(probability=1) + crop + flip"), 81).Apply(source, behind, new(9, 9, 1), new Rng(6));
        Assert.Equal(alone, behind);
    }

    [Theory]
    [InlineData("flip(")]
    [InlineData("flop")]
    [InlineData("flip(probability=2)")]
    [InlineData("crop(padding=-1)")]
    public void SenselessListsAreTold(string text) => Assert.Throws<InputException>(() => Augmentation.Parse(text));

    private static byte[] Changed(string spec, byte[] source, ImageInfo shape, Rng random, byte before = 99)
    {
        byte[] target = new byte[source.Length];
        Array.Fill(target, before);
        Registry<Augmentation>.Create(spec).Apply(source, target, shape, random);
        return target;
    }
}
