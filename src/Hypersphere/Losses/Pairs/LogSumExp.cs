using Hypersphere.Ops;

namespace Hypersphere.Losses.Pairs;

/// <summary>log Σ e^x, added one term at a time without overflow; −∞ of nothing.</summary>
internal struct LogSumExp
{
    private double _max;
    private double _rest;   // Σ e^{x − max} without the largest term, so that log(1 + small) keeps its digits

    public LogSumExp() => _max = double.NegativeInfinity;

    /// <summary>Begins with one term: 0 gives log(1 + Σ e^x).</summary>
    public LogSumExp(double first) => _max = first;

    public readonly bool IsEmpty => _max == double.NegativeInfinity;

    public readonly double Value => _max + Smooth.Log1p(_rest);

    public void Add(double x)
    {
        if (x > _max)
        {
            (_rest, _max) = ((_rest + 1) * Math.Exp(_max - x), x);
        }
        else if (x > double.NegativeInfinity)
        {
            _rest += Math.Exp(x - _max);
        }
    }

    /// <summary>Adds what another holds, as of a row done elsewhere.</summary>
    public void Add(LogSumExp other)
    {
        if (other._max > _max)
        {
            (this, other) = (other, this);
        }

        if (other._max > double.NegativeInfinity)
        {
            _rest += (other._rest + 1) * Math.Exp(other._max - _max);
        }
    }

    /// <summary>dValue/dx of a term that was added: e^x / Σ.</summary>
    public readonly double Share(double x) => IsEmpty ? 0 : Math.Exp(x - _max) / (1 + _rest);

    /// <summary>How much of Σ e^x another sum makes up that was added: e^{other − this}.</summary>
    public readonly double ShareOf(in LogSumExp other) =>
        IsEmpty || other.IsEmpty ? 0 : Math.Exp(other._max - _max) * (1 + other._rest) / (1 + _rest);

    /// <summary>Over scale·value of the pairs of one relation.</summary>
    public static LogSumExp Of(ReadOnlySpan<float> values, ReadOnlySpan<Relation> relations, Relation relation, double scale)
    {
        LogSumExp sum = new();
        for (int j = 0; j < values.Length; j++)
        {
            if (relations[j] == relation)
            {
                sum.Add(scale * values[j]);
            }
        }

        return sum;
    }

    /// <summary>Writes slope·share of every pair of one relation.</summary>
    public readonly void Shares(
        ReadOnlySpan<float> values, ReadOnlySpan<Relation> relations, Relation relation, double scale, double slope, Span<float> gradients)
    {
        for (int j = 0; j < values.Length; j++)
        {
            if (relations[j] == relation)
            {
                gradients[j] = (float)(slope * Share(scale * values[j]));
            }
        }
    }
}
