namespace Hypersphere.Data;

/// <summary>Every image four times: as it is, and turned by 90°, 180° and 270°, each turn being classes of its own.</summary>
internal sealed class TurnedImages : ImageSource
{
    private const int Turns = 4;

    private readonly ImageSource _source;

    public TurnedImages(ImageSource source)
        : base(
            source.Origin, checked(source.Count * Turns), new(source.Height, source.Width, source.Channels),
            [.. Enumerable.Range(0, Turns).SelectMany(turn => source.ClassNames.Select(name => Named(name, turn)))])
    {
        _source = source.Height == source.Width ? source : throw new InputException(
            $"{source.Origin}: images are {source.DescribeShape()}, which turned would have another size; give --size with equal sides.");
    }

    public override int Label(int index) => (index / _source.Count * _source.ClassNames.Count) + _source.Label(index % _source.Count);

    public override string Name(int index) => Named(_source.Name(index % _source.Count), index / _source.Count);

    protected override void Fill(int index, Span<byte> pixels)
    {
        int turn = index / _source.Count, side = Height, channels = Channels;
        if (turn == 0)
        {
            _source.Read(index, pixels);
            return;
        }

        byte[] upright = new byte[pixels.Length];
        _source.Read(index % _source.Count, upright);
        for (int y = 0; y < side; y++)
        {
            for (int x = 0; x < side; x++)
            {
                (int fromY, int fromX) = turn switch
                {
                    1 => (x, side - 1 - y),
                    2 => (side - 1 - y, side - 1 - x),
                    _ => (side - 1 - x, y),
                };
                upright.AsSpan(((fromY * side) + fromX) * channels, channels).CopyTo(pixels[(((y * side) + x) * channels)..]);
            }
        }
    }

    private static string Named(string name, int turn) => turn == 0 ? name : $"{name} turned by {90 * turn}°";
}
