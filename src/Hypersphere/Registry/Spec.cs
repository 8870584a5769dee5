using System.Globalization;
using System.Reflection;
using System.Text;

namespace Hypersphere.Registry;

/// <summary>A component with its options in text: «arcface(margin=0.5, scale=64)».</summary>
/// <param name="Name">The component.</param>
/// <param name="Arguments">Its options as written.</param>
public sealed record Spec(string Name, IReadOnlyDictionary<string, string> Arguments)
{
    /// <summary>Reads a specification.</summary>
    /// <param name="text">name or name(option=value, …).</param>
    /// <exception cref="InputException">The text is not of that form.</exception>
    public static Spec Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string trimmed = text.Trim();
        int open = trimmed.IndexOf('(', StringComparison.Ordinal);
        string name = (open < 0 ? trimmed : trimmed[..open]).Trim();
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') || (open >= 0 && !trimmed.EndsWith(')')))
        {
            throw Malformed(text);
        }

        Dictionary<string, string> arguments = new(StringComparer.Ordinal);
        string inside = open < 0 ? "" : trimmed[(open + 1)..^1];
        foreach (string part in Split(inside, ',') ?? throw Malformed(text))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1 || equals == part.Length - 1)
            {
                throw Malformed(text);
            }

            string key = part[..equals].Trim().Replace('-', '_');
            if (!arguments.TryAdd(key, part[(equals + 1)..].Trim()))
            {
                throw new InputException($"'{text}' gives {key} twice.");
            }
        }

        return new(name.Replace('_', '-'), arguments);
    }

    /// <summary>Takes a list of specifications apart: «arcface(margin=0.5, scale=16), softmax» at commas outside of parentheses.</summary>
    /// <param name="text">One specification or more.</param>
    /// <returns>The specifications as written, without spaces around them.</returns>
    /// <exception cref="InputException">Parentheses do not match.</exception>
    public static IReadOnlyList<string> SplitList(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Split(text, ',') ?? throw new InputException($"'{text}': its parentheses do not match.");
    }

    internal static string Snake(string camel) => Separated(camel, '_');

    internal static string Hyphenated(string pascal) => Separated(pascal, '-');

    internal static string Format(object? value) => value switch
    {
        bool b => b ? "true" : "false",
        float f => f.ToString("R", CultureInfo.InvariantCulture),
        Enum e => Hyphenated(e.ToString()),
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        float[] list => string.Join(' ', list.Select(v => Format(v))),
        _ => value?.ToString() ?? "",
    };

    /// <summary>The parts between separators that stand outside of all parentheses, trimmed, without empty ones; null when parentheses do
    /// not match.</summary>
    internal static IReadOnlyList<string>? Split(string text, char separator)
    {
        List<string> parts = [];
        int depth = 0, start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            char c = i < text.Length ? text[i] : separator;
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth < 0 || (i == text.Length && depth > 0))
            {
                return null;
            }

            if (depth == 0 && c == separator)
            {
                parts.Add(text[start..i].Trim());
                start = i + 1;
            }
        }

        parts.RemoveAll(p => p.Length == 0);
        return parts;
    }

    /// <summary>A component of a kind known only at run time, for the context of the one that it is an option of.</summary>
    internal static object CreateComponent(Type kind, string text, object? context) =>
        typeof(Registry<>).MakeGenericType(kind).GetMethod(nameof(Registry<object>.Create))!
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, [text, context], null)!;

    /// <summary>The names registered for a kind known only at run time.</summary>
    internal static IEnumerable<string> KnownNames(Type kind) =>
        ((IReadOnlyList<ComponentInfo>)typeof(Registry<>).MakeGenericType(kind).GetProperty(nameof(Registry<object>.All))!.GetValue(null)!)
            .Select(i => i.Attribute.Name);

    internal static object? ParseValue(Type type, string text)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        if (type == typeof(float))
        {
            return float.TryParse(text, NumberStyles.Float, culture, out float f) && float.IsFinite(f) ? f : null;
        }

        if (type == typeof(int))
        {
            return int.TryParse(text, NumberStyles.AllowLeadingSign, culture, out int i) ? i : null;
        }

        if (type == typeof(bool))
        {
            return bool.TryParse(text, out bool b) ? b : null;
        }

        if (type == typeof(float[]))
        {
            float?[] numbers = [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(t => (float?)ParseValue(typeof(float), t))];
            return numbers.Contains(null) ? null : Array.ConvertAll(numbers, n => n!.Value);
        }

        string? name = Enum.GetNames(type).FirstOrDefault(n => string.Equals(Hyphenated(n), text.Replace('_', '-'), StringComparison.OrdinalIgnoreCase));
        return name is null ? null : Enum.Parse(type, name);
    }

    /// <summary>«, did you mean 'x'?» for the nearest of the known words, or nothing when none is near.</summary>
    internal static string Suggest(string word, IEnumerable<string> known)
    {
        (string Word, int Distance) best = known.Select(k => (k, Distance(word, k))).DefaultIfEmpty((word, int.MaxValue)).MinBy(k => k.Item2);
        return best.Distance <= Math.Max(2, word.Length / 3) ? $", did you mean '{best.Word}'?" : "";
    }

    private static InputException Malformed(string text) =>
        new($"'{text}' is not a specification; write name or name(option=value, …), such as arcface(margin=0.5, scale=64).");

    private static string Separated(string name, char separator)
    {
        StringBuilder text = new();
        foreach (char c in name)
        {
            if (char.IsAsciiLetterUpper(c) && text.Length > 0)
            {
                text.Append(separator);
            }

            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }

    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int cost = a[i - 1] == b[j - 1] ? diagonal : diagonal + 1;
                diagonal = row[j];
                row[j] = Math.Min(cost, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
