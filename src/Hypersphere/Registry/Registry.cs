using System.Reflection;

namespace Hypersphere.Registry;

/// <summary>All components of one kind by name: what the command line offers, documents list and checkpoints store.</summary>
/// <typeparam name="T">The kind: <c>Loss</c>, <c>Backbone</c>, <c>Optimizer</c>, <c>Schedule</c>.</typeparam>
public static class Registry<T>
    where T : class
{
    private static readonly List<Type> Waiting = [];
    private static Index? _index;

    /// <summary>Everything registered, ordered by name.</summary>
    public static IReadOnlyList<ComponentInfo> All => [.. Known.Infos.OrderBy(i => i.Attribute.Name, StringComparer.Ordinal)];

    /// <summary>Adds a component of your own.</summary>
    /// <typeparam name="TComponent">A class with a <see cref="ComponentAttribute"/>.</typeparam>
    /// <exception cref="ArgumentException">The class has no attribute, or its name is taken. Where nothing of this kind was asked for yet, a taken
    /// name is told when something is.</exception>
    public static void Register<TComponent>()
        where TComponent : T
    {
        if (!typeof(TComponent).IsDefined(typeof(ComponentAttribute)))
        {
            throw new ArgumentException($"{typeof(TComponent).Name} needs a [Component(\"name\")] attribute.");
        }

        lock (Waiting)
        {
            if (_index is null)
            {
                Waiting.Add(typeof(TComponent));
            }
            else
            {
                _index.Add(typeof(TComponent));
            }
        }
    }

    /// <summary>Makes a component from its specification.</summary>
    /// <param name="spec">Such as «arcface(margin=0.5, scale=64)»; options left out take their defaults.</param>
    /// <param name="context">What the kind needs besides its options.</param>
    /// <exception cref="InputException">Unknown name or option, or a value out of range; the message says what is allowed.</exception>
    public static T Create(string spec, object? context = null)
    {
        Spec parsed = Spec.Parse(spec);
        return (T)Find(parsed.Name).Create(parsed, context);
    }

    /// <summary>What is registered under a name or alias.</summary>
    /// <exception cref="InputException">Nothing is.</exception>
    public static ComponentInfo Find(string name) =>
        Known.ByName.TryGetValue(name, out ComponentInfo? info)
            ? info
            : throw new InputException($"there is no {Kind} '{name}'{Instead(name)}");

    /// <summary>Whether a name or alias is registered.</summary>
    internal static bool Knows(string name) => Known.ByName.ContainsKey(name);

    /// <summary>The name of an instance's class; that of the class itself if it is not registered.</summary>
    internal static string NameOf(T instance) =>
        Known.Infos.FirstOrDefault(i => i.Type == instance.GetType())?.Attribute.Name ?? instance.GetType().Name;

    /// <summary>Refuses an instance of a registered class whose options are out of range.</summary>
    internal static void Check(T instance) => Known.Infos.FirstOrDefault(i => i.Type == instance.GetType())?.Check(instance);

    /// <summary>The full specification of an instance, with every option; the class' name if it is not registered.</summary>
    internal static string SpecOf(T instance) =>
        Known.Infos.FirstOrDefault(i => i.Type == instance.GetType())?.SpecOf(instance) ?? instance.GetType().Name;

    /// <summary>The nearest name, or all of them when none is near.</summary>
    private static string Instead(string name) => Spec.Suggest(name, Known.ByName.Keys) is { Length: > 0 } near
        ? near
        : $"; known: {string.Join(", ", All.Select(i => i.Attribute.Name))}.";

    private static Index Known
    {
        get
        {
            lock (Waiting)
            {
                return _index ??= new Index(Waiting);
            }
        }
    }

    private static string Kind => Spec.Hyphenated(typeof(T).Name).Replace('-', ' ');

    /// <summary>The components of this library, found by reflection, and those that were registered. Made when first needed: many commands need
    /// none.</summary>
    private sealed class Index
    {
        public Index(IEnumerable<Type> registered)
        {
            IEnumerable<Type> own = typeof(T).Assembly.GetTypes().Where(t => !t.IsAbstract && t.IsAssignableTo(typeof(T)) && t.IsDefined(typeof(ComponentAttribute)));
            foreach (Type type in own.OrderBy(t => t.Name, StringComparer.Ordinal).Concat(registered))
            {
                Add(type);
            }
        }

        public Dictionary<string, ComponentInfo> ByName { get; } = new(StringComparer.Ordinal);

        public List<ComponentInfo> Infos { get; } = [];

        /// <summary>Adds a class, unless it is there.</summary>
        public void Add(Type type)
        {
            ComponentAttribute attribute = type.GetCustomAttribute<ComponentAttribute>()!;
            if (ByName.TryGetValue(attribute.Name, out ComponentInfo? known) && known.Type == type)
            {
                return;
            }

            ComponentInfo info = new(type, attribute);
            foreach (string name in info.Names)
            {
                if (!ByName.TryAdd(name, info))
                {
                    throw new ArgumentException($"the {Kind} name '{name}' of {type.Name} is taken by {ByName[name].Type.Name}.");
                }
            }

            Infos.Add(info);
        }
    }
}
