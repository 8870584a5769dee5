namespace Hypersphere.Reports.Charts;

/// <summary>Cuts a specification such as "arcface(margin=0.5, scale=64)" into a name and the parameters worth showing.</summary>
internal static class CurveLabel
{
    private const int MostLetters = 36;

    public static string Name(string label) => Text.Clip(Split(label).Name, 32);

    /// <summary>For each label: the parameters in which curves of one name differ, then others that are not off, as room allows.</summary>
    public static string[] Notes(string[] labels) => [.. labels.Select(label => Note(label, labels))];

    private static string Note(string label, string[] labels)
    {
        (string name, string[] own) = Split(label);
        string[][] kin = [.. labels.Select(Split).Where(l => l.Name == name).Select(l => l.Parameters)];
        var shown = new List<string>();
        foreach (string parameter in own.OrderBy(p => kin.All(k => k.Contains(p)) ? 1 : 0))
        {
            bool differs = !kin.All(k => k.Contains(parameter));
            if (shown.Count == 0 || differs
                || (!parameter.EndsWith("=false", StringComparison.Ordinal) && Length(shown) + parameter.Length <= MostLetters))
            {
                shown.Add(parameter);
            }
        }

        return Text.Clip(string.Join(", ", shown), 48);
    }

    private static int Length(List<string> shown) => shown.Sum(p => p.Length + 2);

    private static (string Name, string[] Parameters) Split(string label)
    {
        int cut = label.IndexOfAny(['(', ':']);
        return cut <= 0
            ? (label, [])
            : (label[..cut].Trim(), label[(cut + 1)..].Trim().TrimEnd(')').Split(
                ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
    }
}
