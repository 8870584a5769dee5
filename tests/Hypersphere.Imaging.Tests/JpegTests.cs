using Hypersphere.Data;
using Hypersphere.Formats;
using Hypersphere.Oracles;
using Hypersphere.Registry;

namespace Hypersphere.Imaging.Tests;

public sealed class JpegTests
{
    private static readonly JpegDecoder Decoder = new();

    [JpegTheory]
    [InlineData(1)]
    [InlineData(3)]
    public void What_is_encoded_is_decoded_alike(int channels)
    {
        RasterImage image = Gradient(37, 52, channels), back = Decoder.Decode(JpegEncoder.Encode(image, 98), "f");
        Assert.Equal(new ImageInfo(37, 52, channels), Decoder.Identify(JpegEncoder.Encode(image), "f"));
        Assert.True(image.Pixels.Zip(back.Pixels).Average(p => Math.Abs(p.First - p.Second)) < 1.5);
    }

    /// <summary>Twice as large as asked for at least, and the same picture: as if it had been decoded whole and averaged.</summary>
    [JpegTheory]
    [InlineData(400, 600, 50, 70, 100, 150)]
    [InlineData(400, 600, 100, 150, 200, 300)]
    [InlineData(400, 600, 101, 20, 400, 600)]
    [InlineData(4001, 999, 112, 112, 1001, 250)]
    [InlineData(1000, 3000, 1, 1, 125, 375)]
    public void A_small_picture_needs_few_pixels(int height, int width, int wantedHeight, int wantedWidth, int decodedHeight, int decodedWidth)
    {
        byte[] file = JpegEncoder.Encode(Smooth(height, width), 95);
        RasterImage reduced = Decoder.DecodeReduced(file, "f", wantedHeight, wantedWidth);
        Assert.Equal((decodedHeight, decodedWidth), (reduced.Height, reduced.Width));
        RasterImage direct = ImageResizer.Resize(Decoder.Decode(file, "f"), wantedHeight, wantedWidth, Resampling.Area);
        RasterImage twice = ImageResizer.Resize(reduced, wantedHeight, wantedWidth, Resampling.Area);
        Assert.InRange(direct.Pixels.Zip(twice.Pixels).Max(p => Math.Abs(p.First - p.Second)), 0, 6);
        Assert.InRange(direct.Pixels.Zip(twice.Pixels).Average(p => Math.Abs(p.First - p.Second)), 0, 1);
    }

    [JpegFact]
    public void A_turned_photograph_is_reduced_by_its_upright_sides()
    {
        byte[] file = WithOrientation(JpegEncoder.Encode(Smooth(200, 800), 95), 6);
        Assert.Equal((800, 200), Size(Decoder.Decode(file, "f")));
        Assert.Equal((400, 100), Size(Decoder.DecodeReduced(file, "f", 200, 50)));
        Assert.Equal((800, 200), Size(Decoder.DecodeReduced(file, "f", 50, 200)));
    }

    [JpegFact]
    public void A_folder_is_opened_by_headers_even_behind_a_preview()
    {
        string folder = Directory.CreateTempSubdirectory("hypersphere-preview-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "ann"));
        byte[] plain = JpegEncoder.Encode(Smooth(300, 200), 100);
        byte[] preview = [0xFF, 0xD8, 0xFF, 0xE2, 0xFF, 0xFF, .. new byte[65533], .. plain[2..]];
        File.WriteAllBytes(Path.Combine(folder, "ann", "1.jpg"), plain);
        File.WriteAllBytes(Path.Combine(folder, "ann", "2.jpg"), preview);
        JpegDecoder.Register();
        ImageSource images = ImageSource.Open(folder);
        Assert.Equal((300, 200, 2), (images.Height, images.Width, images.Count));
        Assert.Equal(images.Read(0).Pixels, images.Read(1).Pixels);
        Directory.Delete(folder, recursive: true);
    }

    [JpegFact]
    public void A_file_that_ends_early_is_told()
    {
        byte[] file = JpegEncoder.Encode(Gradient(64, 64, 3));
        string message = Assert.Throws<InputException>(() => Decoder.Decode(file.AsSpan(0, file.Length / 2), "photo.jpg")).Message;
        Assert.StartsWith("photo.jpg: the JPEG data are damaged", message, StringComparison.Ordinal);
    }

    /// <summary>The tag's eight values, each of which must bring the same picture back.</summary>
    [JpegTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Photographs_stand_upright(int orientation)
    {
        RasterImage upright = Gradient(16, 24, 1);
        bool turned = orientation >= 5;
        byte[] stored = new byte[upright.Pixels.Length];
        (int height, int width) = turned ? (24, 16) : (16, 24);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                // Exif 2.32, 4.6.4: row 0 and column 0 of what is stored are the named sides of the picture
                (int down, int across) = orientation switch
                {
                    1 => (y, x), 2 => (y, 23 - x), 3 => (15 - y, 23 - x), 4 => (15 - y, x),
                    5 => (x, y), 6 => (x, 23 - y), 7 => (15 - x, 23 - y), _ => (15 - x, y),
                };
                stored[(y * width) + x] = upright.Pixels[(down * 24) + across];
            }
        }

        byte[] file = WithOrientation(JpegEncoder.Encode(new RasterImage(height, width, 1, stored), 100), orientation);
        RasterImage back = Decoder.Decode(file, "f");
        Assert.Equal((16, 24), (back.Height, back.Width));
        Assert.Equal(new ImageInfo(16, 24, 1), Decoder.Identify(file, "f"));
        Assert.True(upright.Pixels.Zip(back.Pixels).Max(p => Math.Abs(p.First - p.Second)) <= 3);
    }

