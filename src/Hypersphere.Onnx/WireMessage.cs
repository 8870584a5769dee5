using Google.Protobuf;

namespace Hypersphere.Onnx;

/// <summary>Messages of the protobuf wire format, visited a field at a time, without a schema.</summary>
internal static class WireMessage
{
    /// <summary>Descends along a path of messages and visits each that the last field holds.</summary>
    public static void Nested(CodedInputStream message, int[] path, Action<CodedInputStream> visit) => Fields(message, (field, _, input) =>
    {
        if (field != path[0])
        {
            return false;
        }

        if (path.Length == 1)
        {
            visit(Sub(input));
        }
        else
        {
            Nested(Sub(input), path[1..], visit);
        }

        return true;
    });

    /// <summary>A message inside a message; its bytes are there already.</summary>
    public static CodedInputStream Sub(CodedInputStream input) => input.ReadBytes().CreateCodedInput();

    /// <summary>One number, or many packed together.</summary>
    public static void Packed<T>(WireFormat.WireType wire, CodedInputStream input, List<T> values, Func<CodedInputStream, T> read)
    {
        if (wire != WireFormat.WireType.LengthDelimited)
        {
            values.Add(read(input));
            return;
        }

        CodedInputStream packed = Sub(input);
        while (!packed.IsAtEnd)
        {
            values.Add(read(packed));
        }
    }

    /// <summary>Visits the fields of a message; those that are not read are passed over.</summary>
    public static void Fields(CodedInputStream input, Func<int, WireFormat.WireType, CodedInputStream, bool> read)
    {
        uint tag;
        while ((tag = input.ReadTag()) != 0)
        {
            if (!read(WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag), input))
            {
                input.SkipLastField();
            }
        }
    }
}
