using Hypersphere;
using Hypersphere.Data;
using Hypersphere.Formats;

namespace Data;

public class AugmentationTests
{
    [Theory]
    [InlineData(1, CropFill.Zero)]
    [InlineData(3, CropFill.Zero)]
    [InlineData(1, CropFill.Edge)]
    [InlineData(3, CropFill.Edge)]
    public void EveryPixelIsWhereMirrorAndCropPutIt(int channels, CropFill fill)
    {
        const int Height = 5, Width = 6, Padding = 4;
        byte[] source = TestImages.Random(Height, Width, channels).Pixels, target = new byte[source.Length];
        Augmentation augmentation = new() { FlipProbability = 0.5f, CropPadding = Padding, CropFill = fill };
        HashSet<(bool, int, int)> seen = [];
        for (int sample = 0; sample < 3000; sample++)
        {
            Rng rng = new Rng(1).Fork("sample", sample), again = rng;
            Array.Fill(target, (byte)99);
            augmentation.Apply(source, target, new ImageInfo(Height, Width, channels), rng);
            bool flip = again.NextSingle() < 0.5f;
            int down = again.NextInt(9) - 4, across = again.NextInt(9) - 4;
            _ = seen.Add((flip, down, across));
            for (int i = 0; i < target.Length; i++)
            {
                (int y, int x, int c) = (i / channels / Width, i / channels % Width, i % channels);
                int fromY = y + down, fromX = (flip ? Width - 1 - x : x) + across;
                bool inside = fromY is >= 0 and < Height && fromX is >= 0 and < Width;
                int at = (((Math.Clamp(fromY, 0, Height - 1) * Width) + Math.Clamp(fromX, 0, Width - 1)) * channels) + c;
                Assert.Equal(inside || fill == CropFill.Edge ? source[at] : 0, target[i]);
            }
        }

        Assert.Equal(2 * 9 * 9, seen.Count);
    }

    [Fact]
    public void NothingChangesWithoutProbability()
    {
        byte[] source = TestImages.Random(4, 4, 3).Pixels, target = new byte[source.Length];
        Augmentation.None.Apply(source, target, new ImageInfo(4, 4, 3), new Rng(1));
        Assert.Equal(source, target);
        Assert.True(Augmentation.None.IsNone);
    }
}