    [JpegFact]
    public void Damaged_files_are_told_and_cost_little()
    {
        byte[][] seeds =
        [
            JpegEncoder.Encode(Gradient(24, 17, 3), 60), JpegEncoder.Encode(Gradient(9, 30, 1)),
            WithOrientation(JpegEncoder.Encode(Gradient(16, 16, 3), 80), 6),
        ];
        Fuzzing.Run("jpeg", seeds, bytes => Decoder.Decode(bytes, Fuzzing.FileName), Finish);
    }

    [JpegFact]
    public void Poor_quality_is_an_augmentation_like_the_others()
    {
        JpegDecoder.Register();
        RasterImage image = Gradient(20, 30, 3);
        byte[] first = new byte[image.Pixels.Length], second = new byte[image.Pixels.Length], other = new byte[image.Pixels.Length];
        Augmentation jpeg = Registry<Augmentation>.Create("jpeg(quality=10, probability=1)");
        jpeg.Apply(image.Pixels, first, new(20, 30, 3), new Rng(1));
        jpeg.Apply(image.Pixels, second, new(20, 30, 3), new Rng(1));
        jpeg.Apply(image.Pixels, other, new(20, 30, 3), new Rng(2));
        Assert.Equal(first, second);
        Assert.NotEqual(image.Pixels, first);
        Assert.NotEqual(first, other);
    }

    /// <summary>Damage before the pixels keeps sizes small, as a file that claims a large picture may rightly cost its memory.</summary>
    private static byte[] Finish(byte[] file, Rng rng)
    {
        try
        {
            ImageInfo info = Decoder.Identify(file, Fuzzing.FileName);
            return (long)info.Height * info.Width > 1 << 20 ? [] : file;
        }
        catch (InputException)
        {
            return file;
        }
    }

    private static byte[] WithOrientation(byte[] file, int orientation)
    {
        byte[] exif = [.. "Exif\0\0II"u8, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, 0];
        return [0xFF, 0xD8, 0xFF, 0xE1, 0, (byte)(exif.Length + 2), .. exif, .. file[2..]];
    }

    private static (int, int) Size(RasterImage image) => (image.Height, image.Width);

    private static RasterImage Smooth(int height, int width) => new(height, width, 3,
        [.. Enumerable.Range(0, height * width * 3).Select(i => (byte)(128 + (60 * Math.Sin(i / 3 % width * 9.0 / width)) + (50 * Math.Cos((i / 3 / width * 7.0 / height) + (i % 3)))))]);

    private static RasterImage Gradient(int height, int width, int channels) => new(height, width, channels,
        [.. Enumerable.Range(0, height * width * channels).Select(i => (byte)(((i / channels % width * 5) + (i / channels / width * 3) + (i % channels * 20)) % 200))]);
}

/// <summary>A test that needs libjpeg-turbo.</summary>
internal sealed class JpegFactAttribute : FactAttribute
{
    public JpegFactAttribute() => Skip = JpegLibrary.Found is null ? $"libjpeg-turbo is not installed: {JpegLibrary.Remedy}" : null;
}

/// <summary>The same with data.</summary>
internal sealed class JpegTheoryAttribute : TheoryAttribute
{
    public JpegTheoryAttribute() => Skip = JpegLibrary.Found is null ? $"libjpeg-turbo is not installed: {JpegLibrary.Remedy}" : null;
}
