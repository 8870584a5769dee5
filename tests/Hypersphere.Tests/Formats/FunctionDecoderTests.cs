using Hypersphere;
using Hypersphere.Data;
using Hypersphere.Formats;

namespace Formats;

public sealed class FunctionDecoderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void OneFunctionMakesAFolderReadable()
    {
        ImageDecoders.Register("dots", ".dots .dot", "DOT!"u8, file => file[4] == 0 ? throw new FormatException("no rows\nat all") : new RasterImage(file[4], 2, 1, file[5..]));
        Directory.CreateDirectory(_folder.File("ann"));
        File.WriteAllBytes(_folder.File("ann/1.dots"), [.. "DOT!"u8, 3, 1, 2, 3, 4, 5, 6]);
        File.WriteAllBytes(_folder.File("ann/2.dot"), [.. "DOT!"u8, 3, 6, 5, 4, 3, 2, 1]);
        ImageSource images = ImageSource.Open(_folder.File("."));
        Assert.Equal((3, 2, 1, 2), (images.Height, images.Width, images.Channels, images.Count));
        Assert.Equal([6, 5, 4, 3, 2, 1], images.Read(1).Pixels);
        foreach (byte[] rest in (byte[][])[[0], [200, 1], []])
        {
            string path = _folder.File("bad.dots");
            File.WriteAllBytes(path, [.. "DOT!"u8, .. rest]);
            string message = Assert.Throws<InputException>(() => ImageDecoders.Load(path)).Message;
            Assert.StartsWith($"{path}: the dots data cannot be read: ", message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', message);
        }
    }
}
