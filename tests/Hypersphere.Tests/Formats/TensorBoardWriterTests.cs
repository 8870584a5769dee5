using System.Text;
using Hypersphere.Formats;

namespace Formats;

public sealed class TensorBoardWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string EventFile => _folder.File(TensorBoardWriter.FileName);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EventsDecodeToWhatWasWritten()
    {
        using (var writer = TensorBoardWriter.Open(_folder.FullName))
        {
            writer.Write(1, ("train/loss", 0.5), ("train/learning rate", 0.1));
            writer.Write(300_000_000_000, ("train/loss", double.NaN));
        }

        List<Event> events = Decode(File.ReadAllBytes(EventFile));
        Assert.Equal("brain.Event:2", events[0].FileVersion);
        Assert.Equal(3, events.Count);
        Assert.Equal((1L, 0.5f, 0.1f), (events[1].Step, events[1].Scalars["train/loss"], events[1].Scalars["train/learning rate"]));
        Assert.Equal(300_000_000_000, events[2].Step);
        Assert.True(float.IsNaN(events[2].Scalars["train/loss"]));
        Assert.InRange(events[1].Seconds, 1.6e9, 1e11);
    }

    [Fact]
    public void ResumeDropsLaterAndBrokenRecords()
    {
        using (var writer = TensorBoardWriter.Open(_folder.FullName))
        {
            for (int step = 1; step <= 500; step++)
            {
                writer.Write(step, ("loss", step));
            }
        }

        using (FileStream file = new(EventFile, FileMode.Append))
        {
            file.Write([1, 2, 3]);
        }

        using (var writer = TensorBoardWriter.Open(_folder.FullName, resumeStep: 300))
        {
            writer.Write(301, ("loss", -1));
        }

        List<Event> events = Decode(File.ReadAllBytes(EventFile));
        Assert.Equal([0L, .. Enumerable.Range(1, 301).Select(i => (long)i)], events.Select(e => e.Step));
        Assert.Equal(-1f, events[^1].Scalars["loss"]);
        Assert.Single(events, e => e.FileVersion is not null);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(40)]
    public void ResumeGoesOnAfterACutAnywhere(int cut)
    {
        using (var writer = TensorBoardWriter.Open(_folder.FullName))
        {
            writer.Write(1, ("loss", 1));
            writer.Write(2, ("loss", 2));
        }

        byte[] whole = File.ReadAllBytes(EventFile);
        File.WriteAllBytes(EventFile, whole[..^cut]);
        using (var writer = TensorBoardWriter.Open(_folder.FullName, resumeStep: 5))
        {
            writer.Write(6, ("loss", 6));
        }

        Assert.Equal(6, Decode(File.ReadAllBytes(EventFile))[^1].Step);
    }

    [Fact]
    public void ResumeWithoutAFileBeginsOne()
    {
        TensorBoardWriter.Open(_folder.FullName, resumeStep: 10).Dispose();
        Assert.Equal("brain.Event:2", Decode(File.ReadAllBytes(EventFile))[0].FileVersion);
    }

    private sealed record Event(double Seconds, long Step, string? FileVersion, Dictionary<string, float> Scalars);

    /// <summary>A second reading of the format, from its description: table-driven CRC, generic protobuf fields.</summary>
    private static List<Event> Decode(byte[] file)
    {
        var events = new List<Event>();
        using var reader = new BinaryReader(new MemoryStream(file));
        while (reader.BaseStream.Position < file.Length)
        {
            byte[] length = reader.ReadBytes(8);
            Assert.Equal(Masked(length), reader.ReadUInt32());
            byte[] payload = reader.ReadBytes((int)BitConverter.ToInt64(length));
            Assert.Equal(Masked(payload), reader.ReadUInt32());
            List<(int Field, object Value)> fields = Fields(payload);
            var scalars = new Dictionary<string, float>();
            foreach (byte[] summary in fields.Where(f => f.Field == 5).Select(f => (byte[])f.Value))
            {
                foreach ((int field, object value) in Fields(summary))
                {
                    Assert.Equal(1, field);
                    Dictionary<int, object> entry = Fields((byte[])value).ToDictionary(f => f.Field, f => f.Value);
                    scalars.Add(Encoding.UTF8.GetString((byte[])entry[1]), (float)entry[2]);
                }
            }

            object? version = fields.FirstOrDefault(f => f.Field == 3).Value;
            events.Add(new Event(
                (double)fields.Single(f => f.Field == 1).Value,
                (long)fields.Single(f => f.Field == 2).Value,
                version is byte[] text ? Encoding.UTF8.GetString(text) : null,
                scalars));
        }

        return events;
    }

    private static List<(int Field, object Value)> Fields(byte[] message)
    {
        var fields = new List<(int, object)>();
        using var reader = new BinaryReader(new MemoryStream(message));
        while (reader.BaseStream.Position < message.Length)
        {
            int key = reader.Read7BitEncodedInt();
            fields.Add((key >> 3, (key & 7) switch
            {
                0 => reader.Read7BitEncodedInt64(),
                1 => reader.ReadDouble(),
                2 => reader.ReadBytes(reader.Read7BitEncodedInt()),
                5 => reader.ReadSingle(),
                int other => throw new InvalidDataException($"wire type {other}"),
            }));
        }

        return fields;
    }

    private static uint Masked(byte[] data)
    {
        uint crc = ~0u;
        foreach (byte b in data)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0x82F63B78);
            }
        }

        crc = ~crc;
        return ((crc >> 15) | (crc << 17)) + 0xa282ead8;
    }
}
