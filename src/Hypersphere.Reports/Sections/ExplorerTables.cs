using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace Hypersphere.Reports.Sections;

/// <summary>The precomputed curves as the page's script reads them.</summary>
/// <remarks>Little-endian 16-bit integers in base64, all angles of the first value, then of the second, …; how many make 1 stands beside
/// them, for slopes 250: beyond ±131, which no axis shows, they are cut off. What is not a number is the least integer.</remarks>
internal static class ExplorerTables
{
    private const double SlopeSteps = 250;

    public static string Json(IReadOnlyList<MarginFamily> families, double[] scales, double[] classes, int leastAngle)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes)) // its default encoder leaves no < in the text, so no </script> either
        {
            json.WriteStartObject();
            json.WriteNumber("slopeSteps", SlopeSteps);
            json.WriteNumber("leastAngle", leastAngle);
            Numbers(json, "scales", scales);
            Numbers(json, "classes", classes);
            json.WriteStartArray("families");
            foreach (MarginFamily family in families)
            {
                Write(json, family);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static void Write(Utf8JsonWriter json, MarginFamily family)
    {
        json.WriteStartObject();
        json.WriteString("name", family.Name);
        json.WriteString("parameter", family.Parameter);
        json.WriteNumber("angles", family.Start.Points.Count);
        json.WriteStartArray("labels");
        foreach (MarginStep step in family.Steps)
        {
            json.WriteStringValue(family.Label(step));
        }

        json.WriteEndArray();
        double largest = family.Steps.SelectMany(s => s.Points).Select(p => Math.Abs(p.Psi)).Where(double.IsFinite).Append(1).Max();
        double steps = Math.Floor(short.MaxValue / largest);
        json.WriteNumber("psiSteps", steps);
        json.WriteString("psi", Pack(family, steps, p => p.Psi));
        json.WriteString("slope", Pack(family, SlopeSteps, p => p.Slope));
        json.WriteEndObject();
    }

    private static void Numbers(Utf8JsonWriter json, string name, double[] values)
    {
        json.WriteStartArray(name);
        Array.ForEach(values, json.WriteNumberValue);
        json.WriteEndArray();
    }

    private static string Pack(MarginFamily family, double resolution, Func<MarginPoint, double> value)
    {
        double[] values = [.. family.Steps.SelectMany(s => s.Points).Select(value)];
        byte[] packed = new byte[2 * values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            double units = Math.Clamp(Math.Round(values[i] * resolution), short.MinValue + 1, short.MaxValue);
            BinaryPrimitives.WriteInt16LittleEndian(packed.AsSpan(2 * i), double.IsNaN(units) ? short.MinValue : (short)units);
        }

        return Convert.ToBase64String(packed);
    }
}
