using Hypersphere.Data;
using Hypersphere.Formats;

namespace Data;

public class ImageResizerTests
{
    [Theory]
    [InlineData(6, 4, 3, 2, 1)]
    [InlineData(7, 5, 3, 4, 3)]
    [InlineData(5, 9, 2, 2, 1)]
    [InlineData(4, 4, 1, 1, 3)]
    [InlineData(3, 2, 7, 5, 1)]
    public void AreaIsTheMeanOfWhatAPixelCovers(int height, int width, int newHeight, int newWidth, int channels)
    {
        RasterImage image = TestImages.Random(height, width, channels);
        RasterImage small = ImageResizer.Resize(image, newHeight, newWidth, Resampling.Area);
        // on a grid fine enough that old and new pixels are whole cells
        for (int i = 0; i < newHeight * newWidth * channels; i++)
        {
            (int y, int x, int c) = (i / channels / newWidth, i / channels % newWidth, i % channels);
            double sum = 0;
            for (int cell = 0; cell < height * width; cell++)
            {
                int fineY = (y * height) + (cell / width), fineX = (x * width) + (cell % width);
                sum += image.Pixels[(((fineY / newHeight * width) + (fineX / newWidth)) * channels) + c];
            }

            Assert.InRange(small.Pixels[i], Math.Floor(sum / (height * width) + 0.4999),
                Math.Ceiling(sum / (height * width) - 0.4999) + 0.001);
        }
    }

    [Fact]
    public void BilinearAlignsPixelCentres()
    {
        RasterImage image = new(1, 2, 1, [0, 100]);
        Assert.Equal<byte>([0, 25, 75, 100], ImageResizer.Resize(image, 1, 4, Resampling.Bilinear).Pixels);
        Assert.Equal<byte>([50, 50], ImageResizer.Resize(image, 2, 1, Resampling.Bilinear).Pixels);
    }

    [Theory]
    [InlineData(Resampling.Area)]
    [InlineData(Resampling.Bilinear)]
    public void AFlatImageStaysFlat(Resampling method)
    {
        RasterImage image = new(13, 7, 3, [.. Enumerable.Repeat((byte)201, 13 * 7 * 3)]);
        foreach ((int height, int width) in ((int, int)[])[(1, 1), (5, 5), (112, 112), (13, 3)])
        {
            Assert.All(ImageResizer.Resize(image, height, width, method).Pixels, p => Assert.Equal(201, p));
        }

        Assert.Same(image, ImageResizer.Resize(image, 13, 7, method));
    }
}
