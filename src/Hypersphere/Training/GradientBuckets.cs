using Hypersphere.Collectives;
using Hypersphere.Tensors;

namespace Hypersphere.Training;

/// <summary>Adds up a network's gradients over the ranks, some MiB at a time, while the way back still goes on.</summary>
/// <remarks>The first step shows how often each gradient is written, and in which order they are complete; the following ones hand over a bucket
/// as soon as it is, but for the last. The order is that of the tape, hence the same on all ranks.</remarks>
/// <param name="ranks">The ranks.</param>
/// <param name="parameters">Whose gradients; others are left alone.</param>
/// <param name="length">Numbers that a bucket has at least.</param>
internal sealed class GradientBuckets(OrderedCollective ranks, IEnumerable<NamedParameter> parameters, int length = 1 << 20)
{
    private readonly HashSet<Tensor> _tracked = [.. parameters.Select(p => p.Parameter.Value)];
    private readonly Dictionary<Tensor, int> _expected = [];
    private readonly Dictionary<Tensor, int> _missing = [];
    private readonly List<Tensor> _order = [];
    private readonly List<Tensor[]> _buckets = [];
    private float[] _buffer = [];
    private int _posted;

    /// <summary>A step of the way back wrote (a part of) a gradient.</summary>
    public void Written(Tensor parameter)
    {
        if (!_tracked.Contains(parameter))
        {
            return;
        }

        if (_buckets.Count == 0)
        {
            _expected[parameter] = _expected.GetValueOrDefault(parameter) + 1;
            _order.Remove(parameter);
            _order.Add(parameter);
            return;
        }

        if (--_missing[parameter] < 0)
        {
            throw new InvalidOperationException("a gradient was written after it had been added up over the ranks: the network computes otherwise than in its first step.");
        }

        while (_posted < _buckets.Count - 1 && Array.TrueForAll(_buckets[_posted], p => _missing[p] == 0))
        {
            Tensor[] bucket = _buckets[_posted++];
            ranks.Post(all => Sum(all, bucket));
        }
    }

    /// <summary>Waits for what was handed over, and adds up the rest here: nothing is left to do meanwhile.</summary>
    public void Finish()
    {
        if (_buckets.Count == 0)
        {
            Divide();
        }

        while (_posted < _buckets.Count)
        {
            Sum(ranks, _buckets[_posted++]);
        }

        _posted = 0;
        foreach ((Tensor parameter, int count) in _expected)
        {
            _missing[parameter] = count;
        }
    }

    private void Divide()
    {
        List<Tensor> bucket = [];
        foreach (Tensor parameter in _order)
        {
            bucket.Add(parameter);
            if (bucket.Sum(p => (long)p.Count) >= length)
            {
                _buckets.Add([.. bucket]);
                bucket.Clear();
            }
        }

        if (bucket.Count > 0)
        {
            _buckets.Add([.. bucket]);
        }
    }

    private void Sum(ICollective all, Tensor[] bucket)
    {
        Tensor[] gradients = [.. bucket.Where(p => p.Gradient is not null).Select(p => p.Gradient!)];
        if (gradients is [var only])
        {
            all.AllReduceSum(only.Span);
            return;
        }

        int count = gradients.Sum(g => g.Count);
        _buffer = _buffer.Length >= count ? _buffer : new float[count];
        Span<float> joined = _buffer.AsSpan(0, count), rest = joined;
        foreach (Tensor gradient in gradients)
        {
            gradient.Span.CopyTo(rest);
            rest = rest[gradient.Count..];
        }

        all.AllReduceSum(joined);
        foreach (Tensor gradient in gradients)
        {
            joined[..gradient.Count].CopyTo(gradient.Span);
            joined = joined[gradient.Count..];
        }
    }
}
