using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Hypersphere.Cli;

/// <summary>Writes JSON that both programs and people can read.</summary>
internal static class Json
{
    /// <summary>The text of an object.</summary>
    /// <param name="write">Writes its members.</param>
    /// <param name="indented">Whether over several lines.</param>
    public static string Object(Action<Utf8JsonWriter> write, bool indented = true)
    {
        using var bytes = new MemoryStream();
        var options = new JsonWriterOptions { Indented = indented, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var json = new Utf8JsonWriter(bytes, options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
