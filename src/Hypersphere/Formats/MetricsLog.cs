using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Hypersphere.Formats;

/// <summary>metrics.jsonl: one JSON object a line, <c>{"step":100,"loss":0.81,…}</c>, on the disk's queue as soon as it is
/// written.</summary>
public sealed class MetricsLog : IDisposable
{
    private readonly string _path;
    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly Utf8JsonWriter _json;

    private MetricsLog(string path, FileStream file)
    {
        (_path, _file) = (path, file);
        _json = new Utf8JsonWriter(_line);
    }

    /// <summary>Begins a log, or goes on with one.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="resumeStep">Null begins afresh. Otherwise lines of later steps, and a last one cut short, are dropped before going
    /// on.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static MetricsLog Open(string path, long? resumeStep = null)
    {
        try
        {
            FileMode mode = resumeStep is null ? FileMode.Create : FileMode.OpenOrCreate;
            var file = new FileStream(path, mode, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
            file.SetLength(resumeStep is { } step ? KeptLength(file, step) : 0);
            file.Position = file.Length;
            return new MetricsLog(path, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.CannotWrite(path, e);
        }
    }

    /// <summary>Writes one line.</summary>
    /// <param name="step">Training step, not decreasing.</param>
    /// <param name="values">Name and value; what is not finite is written as null, since JSON has no word for it.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public void Write(long step, params ReadOnlySpan<(string Name, double Value)> values)
    {
        _line.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteNumber("step"u8, step);
        foreach ((string name, double value) in values)
        {
            if (double.IsFinite(value))
            {
                _json.WriteNumber(name, value);
            }
            else
            {
                _json.WriteNull(name);
            }
        }

        _json.WriteEndObject();
        _json.Flush();
        _line.Write("\n"u8);
        try
        {
            _file.Write(_line.WrittenSpan);
        }
        catch (IOException e)
        {
            throw AtomicFile.CannotWrite(_path, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _json.Dispose();
        _file.Dispose();
    }

    /// <summary>Length of the leading lines that are whole and not after <paramref name="step"/>.</summary>
    private static long KeptLength(FileStream file, long step)
    {
        long kept = 0;
        using var reader = new StreamReader(file, Encoding.Latin1, leaveOpen: true); // a byte a character, so lengths are offsets
        while (reader.ReadLine() is { } line && StepOf(line) is { } at && at <= step && kept + line.Length < file.Length)
        {
            kept += line.Length + 1;
        }

        return kept;
    }

    private static long? StepOf(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("step"u8, out JsonElement step)
                && step.ValueKind == JsonValueKind.Number && step.TryGetInt64(out long at)
                ? at : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
