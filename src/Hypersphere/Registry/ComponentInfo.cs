using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace Hypersphere.Registry;

/// <summary>One option of a component.</summary>
/// <param name="Name">As written in a specification, snake case.</param>
/// <param name="Type">float, int, bool or an enumeration.</param>
/// <param name="Default">What holds when it is not given.</param>
/// <param name="Minimum">Least value, if bounded.</param>
/// <param name="Maximum">Largest value, if bounded.</param>
/// <param name="Description">One line, with the unit.</param>
public sealed record ComponentParameter(string Name, Type Type, object? Default, double? Minimum, double? Maximum, string Description)
{
    /// <summary>The allowed values in words.</summary>
    public string Range =>
        Type.IsEnum ? string.Join(" | ", Enum.GetNames(Type).Select(Spec.Hyphenated))
        : Type == typeof(bool) ? "true | false"
        : Minimum is { } low && Maximum is { } high ? string.Create(CultureInfo.InvariantCulture, $"{low:G6} … {high:G6}")
        : "any";
}

/// <summary>What a registered class says of itself.</summary>
public sealed class ComponentInfo
{
    private readonly ConstructorInfo _constructor;
    private readonly PropertyInfo[] _properties;
    private readonly bool _hasContext;

    internal ComponentInfo(Type type, ComponentAttribute attribute)
    {
        Type = type;
        Attribute = attribute;
        _constructor = type.GetConstructors().Single();
        ParameterInfo[] all = _constructor.GetParameters();
        _hasContext = all.Length > 0 && !all[0].HasDefaultValue;
        ParameterInfo[] options = _hasContext ? all[1..] : all;
        _properties = [.. options.Select(p => type.GetProperty(p.Name!, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase)
            ?? throw new InvalidOperationException($"{type.Name} needs a public property for its parameter {p.Name}."))];
        Parameters = [.. options.Select(Describe)];
    }

    /// <summary>The class.</summary>
    public Type Type { get; }

    /// <summary>Name, formula, paper.</summary>
    public ComponentAttribute Attribute { get; }

    /// <summary>Its options in order.</summary>
    public IReadOnlyList<ComponentParameter> Parameters { get; }

    /// <summary>All names that it answers to.</summary>
    public IEnumerable<string> Names =>
        Attribute.Aliases.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Prepend(Attribute.Name);

    /// <summary>The full specification of an instance: every option, in order.</summary>
    internal string SpecOf(object instance)
    {
        IEnumerable<string> options = Parameters.Zip(_properties, (p, property) => $"{p.Name}={Spec.Format(property.GetValue(instance))}");
        return Parameters.Count == 0 ? Attribute.Name : $"{Attribute.Name}({string.Join(", ", options)})";
    }

    internal object Create(Spec spec, object? context)
    {
        foreach (string given in spec.Arguments.Keys.Where(k => Parameters.All(p => p.Name != k)))
        {
            throw new InputException(
                $"{Attribute.Name} has no option '{given}'{Spec.Suggest(given, Parameters.Select(p => p.Name))}; it has: "
                + (Parameters.Count == 0 ? "none" : string.Join(", ", Parameters.Select(p => p.Name))));
        }

        IEnumerable<object?> values = Parameters.Select(p => spec.Arguments.TryGetValue(p.Name, out string? text) ? Parse(p, text) : p.Default);
        object?[] arguments = _hasContext ? [context, .. values] : [.. values];
        try
        {
            return _constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, arguments, CultureInfo.InvariantCulture);
        }
        catch (ArgumentException e) when (e is not ShapeException)
        {
            throw new InputException($"{Attribute.Name}: {e.Message}", e);
        }
    }

    private static ComponentParameter Describe(ParameterInfo p)
    {
        RangeAttribute? range = p.GetCustomAttribute<RangeAttribute>();
        return new(
            Spec.Snake(p.Name!),
            p.ParameterType,
            p.DefaultValue is { } value && p.ParameterType.IsEnum ? Enum.ToObject(p.ParameterType, value) : p.DefaultValue,
            range is null ? null : Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture),
            range is null ? null : Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture),
            p.GetCustomAttribute<DescriptionAttribute>()?.Description ?? "");
    }

    private object Parse(ComponentParameter p, string text)
    {
        object? value = Spec.ParseValue(p.Type, text);
        if (value is null)
        {
            throw new InputException($"{Attribute.Name}: {p.Name} must be {Kind(p)} but is '{text}'.");
        }

        if (p.Minimum is { } low && p.Maximum is { } high && value is IConvertible and not Enum and not bool)
        {
            double number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
            if (!(number >= low && number <= high))
            {
                throw new InputException($"{Attribute.Name}: {p.Name} must be in {p.Range} but is {text}{DegreesHint(p, number, high)}.");
            }
        }

        return value;
    }

    private static string DegreesHint(ComponentParameter p, double number, double high)
    {
        double radians = number * Math.PI / 180;
        return p.Description.Contains("radian", StringComparison.Ordinal) && number is > 0 and <= 180 && radians <= high
            ? string.Create(CultureInfo.InvariantCulture, $"; angles are in radians: {number:G6}° is {radians:0.####}")
            : "";
    }

    private static string Kind(ComponentParameter p) =>
        p.Type.IsEnum || p.Type == typeof(bool) ? $"one of {p.Range}" : p.Type == typeof(int) ? "a whole number" : "a number";
}
