namespace Hypersphere.Data;

/// <summary>Cards dealt without end: shuffled, and shuffled again when all have been dealt.</summary>
internal sealed class Deck
{
    private readonly int[] _cards;
    private Rng _random;
    private int _next;

    public Deck(IEnumerable<int> cards, Rng random)
    {
        (_cards, _random) = ([.. cards], random);
        _random.Shuffle(_cards.AsSpan());
    }

    public int Count => _cards.Length;

    /// <summary>The next card.</summary>
    public int Deal()
    {
        if (_next == _cards.Length)
        {
            _random.Shuffle(_cards.AsSpan());
            _next = 0;
        }

        return _cards[_next++];
    }

    /// <summary>The next <paramref name="count"/> cards, all different as long as there are that many.</summary>
    public int[] Deal(int count)
    {
        List<int> hand = [];
        HashSet<int> held = [];
        List<int> put = [];
        while (hand.Count < Math.Min(count, _cards.Length))
        {
            int card = Deal();
            (held.Add(card) ? hand : put).Add(card);
        }

        PutBack(put);
        while (hand.Count < count)
        {
            hand.Add(Deal());
        }

        return [.. hand];
    }

    /// <summary>Cards of this round that the hand already held from the round before are dealt next.</summary>
    private void PutBack(List<int> cards)
    {
        int[] dealt = [.. _cards.Take(_next).Where(c => !cards.Contains(c)), .. cards];
        dealt.CopyTo(_cards, 0);
        _next -= cards.Count;
    }
}
