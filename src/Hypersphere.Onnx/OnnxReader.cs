using System.Buffers.Binary;
using Google.Protobuf;
using static Hypersphere.Onnx.WireMessage;

namespace Hypersphere.Onnx;

/// <summary>Reads ONNX files. Unknown fields are passed over; nothing is believed about a length before the bytes are there.</summary>
/// <param name="file">The file's name, for messages.</param>
internal sealed class OnnxReader(string file)
{
    private const int LargestFile = 1 << 30, MostNodes = 100_000;

    private readonly List<OnnxNode> _nodes = [];
    private readonly Dictionary<string, OnnxTensor> _constants = new(StringComparer.Ordinal);
    private readonly List<OnnxInput> _inputs = [];
    private readonly List<string> _outputs = [];
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private long _opset;

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">It cannot be read, is damaged, or no ONNX file.</exception>
    public static OnnxModel Load(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            if (stream.Length is 0 or > LargestFile)
            {
                throw new InputException($"{path}: is {stream.Length} bytes long; an ONNX file has from 1 byte to {LargestFile}");
            }

            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return Read(bytes, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read ({e.Message.Split('\n')[0]})", e);
        }
    }

    /// <summary>Reads a file's bytes.</summary>
    /// <exception cref="InputException">They are damaged, or no ONNX file; the message says how far they could be read.</exception>
    public static OnnxModel Read(byte[] bytes, string file)
    {
        CodedInputStream input = new(bytes);
        try
        {
            return new OnnxReader(file).Model(input);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new InputException($"{file}: is no ONNX file, or damaged, at byte {input.Position} ({e.Message.Split('\n')[0]})", e);
        }
    }

    private OnnxModel Model(CodedInputStream model)
    {
        bool graph = false;
        Fields(model, (field, _, input) =>
        {
            switch (field)
            {
                case OnnxField.Graph: graph = true; Graph(Sub(input)); return true;
                case OnnxField.OpsetImport: Opset(Sub(input)); return true;
                case OnnxField.MetadataProperties: Metadata(Sub(input)); return true;
                default: return false;
            }
        });
        return graph && _nodes.Count > 0
            ? new OnnxModel(_opset, _nodes, _constants, [.. _inputs.Where(i => !_constants.ContainsKey(i.Name))], _outputs, _metadata)
            : throw new InputException($"{file}: holds no network; is it an ONNX file?");
    }

    private void Opset(CodedInputStream message)
    {
        (string domain, long version) = ("", 0);
        Fields(message, (field, _, input) =>
        {
            switch (field)
            {
                case OnnxField.Domain: domain = input.ReadString(); return true;
                case OnnxField.Version: version = input.ReadInt64(); return true;
                default: return false;
            }
        });
        _opset = domain is "" or "ai.onnx" ? version : _opset;
    }

    private void Metadata(CodedInputStream message)
    {
        (string key, string value) = ("", "");
        Fields(message, (field, _, input) =>
        {
            switch (field)
            {
                case OnnxField.Key: key = input.ReadString(); return true;
                case OnnxField.Value: value = input.ReadString(); return true;
                default: return false;
            }
        });
        _metadata[key] = value;
    }

    private void Graph(CodedInputStream message) => Fields(message, (field, _, input) =>
    {
        switch (field)
        {
            case OnnxField.Node when _nodes.Count < MostNodes: _nodes.Add(Node(Sub(input))); return true;
            case OnnxField.Node: throw new InputException($"{file}: has more than {MostNodes} operations");
            case OnnxField.Initializer:
                (string name, OnnxTensor tensor) = Tensor(Sub(input));
                return _constants.TryAdd(name, tensor) ? true : throw new InputException($"{file}: holds the constant '{name}' twice");
            case OnnxField.Input: _inputs.Add(Value(Sub(input))); return true;
            case OnnxField.Output: _outputs.Add(Value(Sub(input)).Name); return true;
            default: return false;
        }
    });

    private OnnxNode Node(CodedInputStream message)
    {
        (string type, string name, string domain) = ("", "", "");
        List<string> inputs = [], outputs = [];
        Dictionary<string, OnnxAttribute> attributes = new(StringComparer.Ordinal);
        Fields(message, (field, _, input) =>
        {
            switch (field)
            {
                case OnnxField.NodeInput: inputs.Add(input.ReadString()); return true;
                case OnnxField.NodeOutput: outputs.Add(input.ReadString()); return true;
                case OnnxField.NodeName: name = input.ReadString(); return true;
                case OnnxField.OperatorType: type = input.ReadString(); return true;
                case OnnxField.NodeDomain: domain = input.ReadString(); return true;
                case OnnxField.Attribute: (string key, OnnxAttribute value) = Attribute(Sub(input)); attributes[key] = value; return true;
                default: return false;
            }
        });
        return new OnnxNode(domain is "" or "ai.onnx" ? type : $"{domain}.{type}", name, inputs, outputs, attributes);
    }

