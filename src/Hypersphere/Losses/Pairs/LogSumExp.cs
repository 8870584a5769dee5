namespace Hypersphere.Losses.Pairs;

/// <summary>log Σ e^x, added one term at a time without overflow; −∞ of nothing.</summary>
internal struct LogSumExp
{
    private double _max;
    private double _sum;

    public LogSumExp() => _max = double.NegativeInfinity;

    /// <summary>Begins with one term: 0 gives log(1 + Σ e^x).</summary>
    public LogSumExp(double first) => (_max, _sum) = (first, 1);

    /// <summary>Keeps its digits near 0: log(1 + small).</summary>
    public readonly double Value => _sum == 0 ? double.NegativeInfinity : _max + (_sum - 1 is var rest && rest < 1e-4 ? rest - (rest * rest / 2) : Math.Log(_sum));

    public void Add(double x)
    {
        if (x <= _max)
        {
            _sum += _max == double.NegativeInfinity ? 0 : Math.Exp(x - _max);
        }
        else
        {
            _sum = (_sum * Math.Exp(_max - x)) + 1;
            _max = x;
        }
    }

    /// <summary>dValue/dx of a term that was added: e^x / Σ.</summary>
    public readonly double Share(double x) => _sum == 0 ? 0 : Math.Exp(x - _max) / _sum;
}
