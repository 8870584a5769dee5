namespace Hypersphere.Evaluation;

/// <summary>How many samples each class and cluster share.</summary>
internal sealed class ContingencyTable
{
    private readonly Dictionary<(int Row, int Column), int> _shared = [];
    private readonly int[] _rows;
    private readonly int[] _columns;
    private readonly int _count;

    public ContingencyTable(ReadOnlySpan<int> classes, ReadOnlySpan<int> clusters)
    {
        _count = classes.Length;
        (int[] row, _rows) = Number(classes);
        (int[] column, _columns) = Number(clusters);
        for (int i = 0; i < _count; i++)
        {
            _shared[(row[i], column[i])] = _shared.GetValueOrDefault((row[i], column[i])) + 1;
        }
    }

    public double RowEntropy => Entropy(_rows);

    public double ColumnEntropy => Entropy(_columns);

    public double MutualInformation => Math.Max(0, _shared
        .OrderBy(cell => cell.Key)
        .Sum(cell => Term(cell.Value, _rows[cell.Key.Row], _columns[cell.Key.Column])));

    public double AdjustedRandIndex
    {
        get
        {
            double together = _shared.Values.Sum(Pairs);
            (double rows, double columns) = (_rows.Sum(Pairs), _columns.Sum(Pairs));
            double expected = _count < 2 ? 0 : rows * columns / Pairs(_count);
            double most = (rows + columns) / 2;
            return most == expected ? 1 : (together - expected) / (most - expected);
        }
    }

    /// <summary>Mean mutual information of two random partitions with these sizes: Σ over cells of Σ over how many samples they could
    /// share.</summary>
    public double ExpectedMutualInformation()
    {
        double[] factorials = new double[_count + 1];
        for (int i = 1; i <= _count; i++)
        {
            factorials[i] = factorials[i - 1] + Math.Log(i);
        }

        double sum = 0;
        foreach (IGrouping<int, int> rows in _rows.GroupBy(n => n).OrderBy(g => g.Key))
        {
            foreach (IGrouping<int, int> columns in _columns.GroupBy(n => n).OrderBy(g => g.Key))
            {
                sum += (double)rows.Count() * columns.Count() * Expected(rows.Key, columns.Key, factorials);
            }
        }

        return sum;
    }

    private double Expected(int a, int b, double[] logFactorial)
    {
        double always = logFactorial[a] + logFactorial[b] + logFactorial[_count - a] + logFactorial[_count - b] - logFactorial[_count];
        double sum = 0;
        for (int n = Math.Max(1, a + b - _count); n <= Math.Min(a, b); n++)
        {
            double log = always - logFactorial[n] - logFactorial[a - n] - logFactorial[b - n] - logFactorial[_count - a - b + n];
            sum += Term(n, a, b) * Math.Exp(log);
        }

        return sum;
    }

    private double Term(int shared, int row, int column)
        => (double)shared / _count * Math.Log((double)_count * shared / ((double)row * column));

    private double Entropy(int[] sizes)
        => sizes.Length == 1 ? 0 : -sizes.Sum(n => (double)n / _count * Math.Log((double)n / _count));

    private static double Pairs(int n) => (double)n * (n - 1) / 2;

    private static (int[] Of, int[] Sizes) Number(ReadOnlySpan<int> values)
    {
        Dictionary<int, int> numbers = [];
        List<int> sizes = [];
        int[] of = new int[values.Length];
        for (int i = 0; i < of.Length; i++)
        {
            if (!numbers.TryGetValue(values[i], out of[i]))
            {
                numbers[values[i]] = of[i] = sizes.Count;
                sizes.Add(0);
            }

            sizes[of[i]]++;
        }

        return (of, [.. sizes]);
    }
}
