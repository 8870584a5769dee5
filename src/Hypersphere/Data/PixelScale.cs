using System.Runtime.Intrinsics;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Hypersphere.Data;

/// <summary>Turns bytes into floats as a <see cref="Preprocessing"/> says, (x − mean)/std, a block of the nearest cache at a time.</summary>
internal sealed class PixelScale
{
    private const int PixelsPerBlock = 512;

    private readonly float[] _means, _deviations;
    private readonly bool _reversed;

    public PixelScale(Preprocessing preprocessing, int channels)
    {
        preprocessing.RequireFitting(channels);
        _reversed = preprocessing.Order == ChannelOrder.Bgr;
        int values = PixelsPerBlock * channels;
        _means = [.. Enumerable.Range(0, values).Select(i => preprocessing.Mean[i % channels % preprocessing.Mean.Count])];
        _deviations = [.. Enumerable.Range(0, values).Select(i => preprocessing.Std[i % channels % preprocessing.Std.Count])];
    }

    /// <summary>Converts whole pixels.</summary>
    public void Apply(ReadOnlySpan<byte> bytes, Span<float> floats)
    {
        for (int i = 0; i < bytes.Length; i += _means.Length)
        {
            int count = Math.Min(_means.Length, bytes.Length - i);
            Span<float> block = floats.Slice(i, count);
            Widen(bytes.Slice(i, count), block);
            for (int p = 0; _reversed && p < count; p += 3)
            {
                (block[p], block[p + 2]) = (block[p + 2], block[p]);
            }

            TensorPrimitives.Subtract(block, _means.AsSpan(0, count), block);
            TensorPrimitives.Divide(block, _deviations.AsSpan(0, count), block);
        }
    }

    private static void Widen(ReadOnlySpan<byte> bytes, Span<float> floats)
    {
        int i = 0;
        for (; i <= bytes.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(Vector128.Create(bytes.Slice(i, Vector128<byte>.Count)));
            Store(low, floats[i..]);
            Store(high, floats[(i + Vector128<ushort>.Count)..]);
        }

        for (; i < bytes.Length; i++)
        {
            floats[i] = bytes[i];
        }
    }

    private static void Store(Vector128<ushort> values, Span<float> floats)
    {
        (Vector128<uint> low, Vector128<uint> high) = Vector128.Widen(values);
        Vector128.ConvertToSingle(low.AsInt32()).CopyTo(floats);
        Vector128.ConvertToSingle(high.AsInt32()).CopyTo(floats[Vector128<uint>.Count..]);
    }
}
