using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Hypersphere.Cli;

/// <summary>JSON as text that both programs and people can read.</summary>
internal static class Json
{
    /// <summary>An object.</summary>
    /// <param name="write">Writes its members.</param>
    /// <param name="indented">Whether over several lines.</param>
    public static string Object(Action<Utf8JsonWriter> write, bool indented = true) => Text(indented, json =>
    {
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
    });

    /// <summary>An array.</summary>
    /// <param name="write">Writes its elements.</param>
    public static string Array(Action<Utf8JsonWriter> write) => Text(indented: true, json =>
    {
        json.WriteStartArray();
        write(json);
        json.WriteEndArray();
    });

    private static string Text(bool indented, Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        var options = new JsonWriterOptions { Indented = indented, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var json = new Utf8JsonWriter(bytes, options))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
