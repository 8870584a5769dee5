using Hypersphere.Formats;

namespace Formats;

public class Crc32Tests
{
    [Fact]
    public void KnownValues()
    {
        Assert.Equal(0xCBF43926u, Crc32.Append(0, "123456789"u8)); // the check value of the polynomial's catalogue entry
        Assert.Equal(0xAE426082u, Crc32.Append(0, "IEND"u8));
        Assert.Equal(0u, Crc32.Append(0, []));
    }

    [Fact]
    public void PiecesGiveTheSameAsTheWhole()
    {
        byte[] bytes = [.. Enumerable.Range(0, 100).Select(i => (byte)(i * 37))];
        uint whole = Crc32.Append(0, bytes);
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            Assert.Equal(whole, Crc32.Append(Crc32.Append(0, bytes.AsSpan(0, cut)), bytes.AsSpan(cut)));
        }
    }
}