    private (string Name, OnnxAttribute Value) Attribute(CodedInputStream message)
    {
        (string name, string? text, OnnxTensor? tensor) = ("", null, null);
        List<long> whole = [];
        List<float> real = [];
        Fields(message, (field, wire, input) =>
        {
            switch (field)
            {
                case OnnxField.AttributeName: name = input.ReadString(); return true;
                case OnnxField.Float: real.Add(input.ReadFloat()); return true;
                case OnnxField.Integer: whole.Add(input.ReadInt64()); return true;
                case OnnxField.Text: text = input.ReadBytes().ToStringUtf8(); return true;
                case OnnxField.TensorValue: tensor = Tensor(Sub(input)).Tensor; return true;
                case OnnxField.Floats: Packed(wire, input, real, i => i.ReadFloat()); return true;
                case OnnxField.Integers: Packed(wire, input, whole, i => i.ReadInt64()); return true;
                default: return false;
            }
        });
        return (name, new OnnxAttribute([.. whole], [.. real], text, tensor));
    }

    private (string Name, OnnxTensor Tensor) Tensor(CodedInputStream message)
    {
        string name = "";
        long type = 0;
        bool external = false;
        ByteString raw = ByteString.Empty;
        List<long> extents = [], whole = [];
        List<float> real = [];
        Fields(message, (field, wire, input) =>
        {
            switch (field)
            {
                case OnnxField.Extents: Packed(wire, input, extents, i => i.ReadInt64()); return true;
                case OnnxField.DataType: type = input.ReadInt64(); return true;
                case OnnxField.FloatData: Packed(wire, input, real, i => i.ReadFloat()); return true;
                case OnnxField.DoubleData: Packed(wire, input, real, i => (float)i.ReadDouble()); return true;
                case OnnxField.Int32Data or OnnxField.Int64Data: Packed(wire, input, whole, i => i.ReadInt64()); return true;
                case OnnxField.TensorName: name = input.ReadString(); return true;
                case OnnxField.RawData: raw = input.ReadBytes(); return true;
                case OnnxField.DataLocation: external = input.ReadInt64() == 1; return true;
                default: return false;
            }
        });
        if (external)
        {
            throw new InputException($"{file}: the numbers of '{name}' lie in another file; save the model with its weights inside");
        }

        float[]? values = raw.IsEmpty ? real.Count > 0 ? [.. real] : whole.Count > 0 ? [.. whole.Select(w => (float)w)] : null : FromBytes(raw.Span, type, name);
        if (extents.Count > 8 || extents.Any(e => e is < 0 or > int.MaxValue) || extents.Aggregate(1.0, (a, b) => a * b) > int.MaxValue)
        {
            throw new InputException($"{file}: '{name}' claims a shape of [{string.Join(", ", extents.Take(9))}]; the file is damaged");
        }

        OnnxTensor tensor = new([.. extents.Select(e => (int)e)], values, type == OnnxField.Int64Type);
        return values is null || values.Length == tensor.Count
            ? (name, tensor)
            : throw new InputException($"{file}: '{name}' claims {tensor.Count} numbers and holds {values.Length}; the file is damaged");
    }

    private float[] FromBytes(ReadOnlySpan<byte> raw, long type, string name)
    {
        int size = type switch
        {
            OnnxField.FloatType or OnnxField.Int32Type => 4,
            OnnxField.Int64Type or OnnxField.DoubleType => 8,
            _ => throw new InputException($"{file}: '{name}' holds numbers of ONNX's type {type}; float32, float64, int32 and int64 can be read"),
        };
        if (raw.Length % size != 0)
        {
            throw new InputException($"{file}: '{name}' has {raw.Length} bytes, no multiple of {size}; the file is damaged");
        }

        float[] values = new float[raw.Length / size];
        for (int i = 0; i < values.Length; i++)
        {
            ReadOnlySpan<byte> at = raw.Slice(i * size, size);
            values[i] = type switch
            {
                OnnxField.FloatType => BinaryPrimitives.ReadSingleLittleEndian(at),
                OnnxField.DoubleType => (float)BinaryPrimitives.ReadDoubleLittleEndian(at),
                OnnxField.Int32Type => BinaryPrimitives.ReadInt32LittleEndian(at),
                _ => BinaryPrimitives.ReadInt64LittleEndian(at),
            };
        }

        return values;
    }

    private static OnnxInput Value(CodedInputStream message)
    {
        string name = "";
        List<int> extents = [];
        Fields(message, (field, _, input) =>
        {
            switch (field)
            {
                case OnnxField.ValueName: name = input.ReadString(); return true;
                case OnnxField.Type: Nested(Sub(input), [OnnxField.TensorType, OnnxField.Shape, OnnxField.Dimension], d => extents.Add(Extent(d))); return true;
                default: return false;
            }
        });
        return new OnnxInput(name, [.. extents]);
    }

    private static int Extent(CodedInputStream message)
    {
        long extent = 0;
        Fields(message, (field, _, input) =>
        {
            if (field != OnnxField.DimensionValue)
            {
                return false;
            }

            extent = input.ReadInt64();
            return true;
        });
        return extent is > 0 and <= int.MaxValue ? (int)extent : 0;
    }
}
