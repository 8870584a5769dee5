namespace Hypersphere.Oracles.Losses;

/// <summary>A loss of the distances and cosines between the rows of a batch and of further inputs, by plain loops.</summary>
public sealed class BatchOracle : LossOracle
{
    /// <summary>The formula.</summary>
    public required Func<View, double> Formula { get; init; }

    public override double Value(double[][] inputs, double[][] frozen) => Formula(new(this, inputs, frozen));

    /// <summary>A batch as a formula sees it.</summary>
    public sealed class View(BatchOracle oracle, double[][] inputs, double[][] frozen)
    {
        public int Rows => oracle.Rows;

        public int[] Labels => oracle.Labels;

        /// <summary>What follows the embeddings: parameters in their order.</summary>
        public double[] Parameter(int k) => inputs[k + 1];

        /// <summary>Rows of the class of a row, without itself.</summary>
        public IEnumerable<int> Positives(int i) => Known.Where(j => j != i && Labels[j] == Labels[i]);

        public IEnumerable<int> Negatives(int i) => Known.Where(j => Labels[j] != Labels[i]);

        public IEnumerable<int> Known => Enumerable.Range(0, Rows).Where(i => Labels[i] >= 0);

        public double[] Row(int i) => oracle.Row(inputs[0], i).ToArray();

        public double Cosine(int i, int j) => LossOracle.Cosine(Row(i), Row(j));

        /// <summary>Between a row and one of the frozen batch.</summary>
        public double DistanceToFrozen(int i, int j) => Between(Row(i), oracle.Row(frozen[0], j).ToArray());

        public double CosineToFrozen(int i, int j) => LossOracle.Cosine(Row(i), oracle.Row(frozen[0], j));

        /// <summary>‖u − v‖ of the rows at length 1.</summary>
        public double Distance(int i, int j) => Between(Row(i), Row(j));

        /// <summary>The mean of values of the rows, 0 of none; NaN leaves a row out.</summary>
        public double Mean(Func<int, double> value) => Mean(Known.Select(value).Where(v => !double.IsNaN(v)));

        public static double Mean(IEnumerable<double> values) => values.DefaultIfEmpty(0).Average();

        private static double Between(double[] a, double[] b)
        {
            (double[] u, double[] v) = (Unit(a), Unit(b));
            return Math.Sqrt(u.Zip(v, (p, q) => (p - q) * (p - q)).Sum());
        }

        private static double[] Unit(double[] x) => Norm(x) is var norm && norm <= 1e-12 ? new double[x.Length] : Array.ConvertAll(x, v => v / norm);
    }
}
