using System.Text.Json;

namespace Hypersphere.Formats;

/// <summary>Reads the JSON header and checks every claim in it against the length of the file.</summary>
internal ref struct SafetensorsHeader
{
    public const string MetadataKey = "__metadata__";
    private const int Depth = 4;
    private readonly string _path;
    private readonly long _dataStart;
    private readonly long _dataLength;
    private Utf8JsonReader _json;

    private SafetensorsHeader(ReadOnlySpan<byte> header, string path, long dataStart, long dataLength)
    {
        _path = path;
        _dataStart = dataStart;
        _dataLength = dataLength;
        _json = new Utf8JsonReader(header, new JsonReaderOptions { MaxDepth = Depth });
    }

    /// <summary>Parses a header.</summary>
    /// <param name="header">Its bytes, padding included.</param>
    /// <param name="path">Named in errors.</param>
    /// <param name="dataStart">File offset of the byte after the header.</param>
    /// <param name="dataLength">Bytes that the file has after the header.</param>
    public static (Dictionary<string, string> Metadata, List<SafetensorsEntry> Entries) Parse(
        ReadOnlySpan<byte> header, string path, long dataStart, long dataLength)
    {
        var parser = new SafetensorsHeader(header, path, dataStart, dataLength);
        try
        {
            return parser.Parse();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InputException($"{path}: not a safetensors file: its header is not valid JSON. Save or download it again.", e);
        }
    }

    private (Dictionary<string, string> Metadata, List<SafetensorsEntry> Entries) Parse()
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var entries = new List<SafetensorsEntry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        Expect(JsonTokenType.StartObject, "the header");
        while (NextName() is { } name)
        {
            if (!names.Add(name))
            {
                throw Bad($"the entry {Shorten(name)} is there twice");
            }

            if (name == MetadataKey)
            {
                ReadMetadata(metadata);
            }
            else
            {
                entries.Add(ReadEntry(name));
            }
        }

        if (_json.Read())
        {
            throw Bad("something follows the header's closing brace");
        }

        CheckLayout(entries);
        return (metadata, entries);
    }

    private void ReadMetadata(Dictionary<string, string> metadata)
    {
        Expect(JsonTokenType.StartObject, MetadataKey);
        while (NextName() is { } key)
        {
            Expect(JsonTokenType.String, MetadataKey);
            if (!metadata.TryAdd(key, _json.GetString()!))
            {
                throw Bad($"the metadata key {Shorten(key)} is there twice");
            }
        }
    }

    private SafetensorsEntry ReadEntry(string name)
    {
        string where = Shorten(name);
        SafetensorsType? type = null;
        List<long>? shape = null, offsets = null;
        Expect(JsonTokenType.StartObject, where);
        while (NextName() is { } key)
        {
            switch (key)
            {
                case "dtype" when type is null:
                    Expect(JsonTokenType.String, where);
                    type = ReadType(where);
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers(where);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers(where);
                    break;
                default:
                    throw Bad($"{where} has an unexpected or repeated field {Shorten(key)}");
            }
        }

        if (type is not { } known || shape is null || offsets is not [var begin, var end])
        {
            throw Bad($"{where} lacks its dtype, shape or data_offsets");
        }

        return Check(new SafetensorsEntry(name, known, shape, _dataStart + begin, Product(shape, where)), where, begin, end);
    }

    private readonly SafetensorsEntry Check(SafetensorsEntry entry, string where, long begin, long end)
    {
        if (end < begin || end > _dataLength)
        {
            throw Bad($"{where} claims bytes {begin} to {end} of {_dataLength} that are there");
        }

        if (entry.Count > _dataLength || entry.Count * entry.ElementSize != end - begin)
        {
            throw Bad($"{where} has {end - begin} bytes, which its shape [{string.Join(", ", entry.Shape.Take(8))}] of {entry.Type} does not fill");
        }

        return entry;
    }

    private readonly void CheckLayout(List<SafetensorsEntry> entries)
    {
        long next = _dataStart;
        foreach (SafetensorsEntry entry in entries.OrderBy(e => e.Offset).ThenBy(e => e.Count))
        {
            if (entry.Offset != next)
            {
                throw Bad($"{Shorten(entry.Name)} begins at byte {entry.Offset - _dataStart} of the data but {next - _dataStart} was expected");
            }

            next += entry.Count * entry.ElementSize;
        }

        if (next != _dataStart + _dataLength)
        {
            throw Bad($"its arrays end at byte {next - _dataStart} of {_dataLength}");
        }
    }

    private readonly SafetensorsType ReadType(string where) => _json.GetString() switch
    {
        "F32" => SafetensorsType.F32,
        "F64" => SafetensorsType.F64,
        "I32" => SafetensorsType.I32,
        "I64" => SafetensorsType.I64,
        "U8" => SafetensorsType.U8,
        var other => throw Bad($"{where} is of dtype {Shorten(other!)}; only F32, F64, I32, I64 and U8 can be read"),
    };

    private List<long> ReadNumbers(string where)
    {
        var numbers = new List<long>();
        Expect(JsonTokenType.StartArray, where);
        while (_json.Read() && _json.TokenType == JsonTokenType.Number)
        {
            if (!_json.TryGetInt64(out long number) || number < 0)
            {
                throw Bad($"{where} has a size or offset that is not a whole number from 0");
            }

            numbers.Add(number);
        }

        return _json.TokenType == JsonTokenType.EndArray ? numbers : throw Bad($"{where} has a size or offset that is not a number");
    }

    private readonly long Product(List<long> shape, string where)
    {
        if (shape.Contains(0))
        {
            return 0;
        }

        UInt128 product = 1;
        foreach (long size in shape)
        {
            product *= (ulong)size;
            if (product > (ulong)_dataLength)
            {
                throw Bad($"{where} claims more elements than the file has bytes");
            }
        }

        return (long)product;
    }

    /// <summary>The next property's name, or null at the end of the object.</summary>
    private string? NextName()
    {
        if (!_json.Read() || _json.TokenType == JsonTokenType.EndObject)
        {
            return null;
        }

        return _json.GetString();
    }

    private void Expect(JsonTokenType type, string where)
    {
        if (!_json.Read() || _json.TokenType != type)
        {
            throw Bad($"{where} is not what the format asks for");
        }
    }

    private static string Shorten(string name) => name.Length <= 80 ? $"“{name}”" : $"“{name[..77]}…”";

    private readonly InputException Bad(string what) =>
        new($"{_path}: damaged safetensors file: {new string([.. what.Select(c => char.IsControl(c) ? '?' : c)])}. Save or download it again.");
}
