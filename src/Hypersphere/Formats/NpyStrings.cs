using System.Globalization;
using System.Text;

namespace Hypersphere.Formats;

/// <summary>NumPy's fixed-width strings: UTF-32, padded with zeros.</summary>
internal static class NpyStrings
{
    /// <summary>Reads strings of the width in <paramref name="code"/>, such as "&lt;U12".</summary>
    /// <exception cref="InputException">The width is senseless, the values are not all there, or no Unicode.</exception>
    public static string[] Read(string code, long count, Stream stream, long stored, string what)
    {
        if (!int.TryParse(code.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out int width) || (width == 0 && count > 0))
        {
            throw new InputException($"{what}: has dtype {code}, strings of no width; the file is damaged");
        }

        int[] runes = BoundedReader.Read<int>(stream, Math.Min(count * width, long.MaxValue / sizeof(int)), stored, what);
        string[] strings = new string[count];
        StringBuilder text = new();
        for (int i = 0; i < strings.Length; i++)
        {
            foreach (int rune in runes.AsSpan(i * width, width).TrimEnd(0))
            {
                _ = Rune.IsValid(rune)
                    ? text.Append(new Rune(rune).ToString())
                    : throw new InputException($"{what}: string {i} holds 0x{rune:X}, which is no Unicode character; the file is damaged");
            }

            strings[i] = text.ToString();
            text.Clear();
        }

        return strings;
    }

    /// <summary>The values as UTF-32 of one width, and its code.</summary>
    public static (int[] Runes, string Code) Pack(string[] strings)
    {
        int width = Math.Max(1, strings.Length == 0 ? 1 : strings.Max(s => s.EnumerateRunes().Count()));
        int[] runes = new int[strings.Length * width];
        for (int i = 0; i < strings.Length; i++)
        {
            int at = i * width;
            foreach (Rune rune in strings[i].EnumerateRunes())
            {
                runes[at++] = rune.Value;
            }
        }

        return (runes, string.Create(CultureInfo.InvariantCulture, $"<U{width}"));
    }
}
