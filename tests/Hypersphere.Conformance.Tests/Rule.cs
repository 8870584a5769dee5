using System.Text.Json;
using Hypersphere.Formats;

namespace Hypersphere.Conformance.Tests;

/// <summary>How one output is compared.</summary>
/// <param name="Compare">"close", "exact", or a word for which being finite is enough.</param>
/// <param name="Absolute">Allowed difference.</param>
/// <param name="Relative">Allowed difference in units of the largest number; the larger of the two holds.</param>
internal sealed record Rule(string Compare, double Absolute, double Relative)
{
    /// <summary>The rule of a manifest for a float32 implementation; evaluation is held to double precision.</summary>
    public static Rule Of(JsonElement output, string family)
    {
        string compare = output.GetProperty("compare").GetString()!;
        return family == "eval"
            ? new(compare == "advisory" ? "close" : compare, output.Member("atol")?.GetDouble() ?? 1e-9, 0)
            : new(compare, output.Member("atol")?.GetDouble() ?? 0, Math.Max(8 * (output.Member("peer_float32_rel_err")?.GetDouble() ?? 1e-5), 2e-6));
    }

    /// <summary>What is wrong, or null.</summary>
    public string? Difference(NpyArray expected, NpyArray actual)
    {
        (double[] want, double[] got) = (Doubles(expected), Doubles(actual));
        if (!got.All(double.IsFinite))
        {
            return "is not finite";
        }

        if (Compare is not ("close" or "exact"))
        {
            return null;
        }

        if (want.Length != got.Length || (want.Length != 1 && !expected.Shape.SequenceEqual(actual.Shape)))
        {
            return $"has shape [{string.Join(", ", actual.Shape)}] instead of [{string.Join(", ", expected.Shape)}]";
        }

        double scale = want.Select(Math.Abs).DefaultIfEmpty().Max();
        double allowed = Compare == "exact" ? 0 : Math.Max(Absolute, Relative * scale);
        double worst = want.Zip(got, (w, g) => Math.Abs(w - g)).DefaultIfEmpty().Max();
        return worst <= allowed ? null : $"is off by {worst:g3} where {allowed:g3} is allowed";
    }

    public static double[] Doubles(NpyArray array) =>
        array.Type == "int64" ? Array.ConvertAll(array.Values<long>(), v => (double)v) : array.Values<double>();
}
