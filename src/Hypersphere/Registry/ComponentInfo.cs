using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace Hypersphere.Registry;

/// <summary>What a registered class says of itself.</summary>
public sealed class ComponentInfo
{
    private readonly ConstructorInfo _constructor;
    private readonly PropertyInfo[] _properties;
    private readonly bool _hasContext;
    private readonly int _own;

    internal ComponentInfo(Type type, ComponentAttribute attribute)
    {
        Type = type;
        Attribute = attribute;
        _constructor = type.GetConstructors().Single();
        ParameterInfo[] all = _constructor.GetParameters();
        _hasContext = all.Length > 0 && !all[0].HasDefaultValue;
        ParameterInfo[] options = _hasContext ? all[1..] : all;
        PropertyInfo[] inherited = [.. type.GetProperties().Where(p => p.IsDefined(typeof(ComponentOptionAttribute)))];
        _own = options.Length;
        _properties = [.. options.Select(p => type.GetProperty(p.Name!, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase)
            ?? throw new InvalidOperationException($"{type.Name} needs a public property for its parameter {p.Name}.")), .. inherited];
        Parameters = [.. options.Select(Describe), .. inherited.Select(Describe)];
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

    /// <summary>What holds when an option is not given, as a specification writes it.</summary>
    /// <param name="parameter">One of <see cref="Parameters"/>.</param>
    /// <param name="context">What the kind needs besides its options, to ask an instance; null if nothing.</param>
    public string DefaultOf(ComponentParameter parameter, object? context)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        int index = Parameters.ToList().IndexOf(parameter);
        object? value = parameter.Default ?? _properties[index].GetValue(Create(new Spec(Attribute.Name, new Dictionary<string, string>()), context));
        return value is null ? "none" : Spec.Format(value);
    }

    /// <summary>The full specification of an instance: every option of its own in order, then those of its base that are set.</summary>
    internal string SpecOf(object instance)
    {
        IEnumerable<string> options =
            from option in Parameters.Select((p, i) => (p.Name, Value: _properties[i].GetValue(instance), IsOwn: i < _own))
            where option.IsOwn || option.Value is not (null or 0 or 0f or false)
            select $"{option.Name}={Spec.Format(option.Value)}";
        string[] written = [.. options];
        return written.Length == 0 ? Attribute.Name : $"{Attribute.Name}({string.Join(", ", written)})";
    }

    /// <summary>Refuses an instance whose options are out of range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is; the message names it with its range.</exception>
    internal void Check(object instance)
    {
        for (int i = 0; i < Parameters.Count; i++)
        {
            if (Parameters[i].Problem(_properties[i].GetValue(instance)) is { } problem)
            {
                throw new ArgumentOutOfRangeException(null, $"{Attribute.Name}: {problem}.");
            }
        }
    }

    internal object Create(Spec spec, object? context)
    {
        foreach (string given in spec.Arguments.Keys.Where(k => Parameters.All(p => p.Name != k)))
        {
            throw new InputException(
                $"{Attribute.Name} has no option '{given}'{Spec.Suggest(given, Parameters.Select(p => p.Name))}; it has: "
                + (Parameters.Count == 0 ? "none" : string.Join(", ", Parameters.Select(p => p.Name))));
        }

        object?[] values = [.. Parameters.Select(p => spec.Arguments.TryGetValue(p.Name, out string? text) ? Parse(p, text, context) : p.Default)];
        object?[] arguments = _hasContext ? [context, .. values[.._own]] : values[.._own];
        try
        {
            object instance = _constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, arguments, CultureInfo.InvariantCulture);
            for (int i = _own; i < values.Length; i++)
            {
                if (spec.Arguments.ContainsKey(Parameters[i].Name))
                {
                    _properties[i].SetValue(instance, values[i], BindingFlags.DoNotWrapExceptions, null, null, null);
                }
            }

            return instance;
        }
        catch (ArgumentException e) when (e is not ShapeException)
        {
            throw new InputException(e.Message.StartsWith(Attribute.Name, StringComparison.Ordinal) ? e.Message : $"{Attribute.Name}: {e.Message}", e);
        }
    }

    private static ComponentParameter Describe(ParameterInfo p)
    {
        object? value = p.DefaultValue is { } given && p.ParameterType.IsEnum ? Enum.ToObject(p.ParameterType, given) : p.DefaultValue;
        return Describe(p.Name!, p.ParameterType, value, p.GetCustomAttribute<RangeAttribute>(), p.GetCustomAttribute<DescriptionAttribute>());
    }

    private static ComponentParameter Describe(PropertyInfo p) => Describe(
        p.Name, p.PropertyType, p.PropertyType.IsValueType ? Activator.CreateInstance(p.PropertyType) : null,
        p.GetCustomAttribute<RangeAttribute>(), p.GetCustomAttribute<DescriptionAttribute>());

    private static ComponentParameter Describe(string name, Type type, object? value, RangeAttribute? range, DescriptionAttribute? description) => new(
        Spec.Snake(name),
        type,
        value,
        range is null ? null : Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture),
        range is null ? null : Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture),
        description?.Description ?? "");

    private object Parse(ComponentParameter p, string text, object? context)
    {
        object? value = p.IsComponent ? Spec.CreateComponent(p.Type, text, context) : Spec.ParseValue(p.Type, text);
        if (value is null)
        {
            throw new InputException($"{Attribute.Name}: {p.Name} must be {Kind(p)} but is '{text}'.");
        }

        return p.Problem(value) is { } problem ? throw new InputException($"{Attribute.Name}: {problem}.") : value;
    }

    private static string Kind(ComponentParameter p) =>
        p.Type.IsEnum || p.Type == typeof(bool) ? $"one of {p.Range}"
        : p.Type == typeof(int) ? "a whole number" : p.Type == typeof(float[]) ? p.Range : "a number";
}
