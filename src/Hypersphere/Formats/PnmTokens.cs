namespace Hypersphere.Formats;

/// <summary>Numbers between white space and <c># comments</c>.</summary>
internal ref struct PnmTokens(ReadOnlySpan<byte> file, string name)
{
    private readonly ReadOnlySpan<byte> _file = file;
    private int _at;

    public readonly string Name => name;

    public readonly ReadOnlySpan<byte> Rest => _file[_at..];

    public readonly int Left => _file.Length - _at;

    public static bool IsSpace(byte b) => b is 32 or (>= 9 and <= 13);

    /// <summary>The digit behind P.</summary>
    public int Kind()
    {
        _at = 2;
        return _file[1] - '0';
    }

    /// <summary>The one byte of white space between header and image.</summary>
    public void Separator()
    {
        if (_at < _file.Length && IsSpace(_file[_at]))
        {
            _at++;
        }
    }

    /// <summary>0 or 1; digits may stand without space between them.</summary>
    public int Bit()
    {
        SkipSpace();
        if (_at >= _file.Length || _file[_at] is not ((byte)'0' or (byte)'1'))
        {
            throw new InputException($"{name}: damaged PNM: 0 or 1 expected at byte {_at}");
        }

        return _file[_at++] - '0';
    }

    /// <summary>A decimal number in least … most.</summary>
    public int Number(string what, int least, int most)
    {
        SkipSpace();
        int start = _at;
        long value = 0;
        while (_at < _file.Length && _file[_at] is >= (byte)'0' and <= (byte)'9' && value <= most)
        {
            value = (value * 10) + _file[_at++] - '0';
        }

        return _at > start && value >= least && value <= most
            ? (int)value
            : throw new InputException($"{name}: damaged PNM: {what} at byte {start} should be a number from {least} to {most}");
    }

    private void SkipSpace()
    {
        bool comment = false;
        while (_at < _file.Length && (comment || IsSpace(_file[_at]) || _file[_at] == '#'))
        {
            comment = _file[_at] == '#' || (comment && _file[_at] is not (10 or 13));
            _at++;
        }
    }
}
