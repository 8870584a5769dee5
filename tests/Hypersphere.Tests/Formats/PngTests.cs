using System.Buffers.Binary;
using Data;
using Hypersphere;
using Hypersphere.Formats;

namespace Formats;

public class PngTests
{
    public static TheoryData<int, int> Kinds => new()
    {
        { 0, 1 }, { 0, 2 }, { 0, 4 }, { 0, 8 }, { 0, 16 }, { 2, 8 }, { 2, 16 }, { 3, 1 }, { 3, 2 }, { 3, 4 }, { 3, 8 }, { 4, 8 }, { 4, 16 },
        { 6, 8 }, { 6, 16 },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void EveryKindDecodes(int colorType, int depth)
    {
        foreach ((int width, int height) in ((int, int)[])[(1, 1), (2, 1), (1, 5), (3, 3), (7, 9), (8, 8), (13, 4), (33, 17)])
        {
            foreach (bool interlaced in (bool[])[false, true])
            {
                (byte[] file, byte[] pixels) = new PngMaker(width, height, depth, colorType, interlaced, (ulong)(width + height)).Make();
                RasterImage image = ImageDecoders.Decode(file, "test.png");
                Assert.Equal((height, width, colorType is 0 or 4 ? 1 : 3), (image.Height, image.Width, image.Channels));
                Assert.Equal(new ImageInfo(image.Height, image.Width, image.Channels), ImageDecoders.Identify(file, "test.png"));
                Assert.Equal(pixels, image.Pixels);
            }
        }
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(28, 28, 1)]
    [InlineData(5, 31, 3)]
    public void EncodedImagesComeBack(int height, int width, int channels)
    {
        RasterImage image = TestImages.Random(height, width, channels);
        RasterImage again = ImageDecoders.Decode(PngEncoder.Encode(image), "x");
        Assert.Equal((height, width, channels), (again.Height, again.Width, again.Channels));
        Assert.Equal(image.Pixels, again.Pixels);
        Assert.StartsWith("data:image/png;base64,iVBORw0KGgo", PngEncoder.DataUri(image), StringComparison.Ordinal);
    }

    [Fact]
    public void EveryTruncationIsTold()
    {
        byte[] file = PngEncoder.Encode(TestImages.Random(9, 7, 3));
        for (int length = 0; length < file.Length; length++)
        {
            InputException e = Assert.Throws<InputException>(() => ImageDecoders.Decode(file.AsSpan(0, length), "cut.png"));
            Assert.StartsWith("cut.png: ", e.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', e.Message);
        }
    }

    [Fact]
    public void FlippedBitsAreTold()
    {
        byte[] file = PngEncoder.Encode(TestImages.Random(9, 7, 3));
        for (int at = 8; at < file.Length; at++)
        {
            file[at] ^= 0x10;
            _ = Assert.Throws<InputException>(() => ImageDecoders.Decode(file, "bits.png"));
            file[at] ^= 0x10;
        }
    }

    [Fact]
    public void AHugeClaimAllocatesLittle()
    {
        byte[] file = PngEncoder.Encode(TestImages.Random(9, 7, 1));
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(16), 8192);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(20), 8192);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(29), Crc32.Append(0, file.AsSpan(12, 17)));
        long before = GC.GetAllocatedBytesForCurrentThread();
        InputException e = Assert.Throws<InputException>(() => ImageDecoders.Decode(file, "huge.png"));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
        Assert.Contains("huge.png", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RealDrawingsDecode()
    {
        if (TestImages.Shared("omniglot/images_background") is not { } omniglot)
        {
            return;
        }

        string file = Directory.EnumerateFiles(omniglot, "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        RasterImage image = ImageDecoders.Load(file);
        Assert.Equal((105, 105, 1), (image.Height, image.Width, image.Channels));
        Assert.All(image.Pixels, p => Assert.True(p is 0 or 255));
        Assert.InRange(image.Pixels.Count(p => p == 0), 50, 2000); // a thin dark drawing on white
    }
}
