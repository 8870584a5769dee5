using System.Runtime.InteropServices;
using Google.Protobuf;

namespace Hypersphere.Onnx;

/// <summary>Writes ONNX files: weights as raw little-endian float32.</summary>
internal static class OnnxWriter
{
    private const int Format = 8, AttributeOfFloat = 1, AttributeOfInteger = 2, AttributeOfText = 3, AttributeOfTensor = 4, AttributeOfFloats = 6, AttributeOfIntegers = 7;

    public static byte[] ToBytes(OnnxModel model) => Message(file =>
    {
        Number(file, OnnxField.IrVersion, Format);
        Text(file, OnnxField.ProducerName, "hypersphere");
        Bytes(file, OnnxField.Graph, Message(graph => Graph(graph, model)));
        Bytes(file, OnnxField.OpsetImport, Message(opset =>
        {
            Text(opset, OnnxField.Domain, "");
            Number(opset, OnnxField.Version, model.Opset);
        }));
        foreach ((string key, string value) in model.Metadata)
        {
            Bytes(file, OnnxField.MetadataProperties, Message(entry =>
            {
                Text(entry, OnnxField.Key, key);
                Text(entry, OnnxField.Value, value);
            }));
        }
    });

    private static void Graph(CodedOutputStream graph, OnnxModel model)
    {
        foreach (OnnxNode node in model.Nodes)
        {
            Bytes(graph, OnnxField.Node, Message(message => Node(message, node)));
        }

        Text(graph, OnnxField.GraphName, "network");
        foreach ((string name, OnnxTensor tensor) in model.Constants)
        {
            Bytes(graph, OnnxField.Initializer, Message(message => Tensor(message, name, tensor)));
        }

        foreach (OnnxInput input in model.Inputs)
        {
            Bytes(graph, OnnxField.Input, Value(input.Name, input.Extents));
        }

        foreach (string output in model.Outputs)
        {
            Bytes(graph, OnnxField.Output, Value(output, []));
        }
    }

    private static void Node(CodedOutputStream message, OnnxNode node)
    {
        foreach (string input in node.Inputs)
        {
            Text(message, OnnxField.NodeInput, input);
        }

        foreach (string output in node.Outputs)
        {
            Text(message, OnnxField.NodeOutput, output);
        }

        Text(message, OnnxField.NodeName, node.Name);
        Text(message, OnnxField.OperatorType, node.Operator);
        foreach ((string name, OnnxAttribute attribute) in node.Attributes)
        {
            Bytes(message, OnnxField.Attribute, Message(inner => Attribute(inner, name, attribute)));
        }
    }

    private static void Attribute(CodedOutputStream message, string name, OnnxAttribute attribute)
    {
        Text(message, OnnxField.AttributeName, name);
        int type = attribute.Tensor is not null ? AttributeOfTensor : attribute.Text is not null ? AttributeOfText
            : attribute.Real.Length == 1 ? AttributeOfFloat : attribute.Real.Length > 1 ? AttributeOfFloats
            : attribute.Whole.Length == 1 && !IsList(name) ? AttributeOfInteger : AttributeOfIntegers;
        foreach (float value in attribute.Real)
        {
            message.WriteTag(type == AttributeOfFloat ? OnnxField.Float : OnnxField.Floats, WireFormat.WireType.Fixed32);
            message.WriteFloat(value);
        }

        foreach (long value in attribute.Whole)
        {
            Number(message, type == AttributeOfInteger ? OnnxField.Integer : OnnxField.Integers, value);
        }

        if (attribute.Text is { } text)
        {
            Text(message, OnnxField.Text, text);
        }

        if (attribute.Tensor is { } tensor)
        {
            Bytes(message, OnnxField.TensorValue, Message(inner => Tensor(inner, "", tensor)));
        }

        Number(message, OnnxField.AttributeType, type);
    }

    /// <summary>Attributes that are lists even when they hold one number.</summary>
    private static bool IsList(string name) => name is "kernel_shape" or "strides" or "pads" or "dilations" or "axes" or "perm";

    private static void Tensor(CodedOutputStream message, string name, OnnxTensor tensor)
    {
        foreach (int extent in tensor.Extents)
        {
            Number(message, OnnxField.Extents, extent);
        }

        bool shape = tensor.IsShape;
        Number(message, OnnxField.DataType, shape ? OnnxField.Int64Type : OnnxField.FloatType);
        Text(message, OnnxField.TensorName, name);
        if (tensor.Values is { } values)
        {
            Bytes(message, OnnxField.RawData, shape
                ? MemoryMarshal.AsBytes<long>([.. values.Select(v => (long)v)]).ToArray()
                : MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
        }
    }

    private static byte[] Value(string name, int[] extents) => Message(value =>
    {
        Text(value, OnnxField.ValueName, name);
        Bytes(value, OnnxField.Type, Message(type => Bytes(type, OnnxField.TensorType, Message(tensor =>
        {
            Number(tensor, OnnxField.ElementType, OnnxField.FloatType);
            if (extents.Length > 0)
            {
                Bytes(tensor, OnnxField.Shape, Message(shape =>
                {
                    foreach (int extent in extents)
                    {
                        Bytes(shape, OnnxField.Dimension, Message(d => Dimension(d, extent)));
                    }
                }));
            }
        }))));
    });

    private static void Dimension(CodedOutputStream message, int extent)
    {
        if (extent > 0)
        {
            Number(message, OnnxField.DimensionValue, extent);
        }
        else
        {
            Text(message, OnnxField.DimensionParameter, "N");
        }
    }

    private static void Number(CodedOutputStream message, int field, long value)
    {
        message.WriteTag(field, WireFormat.WireType.Varint);
        message.WriteInt64(value);
    }

    private static void Text(CodedOutputStream message, int field, string value)
    {
        message.WriteTag(field, WireFormat.WireType.LengthDelimited);
        message.WriteString(value);
    }

    private static void Bytes(CodedOutputStream message, int field, byte[] value)
    {
        message.WriteTag(field, WireFormat.WireType.LengthDelimited);
        message.WriteBytes(UnsafeByteOperations.UnsafeWrap(value));
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using MemoryStream bytes = new();
        using (CodedOutputStream message = new(bytes, leaveOpen: true))
        {
            write(message);
        }

        return bytes.ToArray();
    }
}
