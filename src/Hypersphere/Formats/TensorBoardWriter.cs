using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Hypersphere.Formats;

/// <summary>Scalars as a TensorBoard event file: TFRecord framing around hand-encoded Event messages.</summary>
/// <remarks>Record: length (uint64), masked CRC-32C of it, payload, masked CRC-32C of the payload, all little endian. Event: 1 wall_time
/// (double), 2 step (varint), 3 file_version (string) or 5 summary; Summary: 1 value; Value: 1 tag, 2 simple_value (float).</remarks>
public sealed class TensorBoardWriter : IDisposable
{
    /// <summary>Name of the event file inside its folder; TensorBoard looks for "tfevents" in it.</summary>
    public const string FileName = "events.out.tfevents.hypersphere";

    private const int Frame = 16;
    private readonly string _path;
    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _record = new();
    private readonly ArrayBufferWriter<byte> _value = new();
    private readonly ArrayBufferWriter<byte> _summary = new();

    private TensorBoardWriter(string path, FileStream file) => (_path, _file) = (path, file);

    /// <summary>Begins an event file, or goes on with one.</summary>
    /// <param name="folder">Where it lies; must exist.</param>
    /// <param name="resumeStep">Null begins afresh. Otherwise records of later steps, and a last one cut short, are dropped before going
    /// on.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static TensorBoardWriter Open(string folder, long? resumeStep = null)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            FileMode mode = resumeStep is null ? FileMode.Create : FileMode.OpenOrCreate;
            var file = new FileStream(path, mode, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
            var writer = new TensorBoardWriter(path, file);
            file.SetLength(resumeStep is { } step ? KeptLength(file, step) : 0);
            file.Position = file.Length;
            if (file.Length == 0)
            {
                writer.WriteVersion();
            }

            return writer;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.CannotWrite(path, e);
        }
    }

    /// <summary>Writes the values of one step as one event.</summary>
    /// <param name="step">Training step, not decreasing.</param>
    /// <param name="values">Tag and value; a slash in a tag groups charts.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public void Write(long step, params ReadOnlySpan<(string Tag, double Value)> values)
    {
        _summary.ResetWrittenCount();
        foreach ((string tag, double value) in values)
        {
            _value.ResetWrittenCount();
            PutText(_value, 1, tag);
            PutKey(_value, 2, wire: 5);
            BinaryPrimitives.WriteSingleLittleEndian(_value.GetSpan(4), (float)value);
            _value.Advance(4);
            PutBytes(_summary, 1, _value.WrittenSpan);
        }

        Begin(step);
        PutBytes(_record, 5, _summary.WrittenSpan);
        End();
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void WriteVersion()
    {
        Begin(step: 0);
        PutText(_record, 3, "brain.Event:2");
        End();
    }

    private void Begin(long step)
    {
        _record.ResetWrittenCount();
        PutKey(_record, 1, wire: 1);
        double seconds = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;
        BinaryPrimitives.WriteDoubleLittleEndian(_record.GetSpan(8), seconds);
        _record.Advance(8);
        PutKey(_record, 2, wire: 0);
        PutVarint(_record, (ulong)step);
    }

    private void End()
    {
        ReadOnlySpan<byte> payload = _record.WrittenSpan;
        byte[] record = new byte[payload.Length + Frame];
        BinaryPrimitives.WriteInt64LittleEndian(record, payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), MaskedCrc(record.AsSpan(0, 8)));
        payload.CopyTo(record.AsSpan(12));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12 + payload.Length), MaskedCrc(payload));
        try
        {
            _file.Write(record);
        }
        catch (IOException e)
        {
            throw AtomicFile.CannotWrite(_path, e);
        }
    }

    /// <summary>Length of the leading records that are whole and not after <paramref name="step"/>.</summary>
    private static long KeptLength(FileStream file, long step)
    {
        Span<byte> head = stackalloc byte[12], start = stackalloc byte[20];
        long kept = 0;
        while (file.Length - kept > Frame)
        {
            file.Position = kept;
            file.ReadExactly(head);
            long length = BinaryPrimitives.ReadInt64LittleEndian(head);
            bool sound = BinaryPrimitives.ReadUInt32LittleEndian(head[8..]) == MaskedCrc(head[..8])
                && length >= 0 && length <= file.Length - kept - Frame;
            if (!sound || StepOf(start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)]) is not { } at || at > step)
            {
                break;
            }

            kept += length + Frame;
        }

        return kept;
    }

    /// <summary>The step of an event that begins as this writer begins them: wall_time, then step.</summary>
    private static long? StepOf(ReadOnlySpan<byte> start)
    {
        const int StepKey = 9, FirstByte = 10;
        if (start.Length <= FirstByte || start[StepKey] != 16)
        {
            return null;
        }

        ulong value = 0;
        for (int i = FirstByte, shift = 0; i < start.Length; i++, shift += 7)
        {
            value |= (ulong)(start[i] & 0x7f) << shift;
            if (start[i] < 0x80)
            {
                return (long)value;
            }
        }

        return null;
    }

    private static uint MaskedCrc(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in data)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return BitOperations.RotateRight(~crc, 15) + 0xa282ead8;
    }

    private static void PutText(ArrayBufferWriter<byte> to, int field, string text) => PutBytes(to, field, Encoding.UTF8.GetBytes(text));

    private static void PutBytes(ArrayBufferWriter<byte> to, int field, ReadOnlySpan<byte> bytes)
    {
        PutKey(to, field, wire: 2);
        PutVarint(to, (ulong)bytes.Length);
        to.Write(bytes);
    }

    private static void PutKey(ArrayBufferWriter<byte> to, int field, int wire) => PutVarint(to, (ulong)((field << 3) | wire));

    private static void PutVarint(ArrayBufferWriter<byte> to, ulong value)
    {
        Span<byte> bytes = to.GetSpan(10);
        int count = 0;
        for (; value >= 0x80; value >>= 7)
        {
            bytes[count++] = (byte)(value | 0x80);
        }

        bytes[count++] = (byte)value;
        to.Advance(count);
    }
}
