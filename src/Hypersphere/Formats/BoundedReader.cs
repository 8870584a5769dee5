using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hypersphere.Formats;

/// <summary>Reads what a header promises without believing it: memory grows with the bytes that really arrive.</summary>
internal static class BoundedReader
{
    /// <summary>Deflate cannot expand a byte to more than this many.</summary>
    private const int LargestExpansion = 1032;
    private const int FirstBlock = 64 * 1024;

    /// <summary>Reads <paramref name="count"/> items.</summary>
    /// <param name="stream">Where the items come from, perhaps inflated on the way.</param>
    /// <param name="count">What the header claims.</param>
    /// <param name="stored">Length in bytes of the stored, perhaps deflated, data: the only number that is a fact.</param>
    /// <param name="what">The file and the part of it that is read, for the message.</param>
    /// <exception cref="InputException">The claim cannot be true, or the data end early or are damaged.</exception>
    public static T[] Read<T>(Stream stream, long count, long stored, string what)
        where T : unmanaged
    {
        int size = Unsafe.SizeOf<T>();
        if (count < 0 || count > Array.MaxLength || count * size > (stored * LargestExpansion) + FirstBlock)
        {
            throw new InputException(
                $"{what}: the header claims {count} values of {size} bytes, which {stored} stored bytes cannot hold; the file is damaged");
        }

        long likely = Math.Max(FirstBlock, stored * 4) / size;
        T[] items = new T[(int)Math.Min(count, likely)];
        int filled = 0;
        while (true)
        {
            filled += Fill(stream, MemoryMarshal.AsBytes(items.AsSpan(filled)), what) / size;
            if (filled < items.Length)
            {
                throw new InputException($"{what}: ends after {filled} of {count} values; the file is truncated, get it again");
            }

            if (filled == count)
            {
                return items;
            }

            Array.Resize(ref items, (int)Math.Min(count, items.Length * 2L));
        }
    }

    /// <summary>Reads until <paramref name="target"/> is full or the stream ends.</summary>
    /// <returns>Bytes read.</returns>
    /// <exception cref="InputException">The compressed data are damaged.</exception>
    public static int Fill(Stream stream, Span<byte> target, string what)
    {
        try
        {
            return stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);
        }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException)
        {
            throw new InputException($"{what}: the compressed data are damaged; get the file again", e);
        }
        catch (IOException e)
        {
            throw new InputException($"{what}: cannot be read: {FirstLine(e)}", e);
        }
    }

    /// <summary>The first line of an exception's message, so that ours stays one line.</summary>
    public static string FirstLine(Exception e) => e.Message.Split('\n', 2)[0].TrimEnd();
}
