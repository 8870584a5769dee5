using System.Reflection;
using System.Text;

namespace Hypersphere.Tests.Architecture;

/// <summary>PublicApi.txt lists what users can call; a change of it is a change that somebody meant.</summary>
public sealed class PublicApiTests
{
    private static readonly Assembly[] _assemblies = [typeof(Kernels.Gemm).Assembly, typeof(Rng).Assembly];

    /// <summary>Run with HYPERSPHERE_UPDATE=1 to write the file anew.</summary>
    [Fact]
    public void The_listing_is_current()
    {
        string api = string.Join("\n", _assemblies.SelectMany(Describe)) + "\n";
        if (Environment.GetEnvironmentVariable("HYPERSPHERE_UPDATE") == "1")
        {
            File.WriteAllText(Path.Combine(Repository.Root, "PublicApi.txt"), api);
        }

        Assert.Equal(Repository.Read("PublicApi.txt"), api);
    }

    private static IEnumerable<string> Describe(Assembly assembly) =>
        assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal).SelectMany(Describe);

    private static IEnumerable<string> Describe(Type type)
    {
        yield return $"{(type.IsInterface ? "interface" : type.IsEnum ? "enum" : type.IsValueType ? "struct" : "class")} {type.FullName}";
        const BindingFlags declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        IEnumerable<string> members = type.GetMembers(declared).Where(IsVisible).Select(Describe).Distinct().Order(StringComparer.Ordinal);
        foreach (string member in members)
        {
            yield return "  " + member;
        }
    }

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase method => (method.IsPublic || method.IsFamily) && (!method.IsSpecialName || method is ConstructorInfo || method.Name.StartsWith("op_", StringComparison.Ordinal)),
        FieldInfo field => field.IsPublic && !field.IsSpecialName,
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(a => a.IsPublic || a.IsFamily),
        _ => false,
    } && !member.Name.Contains('<', StringComparison.Ordinal);

    private static string Describe(MemberInfo member)
    {
        StringBuilder text = new();
        switch (member)
        {
            case PropertyInfo property:
                text.Append($"{Name(property.PropertyType)} {property.Name} {{ {(property.GetMethod is null ? "" : "get; ")}{(property.SetMethod is { IsPublic: true } ? "set; " : "")}}}");
                break;
            case FieldInfo field:
                text.Append($"{Name(field.FieldType)} {field.Name}");
                break;
            case ConstructorInfo constructor:
                text.Append($"new({Parameters(constructor)})");
                break;
            case MethodInfo method:
                text.Append($"{(method.IsStatic ? "static " : "")}{Name(method.ReturnType)} {method.Name}({Parameters(method)})");
                break;
        }

        return text.ToString();
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(p => $"{Name(p.ParameterType)} {p.Name}"));

    private static string Name(Type type) =>
        type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : type.Name;
}
