using System.Text;
using Data;
using Hypersphere;
using Hypersphere.Formats;

namespace Formats;

public class PnmTests
{
    [Theory]
    [InlineData("P1\n# comment\n3 2\n101\n0 1 0\n", 1, "0,255,0,255,0,255")]
    [InlineData("P2 2 1 15 0 # dark\n15", 1, "0,255")]
    [InlineData("P2\n3 1\n1000\n0 500 1000\n", 1, "0,128,255")]
    [InlineData("P3 1 2 255 1 2 3 4 5 6", 3, "1,2,3,4,5,6")]
    public void AsciiDecodes(string text, int channels, string expected) => Check(Encoding.ASCII.GetBytes(text), channels, expected);

    [Fact]
    public void BinaryDecodes()
    {
        Check([.. "P4\n9 2\n"u8, 0b10000000, 0b10000000, 0, 0], 1, "0,255,255,255,255,255,255,255,0,255,255,255,255,255,255,255,255,255");
        Check([.. "P5 #x\n2 1 255\n"u8, 10, 200], 1, "10,200");
        Check([.. "P5 2 1 100\n"u8, 50, 100], 1, "128,255");
        Check([.. "P5 2 1 65535\n"u8, 0xFF, 0xFF, 0x80, 0x00], 1, "255,128");
        Check([.. "P6 1 1 255 "u8, 7, 8, 9], 3, "7,8,9");
    }

    [Fact]
    public void EncodedImagesComeBack()
    {
        foreach (int channels in (int[])[1, 3])
        {
            RasterImage image = TestImages.Random(4, 9, channels);
            Assert.Equal(image.Pixels, ImageDecoders.Decode(PnmDecoder.Encode(image), "x").Pixels);
        }
    }

    [Theory]
    [InlineData("P5 2 2 255\nabc")]
    [InlineData("P5 2000000000 2000000000 255\nabc")]
    [InlineData("P5 60000 60000 255\nabc")]
    [InlineData("P5 0 2 255\n")]
    [InlineData("P5 2 1 0\nab")]
    [InlineData("P5 2 1 65536\nab")]
    [InlineData("P5 2 1 10\nab")]
    [InlineData("P2 2 1 10\n3 11")]
    [InlineData("P2 2 1 10\n3 x")]
    [InlineData("P1 2 1\n12")]
    [InlineData("P2 2 1 99999999999999999999 1 1")]
    public void DamageIsTold(string text)
    {
        InputException e = Assert.Throws<InputException>(() => ImageDecoders.Decode(Encoding.ASCII.GetBytes(text), "bad.pgm"));
        Assert.StartsWith("bad.pgm: ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void UnknownFormatsListWhatIsReadable()
    {
        InputException e = Assert.Throws<InputException>(() => ImageDecoders.Decode("GIF89a"u8, "a.gif"));
        Assert.Contains("PNG (.png), PNM (.pgm .ppm .pbm .pnm)", e.Message, StringComparison.Ordinal);
    }

    private static void Check(byte[] file, int channels, string expected)
    {
        RasterImage image = ImageDecoders.Decode(file, "x");
        Assert.Equal(channels, image.Channels);
        Assert.Equal(expected, string.Join(',', image.Pixels));
    }
}
