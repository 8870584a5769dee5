using System.Buffers.Binary;
using System.Text;

namespace Hypersphere.Formats;

/// <summary>Reads the few kinds of Python pickles in which verification sets are published: lists, tuples, bytes, numbers, truth values.</summary>
/// <remarks>Protocols 0 to 5. Whatever would make an object or call a function is refused by name; nothing is ever run. Byte strings are
/// views of the file, so memory stays in proportion to it.</remarks>
internal sealed class PickleReader
{
    private static readonly object Mark = new();

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly string _file;
    private readonly List<object?> _stack = [];
    private readonly Dictionary<long, object?> _memo = [];
    private int _at;

    private PickleReader(ReadOnlyMemory<byte> bytes, string file) => (_bytes, _file) = (bytes, file);

    /// <summary>Reads a pickle.</summary>
    /// <returns>null, bool, long, ReadOnlyMemory&lt;byte&gt;, string, or List&lt;object?&gt; for lists and tuples.</returns>
    /// <exception cref="InputException">It is damaged, or asks for something else; the message names the offset.</exception>
    public static object? Read(ReadOnlyMemory<byte> bytes, string file)
    {
        PickleReader reader = new(bytes, file);
        while (reader.Step())
        {
        }

        return reader.Pop();
    }

    private bool Step()
    {
        int start = _at;
        byte code = Take(1).Span[0];
        switch ((char)code)
        {
            case '.': return false;
            case '(': _stack.Add(Mark); return true;
            case '0': Pop(); return true;
            case '1': Above(); return true;
            case 'N': _stack.Add(null); return true;
            case '\u0088': _stack.Add(true); return true;
            case '\u0089': _stack.Add(false); return true;
            case 'J': _stack.Add((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4).Span)); return true;
            case 'K': _stack.Add((long)Take(1).Span[0]); return true;
            case 'M': _stack.Add((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2).Span)); return true;
            case 'I' or 'L': Number(Line(), start); return true;
            case 'U' or 'C': _stack.Add(Take(Take(1).Span[0])); return true;
            case 'T' or 'B': _stack.Add(Take(BinaryPrimitives.ReadUInt32LittleEndian(Take(4).Span))); return true;
            case '\u008e' or '\u0096': _stack.Add(Take(BinaryPrimitives.ReadUInt64LittleEndian(Take(8).Span))); return true;
            case '\u008c': _stack.Add(Text(Take(1).Span[0])); return true;
            case 'X': _stack.Add(Text(BinaryPrimitives.ReadUInt32LittleEndian(Take(4).Span))); return true;
            case ']' or ')': _stack.Add(new List<object?>()); return true;
            case 'l' or 't': _stack.Add(Above()); return true;
            case '\u0085': Tuple(1); return true;
            case '\u0086': Tuple(2); return true;
            case '\u0087': Tuple(3); return true;
            case 'a': Append([Pop()], start); return true;
            case 'e': Append(Above(), start); return true;
            case 'q': _memo[Take(1).Span[0]] = Top(); return true;
            case 'r': _memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4).Span)] = Top(); return true;
            case 'p': _memo[Whole(Line(), start)] = Top(); return true;
            case '\u0094': _memo[_memo.Count] = Top(); return true;
            case 'h': Recall(Take(1).Span[0], start); return true;
            case 'j': Recall(BinaryPrimitives.ReadUInt32LittleEndian(Take(4).Span), start); return true;
            case 'g': Recall(Whole(Line(), start), start); return true;
            case '\u0080': Take(1); return true;
            case '\u0095': Take(8); return true;
            default: throw Refused(code, start);
        }
    }

    /// <summary>00 and 01 are truth values in protocols 0 and 1.</summary>
    private void Number(string line, int start)
    {
        if (line is "00" or "01")
        {
            _stack.Add(line == "01");
        }
        else
        {
            _stack.Add(Whole(line, start));
        }
    }

    private InputException Refused(byte code, int start)
    {
        string what = (char)code switch
        {
            'c' or 'i' => $"asks for {Line()}.{Line()}",
            '\u0093' => $"asks for {string.Join('.', _stack.TakeLast(2).Select(o => o as string ?? "?"))}",
            'R' or 'b' or 'o' or '\u0081' or '\u0092' => "asks to make an object",
            'P' or 'Q' => "asks for an object from elsewhere",
            _ => $"holds something of kind 0x{code:X2}",
        };
        return new InputException($"{_file}: at byte {start} the pickle {what}: refused, and nothing was run; verification sets hold byte strings and truth values only");
    }

    private List<object?> Above()
    {
        int mark = _stack.LastIndexOf(Mark);
        if (mark < 0)
        {
            throw Damaged();
        }

        List<object?> items = _stack[(mark + 1)..];
        _stack.RemoveRange(mark, _stack.Count - mark);
        return items;
    }

    private void Tuple(int count)
    {
        if (_stack.Count < count)
        {
            throw Damaged();
        }

        List<object?> items = _stack[^count..];
        _stack.RemoveRange(_stack.Count - count, count);
        _stack.Add(items);
    }

    private void Append(List<object?> items, int start)
    {
        if (Top() is not List<object?> list)
        {
            throw new InputException($"{_file}: at byte {start} the pickle adds to something that is no list; the file is damaged");
        }

        list.AddRange(items);
    }

    private void Recall(long key, int start) => _stack.Add(_memo.TryGetValue(key, out object? value)
        ? value
        : throw new InputException($"{_file}: at byte {start} the pickle refers to something that is not there; the file is damaged"));

    private object? Pop()
    {
        object? top = Top();
        _stack.RemoveAt(_stack.Count - 1);
        return top;
    }

    private object? Top() => _stack.Count > 0 && _stack[^1] != Mark ? _stack[^1] : throw Damaged();

    /// <summary>A number on a line; a long one ends with L.</summary>
    private long Whole(string line, int start) => long.TryParse(line.TrimEnd('L'), out long value)
        ? value
        : throw new InputException($"{_file}: at byte {start} the pickle holds no number; the file is damaged");

    private string Line()
    {
        int end = _bytes.Span[_at..].IndexOf((byte)'\n');
        if (end is < 0 or > 256)
        {
            throw Damaged();
        }

        string line = Encoding.Latin1.GetString(Take(end).Span);
        Take(1);
        return string.Concat(line.Where(c => !char.IsControl(c)));
    }

    private string Text(ulong length)
    {
        ReadOnlyMemory<byte> bytes = Take(length);
        return Encoding.UTF8.GetString(bytes.Span[..Math.Min(bytes.Length, 256)]);
    }

    private ReadOnlyMemory<byte> Take(ulong count)
    {
        if (count > (ulong)(_bytes.Length - _at))
        {
            throw Damaged();
        }

        ReadOnlyMemory<byte> taken = _bytes.Slice(_at, (int)count);
        _at += (int)count;
        return taken;
    }

    private ReadOnlyMemory<byte> Take(int count) => Take((ulong)count);

    private InputException Damaged() => new($"{_file}: the pickle is damaged or cut off at byte {_at}; get the file again");
}
