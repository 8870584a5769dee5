namespace Hypersphere.Onnx;

/// <summary>Numbers of the fields in ONNX's messages (github.com/onnx/onnx, onnx.proto) that are read and written here.</summary>
internal static class OnnxField
{
    /// <summary>ModelProto.</summary>
    public const int IrVersion = 1, ProducerName = 2, Graph = 7, OpsetImport = 8, MetadataProperties = 14;

    /// <summary>OperatorSetIdProto.</summary>
    public const int Domain = 1, Version = 2;

    /// <summary>StringStringEntryProto.</summary>
    public const int Key = 1, Value = 2;

    /// <summary>GraphProto.</summary>
    public const int Node = 1, GraphName = 2, Initializer = 5, Input = 11, Output = 12;

    /// <summary>NodeProto.</summary>
    public const int NodeInput = 1, NodeOutput = 2, NodeName = 3, OperatorType = 4, Attribute = 5, NodeDomain = 7;

    /// <summary>AttributeProto.</summary>
    public const int AttributeName = 1, Float = 2, Integer = 3, Text = 4, TensorValue = 5, Floats = 7, Integers = 8, AttributeType = 20;

    /// <summary>TensorProto.</summary>
    public const int Extents = 1, DataType = 2, FloatData = 4, Int32Data = 5, Int64Data = 7, TensorName = 8, RawData = 9, DoubleData = 10,
        ExternalData = 13, DataLocation = 14;

    /// <summary>TensorProto.DataType.</summary>
    public const int FloatType = 1, Int32Type = 6, Int64Type = 7, DoubleType = 11;

    /// <summary>ValueInfoProto, TypeProto, TypeProto.Tensor, TensorShapeProto, its Dimension.</summary>
    public const int ValueName = 1, Type = 2, TensorType = 1, ElementType = 1, Shape = 2, Dimension = 1, DimensionValue = 1, DimensionParameter = 2;
}
