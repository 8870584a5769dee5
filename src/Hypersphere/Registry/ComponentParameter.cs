using System.Globalization;

namespace Hypersphere.Registry;

/// <summary>One option of a component.</summary>
/// <param name="Name">As written in a specification, snake case.</param>
/// <param name="Type">float, int, bool, float[], an enumeration, or a kind of component.</param>
/// <param name="Default">What holds when it is not given; null where the component chooses.</param>
/// <param name="Minimum">Least value, if bounded.</param>
/// <param name="Maximum">Largest value, if bounded.</param>
/// <param name="Description">One line, with the unit.</param>
public sealed record ComponentParameter(string Name, Type Type, object? Default, double? Minimum, double? Maximum, string Description)
{
    /// <summary>The allowed values in words.</summary>
    public string Range =>
        Type.IsEnum ? string.Join(" | ", Enum.GetNames(Type).Select(Spec.Hyphenated))
        : Type == typeof(bool) ? "true | false"
        : IsComponent ? string.Join(" | ", Spec.KnownNames(Type))
        : Type == typeof(float[]) ? "numbers separated by spaces"
        : Minimum is { } low && Maximum is { } high ? string.Create(CultureInfo.InvariantCulture, $"{low:0.####} … {high:0.####}")
        : "any";

    /// <summary>Whether its value is a component with a specification of its own.</summary>
    public bool IsComponent => !Type.IsValueType && !Type.IsArray && Type != typeof(string);

    /// <summary>What is wrong with a value, or null.</summary>
    internal string? Problem(object? value)
    {
        if (Minimum is not { } low || Maximum is not { } high || value is not (float or int))
        {
            return null;
        }

        double number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        bool within = value is float f ? f >= (float)low && f <= (float)high : number >= low && number <= high; // 0.1f exceeds 0.1
        return within ? null : $"{Name} must be in {Range} but is {Spec.Format(value)}{DegreesHint(number, high)}";
    }

    private string DegreesHint(double number, double high)
    {
        double radians = number * Math.PI / 180;
        return Description.Contains("radian", StringComparison.Ordinal) && number is > 0 and <= 180 && radians <= high
            ? string.Create(CultureInfo.InvariantCulture, $"; angles are in radians: {number:G6}° is {radians:0.####}")
            : "";
    }
}
