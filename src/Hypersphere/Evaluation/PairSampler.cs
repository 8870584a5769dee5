namespace Hypersphere.Evaluation;

/// <summary>Draws distinct pairs of one kind, uniformly among all of that kind, without rejecting by label.</summary>
internal sealed class PairSampler
{
    private readonly int[] _samples;       // rows ordered by class
    private readonly int[] _start;         // first of each class in _samples, and the end
    private readonly long[] _genuine;      // ordered genuine pairs up to and including each class
    private readonly long[] _impostor;     // ordered impostor pairs whose first sample is in a class up to and including this

    public PairSampler(ReadOnlySpan<int> labels)
    {
        ClassIndex index = new(labels);
        (_samples, _start) = (index.Samples, index.Start);
        _genuine = new long[index.Classes];
        _impostor = new long[index.Classes];
        (long genuine, long impostor) = (0, 0);
        for (int c = 0; c < index.Classes; c++)
        {
            long size = index.SizeOf(c);
            _genuine[c] = genuine += size * (size - 1);
            _impostor[c] = impostor += size * (_samples.Length - size);
        }
    }

    public (int First, int Second)[] Draw(bool same, int count, Rng rng)
    {
        long[] cumulative = same ? _genuine : _impostor;
        long available = cumulative.Length == 0 ? 0 : cumulative[^1] / 2;
        if (available < count)
        {
            throw new InputException($"verification pairs: the labels have {available} distinct {(same ? "genuine" : "impostor")} pairs "
                + $"and {count} are asked for; ask for fewer pairs or give {(same ? "more samples per class" : "more classes")}");
        }

        if (available <= 2L * count)
        {
            return Shuffled(same, (int)available, count, rng);
        }

        HashSet<(int First, int Second)> seen = new(count);
        var result = new (int First, int Second)[count];
        for (int filled = 0; filled < count;)
        {
            (int a, int b) = One(same, cumulative, ref rng);
            (int First, int Second) pair = (Math.Min(a, b), Math.Max(a, b));
            if (seen.Add(pair))
            {
                result[filled++] = pair;
            }
        }

        return result;
    }

    private (int First, int Second) One(bool same, long[] cumulative, ref Rng rng)
    {
        long ticket = Math.Min((long)(rng.NextDouble() * cumulative[^1]), cumulative[^1] - 1);
        int found = Array.BinarySearch(cumulative, ticket);
        int c = found >= 0 ? found + 1 : ~found;
        while (cumulative[c] <= ticket)
        {
            c++;        // classes without pairs share their predecessor's total
        }

        (int start, int size) = (_start[c], _start[c + 1] - _start[c]);
        int first = start + rng.NextInt(size);
        int second;
        if (same)
        {
            second = start + rng.NextInt(size - 1);
            second += second >= first ? 1 : 0;
        }
        else
        {
            second = rng.NextInt(_samples.Length - size);
            second += second >= start ? size : 0;
        }

        return (_samples[first], _samples[second]);
    }

    private (int First, int Second)[] Shuffled(bool same, int available, int count, Rng rng)
    {
        var all = new List<(int First, int Second)>(available);
        for (int c = 0; c + 1 < _start.Length; c++)
        {
            for (int i = _start[c]; i < _start[c + 1]; i++)
            {
                (int from, int to) = same ? (i + 1, _start[c + 1]) : (_start[c + 1], _samples.Length);
                for (int j = from; j < to; j++)
                {
                    all.Add((Math.Min(_samples[i], _samples[j]), Math.Max(_samples[i], _samples[j])));
                }
            }
        }

        (int First, int Second)[] pairs = [.. all];
        rng.Shuffle<(int First, int Second)>(pairs);
        return pairs[..count];
    }
}
