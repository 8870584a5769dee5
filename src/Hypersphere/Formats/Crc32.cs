using System.Buffers.Binary;

namespace Hypersphere.Formats;

/// <summary>The checksum of PNG and ZIP (polynomial 0xEDB88320), eight bytes at a time.</summary>
internal static class Crc32
{
    private const int Lanes = 8;

    /// <summary>Row k holds what a byte does to the checksum when k zero bytes follow it.</summary>
    private static readonly uint[] Table = MakeTable();

    /// <summary>Goes on from the checksum of what came before; begin with 0.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        uint[] table = Table;
        crc = ~crc;
        for (; bytes.Length >= Lanes; bytes = bytes[Lanes..])
        {
            ulong eight = BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ crc;
            crc = table[(7 * 256) + (byte)eight] ^ table[(6 * 256) + (byte)(eight >> 8)] ^ table[(5 * 256) + (byte)(eight >> 16)]
                ^ table[(4 * 256) + (byte)(eight >> 24)] ^ table[(3 * 256) + (byte)(eight >> 32)] ^ table[(2 * 256) + (byte)(eight >> 40)]
                ^ table[256 + (byte)(eight >> 48)] ^ table[(byte)(eight >> 56)];
        }

        foreach (byte b in bytes)
        {
            crc = table[(byte)(crc ^ b)] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint[] MakeTable()
    {
        uint[] table = new uint[Lanes * 256];
        for (uint i = 0; i < 256; i++)
        {
            uint c = i;
            for (int bit = 0; bit < 8; bit++)
            {
                c = (c & 1) != 0 ? 0xEDB88320 ^ (c >> 1) : c >> 1;
            }

            table[i] = c;
        }

        for (int i = 256; i < table.Length; i++)
        {
            table[i] = table[(byte)table[i - 256]] ^ (table[i - 256] >> 8);
        }

        return table;
    }
}
