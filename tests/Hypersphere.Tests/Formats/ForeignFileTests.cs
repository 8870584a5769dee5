using System.ComponentModel;
using System.Diagnostics;
using Data;
using Hypersphere.Formats;

namespace Formats;

/// <summary>Files of other programs, where there are some on this machine.</summary>
public class ForeignFileTests
{
    [Theory]
    [InlineData("-type Bilevel")]
    [InlineData("-type Palette -colors 200")]
    [InlineData("-type Palette -colors 4 -interlace PNG")]
    [InlineData("-type Grayscale -colors 16 -depth 4")]
    [InlineData("-type TrueColor -depth 8 -interlace PNG")]
    [InlineData("-type TrueColorAlpha -depth 16")]
    public void ImageMagickAgrees(string options)
    {
        using TemporaryFolder folder = new();
        string png = folder.File("a.png"), ppm = folder.File("a.ppm"), own = folder.File("own.png"), back = folder.File("back.ppm");
        if (!Convert($"-size 37x23 -seed 1 plasma:red-blue {options} {png}") || !Convert($"{png} -alpha off -depth 8 {ppm}"))
        {
            return;
        }

        RasterImage image = ImageDecoders.Load(png).WithChannels(3);
        int tolerance = options.Contains("16", StringComparison.Ordinal) ? 1 : 0; // it cuts 16 bits to 8, we round
        byte[] expected = ImageDecoders.Load(ppm).WithChannels(3).Pixels;
        Assert.All(image.Pixels.Zip(expected), p => Assert.InRange(p.First - p.Second, -tolerance, tolerance));
        File.WriteAllBytes(own, PngEncoder.Encode(image));
        Assert.True(Convert($"{own} -depth 8 {back}"));
        Assert.Equal(image.Pixels, ImageDecoders.Load(back).WithChannels(3).Pixels);
    }

    [Fact]
    public void NumPyFilesAreRead()
    {
        if (TestImages.Shared("../golden/cases") is not { } golden)
        {
            return;
        }

        foreach (string path in Directory.EnumerateFiles(golden, "*.npz").Order(StringComparer.Ordinal).Take(50))
        {
            using NpzReader npz = new(path);
            Assert.NotEmpty(npz.Names);
            Assert.All(npz.Names, name => Assert.Contains(npz.Read(name).Type, (string[])["float64", "int64"]));
        }
    }

    private static bool Convert(string arguments)
    {
        try
        {
            ProcessStartInfo start = new("convert", arguments) { RedirectStandardError = true, UseShellExecute = false };
            using Process process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false; // ImageMagick is not installed
        }
    }
}
