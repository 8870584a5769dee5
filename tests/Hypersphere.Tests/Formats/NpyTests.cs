using System.Text;
using Hypersphere;
using Hypersphere.Formats;

namespace Formats;

public class NpyTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void EveryTypeComesBack(bool compress)
    {
        using MemoryStream file = new();
        NpzWriter.Write(file, compress, ("f4", NpyArray.Of([1.5f, float.NaN, -0f, float.MaxValue, 5, 6], 2, 3)),
            ("f8", NpyArray.Of([Math.PI])),
            ("i4", NpyArray.Of([int.MinValue, 7])), ("i8", NpyArray.Of([long.MaxValue, -1L], 2, 1)), ("u1", NpyArray.Of<byte>([0, 255, 3])),
            ("b1", NpyArray.Of([true, false])), ("text", NpyArray.Of(["", "Ünïcödé", "日本語😀", "a/b.png"])),
            ("none", NpyArray.Of<float>([], 0, 4)), ("one", NpyArray.Scalar(2.5)));
        using NpzReader npz = new(file, "test.npz");
        Assert.Equal(["f4", "f8", "i4", "i8", "u1", "b1", "text", "none", "one"], npz.Names);
        Assert.Equal([2, 3], npz.Read("f4").Shape);
        Assert.Equal([1.5f, float.NaN, -0f, float.MaxValue, 5, 6], npz.Read("f4").Values<float>());
        Assert.Equal([Math.PI], npz.Read("f8").Values<double>());
        Assert.Equal([int.MinValue, 7], npz.Read("i4").Integers());
        Assert.Equal([long.MaxValue, -1L], npz.Read("i8").Values<long>());
        Assert.Equal<byte>([0, 255, 3], npz.Read("u1").Values<byte>());
        Assert.Equal([true, false], npz.Read("b1").Values<bool>());
        Assert.Equal(["", "Ünïcödé", "日本語😀", "a/b.png"], npz.Read("text").Values<string>());
        Assert.Equal([0, 4], npz.Read("none").Shape);
        Assert.Empty(npz.Read("one").Shape);
        Assert.Equal([2.5], npz.Read("one").Values<double>());
        Assert.Contains("does not fit", Assert.Throws<InputException>(() => npz.Read("i8").Integers()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheBytesAreThoseOfNumPy()
    {
        using MemoryStream file = new();
        NpyFile.Write(file, NpyArray.Of([1f, 2f, 3f]));
        byte[] bytes = file.ToArray();
        Assert.Equal(128 + 12, bytes.Length);
        Assert.Equal("\u0093NUMPY\u0001\0\u0076\0{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }",
            Encoding.Latin1.GetString(bytes, 0, 10 + 58).TrimEnd());
        Assert.Equal((byte)'\n', bytes[127]);
        Assert.Equal(3f, BitConverter.ToSingle(bytes, 136));
    }

    [Fact]
    public void ScalarsAndVersion2AreRead()
    {
        NpyArray scalar = Read("{'shape': (), 'fortran_order': True, 'descr': '<f8'}", BitConverter.GetBytes(2.5), version: 2);
        Assert.Empty(scalar.Shape);
        Assert.Equal([2.5], scalar.Values<double>());
    }

    [Theory]
    [InlineData("{'descr': '>f4', 'fortran_order': False, 'shape': (1,)}", "big-endian")]
    [InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}", "dtype <c8")]
    [InlineData("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2)}", "ascontiguousarray")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", "ends after 1 of 2")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2000000000,)}", "cannot hold")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999, 99999, 99999)}", "cannot hold")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}", "cannot be read")]
    [InlineData("{'descr': '|u1', 'fortran_order': False, 'shape': (3,)}", "more than its header")]
    [InlineData("{'descr': '<U0', 'fortran_order': False, 'shape': (2000000000,)}", "no width")]
    [InlineData("{'descr': '<U2000000000', 'fortran_order': False, 'shape': (2000000000,)}", "cannot hold")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", "structured")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': ", "damaged")]
    [InlineData("", "damaged")]
    public void LiesAreTold(string header, string expected)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        InputException e = Assert.Throws<InputException>(() => Read(header, [1, 2, 3, 4]));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
        Assert.StartsWith("x.npz: a: ", e.Message, StringComparison.Ordinal);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AWrongTypeNamesBoth()
    {
        NpyArray array = Read("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", new byte[4]);
        Assert.Equal("x.npz: a: is float32 but uint8 is needed; convert it with .astype('uint8')",
            Assert.Throws<InputException>(() => array.Values<byte>()).Message);
        Assert.Contains("integers are needed", Assert.Throws<InputException>(() => array.Integers()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DamageInStoredArraysIsFound()
    {
        using MemoryStream file = new();
        NpzWriter.Write(file, compress: false, ("a", NpyArray.Of(new float[100])));
        byte[] bytes = file.ToArray();
        bytes[300] ^= 1;
        using NpzReader npz = new(new MemoryStream(bytes), "flip.npz");
        Assert.Contains("checksum", Assert.Throws<InputException>(() => npz.Read("a")).Message, StringComparison.Ordinal);
        Assert.Contains("it holds a", Assert.Throws<InputException>(() => npz.Read("b")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FilesAreWrittenWhole()
    {
        using TemporaryFolder folder = new();
        NpzWriter.Save(folder.File("e.npz"), compress: true, ("names", NpyArray.Of(["a"])));
        NpyFile.Save(folder.File("e.npy"), NpyArray.Of([1L]));
        using NpzReader npz = new(folder.File("e.npz"));
        Assert.Equal(["a"], npz.Read("names").Values<string>());
        Assert.Equal([1L], NpyFile.Load(folder.File("e.npy")).Values<long>());
        _ = Assert.Throws<InputException>(() => NpyFile.Load(folder.File("missing.npy")));
        _ = Assert.Throws<InputException>(() => new NpzReader(folder.File("e.npy")));
    }

    private static NpyArray Read(string header, byte[] data, byte version = 1)
    {
        byte[] length = version == 1 ? BitConverter.GetBytes((ushort)header.Length) : BitConverter.GetBytes(header.Length);
        byte[] file = [0x93, .. "NUMPY"u8, version, 0, .. length, .. Encoding.ASCII.GetBytes(header), .. data];
        return NpyFile.Read(new MemoryStream(file), file.Length, "x.npz: a");
    }
}
