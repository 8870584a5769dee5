using System.Buffers.Binary;
using Hypersphere.Cli;
using Hypersphere.Formats;

// A format of one's own: folders of it can be trained on, embedded, packed … in this program. Here, Windows bitmaps of 24 bits a pixel:
//   dotnet run -c Release --project samples/OwnDecoder -- train --data photos --size 112x112 --out runs/mine
ImageDecoders.Register("BMP", ".bmp", "BM"u8, file =>
{
    (int offset, int width, int height) = (Number(file, 10), Number(file, 18), Number(file, 22));
    bool plain = Number(file, 28) == 24 && width is > 0 and <= 8192 && height is > 0 and <= 8192; // bits a pixel (16) and no compression (16 and more)
    int row = ((width * 3) + 3) & ~3;
    return plain && offset >= 54 && file.Length - offset >= (long)row * height
        ? new RasterImage(height, width, 3, [.. Enumerable.Range(0, height).SelectMany(y => Pixels(file, offset + ((height - 1 - y) * row), width))])
        : throw new FormatException("only uncompressed bitmaps of 24 bits a pixel can be read");
});
return HypersphereProgram.Run(args);

static int Number(byte[] file, int at) => BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at));

static IEnumerable<byte> Pixels(byte[] file, int at, int width) =>
    Enumerable.Range(0, width).SelectMany(x => (byte[])[file[at + (3 * x) + 2], file[at + (3 * x) + 1], file[at + (3 * x)]]);
