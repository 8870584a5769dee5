using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;
using Hypersphere.Backends;
using Hypersphere.Ops;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Pairs;

/// <summary>F = (1 − α)·(I − αS)⁻¹ over rows of a batch, then proxies, from their cosines; S = D^{−½}·E·D^{−½}, E = e^{2[cos]₊} off the
/// diagonal.</summary>
internal sealed class RandomWalk
{
    private readonly int[] _rows;
    private readonly int _size;
    private readonly double _alpha;
    private readonly double[] _edges;
    private readonly double[] _roots;
    private readonly double[] _walk;
    private readonly double[] _norms;
    private readonly Tensor _slopes;

    public RandomWalk(int[] rows, Tensor own, Tensor across, Tensor among, float alpha)
    {
        (_rows, _alpha, _size) = (rows, alpha, rows.Length + among.Shape[0]);
        (_edges, _roots, _norms) = (new double[_size * _size], new double[_size], new double[_size]);
        ParallelRows.Run(_size, i =>
        {
            for (int j = 0; j < _size; j++)
            {
                _edges[(i * _size) + j] = i == j ? 0 : Math.Exp(2 * Math.Max((double)At(own, across, among, i, j), 0));
            }

            _roots[i] = 1 / Math.Sqrt(TensorPrimitives.Sum<double>(Row(_edges, i)));
        });
        double[] system = new double[_size * _size];
        ParallelRows.Run(_size, i =>
        {
            for (int j = 0; j < _size; j++)
            {
                system[(i * _size) + j] = (i == j ? 1 : 0) - (_alpha * _edges[(i * _size) + j] * _roots[i] * _roots[j]);
            }
        });
        _walk = PositiveDefinite.Inverse(system, _size);
        ParallelRows.Run(_size, i =>
        {
            TensorPrimitives.Multiply(Row(_walk, i), 1 - _alpha, Row(_walk, i));
            _norms[i] = Math.Sqrt(TensorPrimitives.SumOfSquares<double>(Row(_walk, i)));
        });
        _slopes = Tensor.Zeros(new Shape(_size, _size));
    }

    /// <summary>F between a row of the batch and a proxy.</summary>
    public double Entry(int row, int proxy) => _walk[(row * _size) + _rows.Length + proxy];

    /// <summary>The cosine between their rows of F.</summary>
    public double Context(int row, int proxy) =>
        TensorPrimitives.Dot<double>(Row(_walk, row), Row(_walk, _rows.Length + proxy)) / _norms[row] / _norms[_rows.Length + proxy];

    /// <summary>Adds derivatives by the entries of a row.</summary>
    public void AddEntries(int row, double[] slopes, double factor)
    {
        for (int k = 0; k < slopes.Length; k++)
        {
            _slopes.Span[(row * _size) + _rows.Length + k] += (float)(factor * slopes[k]);
        }
    }

    /// <summary>Adds derivatives by the cosines of a row.</summary>
    public void AddContexts(int row, double[] cosines, double[] slopes, double factor)
    {
        for (int k = 0; k < slopes.Length; k++)
        {
            int proxy = _rows.Length + k;
            double slope = factor * slopes[k];
            for (int j = 0; j < _size && slope != 0; j++)
            {
                double a = _walk[(row * _size) + j] / _norms[row], b = _walk[(proxy * _size) + j] / _norms[proxy];
                _slopes.Span[(row * _size) + j] += (float)(slope * (b - (cosines[k] * a)) / _norms[row]);
                _slopes.Span[(proxy * _size) + j] += (float)(slope * (a - (cosines[k] * b)) / _norms[proxy]);
            }
        }
    }

    /// <summary>With B = (I − αS)⁻¹: dℓ/dS = α·(1 − α)·B·(dℓ/dF)·B; then to E, its row sums and the cosines.</summary>
    public void Backward(Tensor own, Tensor across, Tensor among)
    {
        Shape shape = new(_size, _size);
        Tensor inverse = Tensor.Empty(shape), half = Tensor.Empty(shape), toS = Tensor.Empty(shape);
        ParallelRows.Run(_size, i => TensorPrimitives.ConvertTruncating<double, float>(Row(_walk, i), inverse.Span.Slice(i * _size, _size)));
        Backend.Current.MatMul(inverse, false, _slopes, false, new(half, false));
        Backend.Current.MatMul(half, false, inverse, false, new(toS, false));
        double factor = _alpha / (1 - _alpha);
        double[] bySum = new double[_size];
        ParallelRows.Run(_size, i =>
        {
            double sum = 0;
            for (int j = 0; j < _size; j++)
            {
                sum += ((double)toS.Span[(i * _size) + j] + toS.Span[(j * _size) + i]) * _edges[(i * _size) + j] * _roots[j];
            }

            bySum[i] = -0.5 * factor * sum * _roots[i] * _roots[i] * _roots[i];
        });
        for (int i = 0; i < _size; i++)
        {
            for (int j = 0; j < _size; j++)
            {
                double edge = _edges[(i * _size) + j];
                if (edge > 1)
                {
                    At(own, across, among, i, j) += (float)(2 * edge * ((factor * toS.Span[(i * _size) + j] * _roots[i] * _roots[j]) + bySum[i]));
                }
            }
        }
    }

    private Span<double> Row(double[] matrix, int i) => matrix.AsSpan(i * _size, _size);

    /// <summary>Where the cosine of two of them stands.</summary>
    private ref float At(Tensor own, Tensor across, Tensor among, int i, int j)
    {
        int count = _rows.Length, proxies = _size - count;
        if (i < count)
        {
            return ref j < count ? ref own.Span[(_rows[i] * own.Shape[1]) + _rows[j]] : ref across.Span[(_rows[i] * proxies) + j - count];
        }

        return ref j < count ? ref across.Span[(_rows[j] * proxies) + i - count] : ref among.Span[((i - count) * proxies) + j - count];
    }
}
