using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Ops;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Losses.Pairs;

/// <summary>Positives nearer than a learned boundary, negatives farther, each by a margin.</summary>
/// <remarks>Over triplets: [d_ap − β + m]₊ + [β − d_an + m]₊, divided by the number of terms that are not 0. Wu et al., Sampling matters in
/// deep embedding learning, ICCV 2017, eq. 4; the paper draws the triplets by <c>miner=distance-weighted</c>. β is one number or one a
/// class (the anchor's), learned unless told not to. To it comes ν·β; per class ν·Σβ over the triplets, divided as the loss is (the
/// convention of pytorch-metric-learning). True derivative by the embeddings and β. No triplets: 0. Without a miner all triplets count by
/// their numbers, not one by one: time and memory N·M.</remarks>
[Component(
    "margin", Summary = "positives inside a learned boundary, negatives outside", Equation = "ℓ = [d_ap − β + m]₊ + [β − d_an + m]₊ (+ ν·β)",
    Paper = "Wu et al., Sampling matters in deep embedding learning, ICCV 2017, eq. 4",
    Peers = "pytorch-metric-learning's MarginLoss, whose β is constant by default (learn=false)",
    Cost = "6·N·M·D flops; 2·N·M numbers and N·M bytes; with a triplet miner as many terms as triplets")]
public sealed class MarginLoss : TripletLoss
{
    private readonly Parameter? _boundary;
    private double[] _slopes = [];

    /// <summary>Makes the boundary.</summary>
    /// <param name="context">Classes, embedding size, randomness.</param>
    /// <param name="margin">m, in units of the distance.</param>
    /// <param name="beta">β to begin with.</param>
    /// <param name="learn">Whether β is learned.</param>
    /// <param name="perClass">Whether every class has a β.</param>
    /// <param name="nu">ν, which keeps β small.</param>
    public MarginLoss(
        LossContext context,
        [Range(0, 100), Description("margin m, in units of the distance")] float margin = 0.2f,
        [Range(-100, 100), Description("boundary β to begin with, in units of the distance")] float beta = 1.2f,
        [Description("learn the boundary")] bool learn = true,
        [Description("a boundary for every class")] bool perClass = false,
        [Range(0, 100), Description("weight ν of the boundary itself")] float nu = 0)
        : base(context, new LpDistance())
    {
        ArgumentNullException.ThrowIfNull(context);
        (Margin, Beta, Learn, PerClass, Nu) = (margin, beta, learn, perClass, nu);
        if (learn)
        {
            _boundary = Add("beta", new Parameter(new Shape(perClass ? context.Classes : 1), ParameterKind.Vector));
            _boundary.Value.Span.Fill(beta);
        }
    }

    /// <summary>m.</summary>
    public float Margin { get; }

    /// <summary>β to begin with.</summary>
    public float Beta { get; }

    /// <summary>Whether β is learned.</summary>
    public bool Learn { get; }

    /// <summary>Whether every class has a β.</summary>
    public bool PerClass { get; }

    /// <summary>ν.</summary>
    public float Nu { get; }

    /// <summary>How the terms become one; positives and negatives of the triplets count singly.</summary>
    [ComponentOption]
    [Description("how the terms become one")]
    public Reduction Reduction { get; init; } = new NonZeroMeanReduction();

    private protected override IReadOnlyList<Parameter> Learned => _boundary is null ? [] : [_boundary];

    /// <inheritdoc/>
    protected override double Evaluate(PairBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Row[] rows = new Row[batch.Anchors];
        ParallelRows.Run(rows.Length, i =>
        {
            rows[i] = new Row(new Tally(Reduction), new double[batch.References]);
            Visit(batch, i, rows[i]);
            for (int j = 0; j < batch.References; j++)
            {
                batch.Gradients(i)[j] = (float)rows[i].Gradients[j];
            }

            rows[i].Gradients = [];
        });
        Tally tally = new(Reduction);
        foreach (Row row in rows)
        {
            tally.Add(row.Tally);
        }

        ParallelRows.Run(rows.Length, i =>
        {
            foreach (ref float gradient in batch.Gradients(i))
            {
                gradient *= (float)tally.Factor;
            }
        });
        return tally.Value + Regularize(batch, rows, tally.Factor);
    }

    private protected override void WriteLearned(IReadOnlyList<Tensor> gradients)
    {
        for (int k = 0; k < _slopes.Length && gradients.Count > 0; k++)
        {
            gradients[0].Span[k] = (float)_slopes[k];
        }
    }

    private float BoundaryOf(int label) => _boundary is null ? Beta : _boundary.Value.Span[PerClass ? label : 0];

    private void Visit(PairBatch batch, int anchor, Row row)
    {
        if (!TakesAll)
        {
            EachTriplet(batch, anchor, (p, n) =>
            {
                Count(batch, anchor, p, 1, row, 1);
                Count(batch, anchor, n, -1, row, 1);
                row.Triplets++;
            });
            return;
        }

        long positives = batch.Count(anchor, Relation.Positive), negatives = batch.Count(anchor, Relation.Negative);
        row.Triplets = positives * negatives;
        for (int j = 0; j < batch.References && row.Triplets > 0; j++)
        {
            if (batch.Relations(anchor)[j] is not Relation.None and var relation)
            {
                bool isPositive = relation == Relation.Positive;
                Count(batch, anchor, j, isPositive ? 1 : -1, row, isPositive ? negatives : positives);
            }
        }
    }

    /// <summary>One side of as many triplets.</summary>
    private void Count(PairBatch batch, int anchor, int other, int side, Row row, long times)
    {
        int sign = batch.Distance.Sign * side, label = batch.Labels[anchor];
        double violation = (sign * ((double)batch.Values(anchor)[other] - BoundaryOf(label))) + Margin;
        double weight = row.Tally.Add(Math.Max(violation, 0), label, times);
        double slope = violation > 0 ? weight * sign * times : 0;
        row.Gradients[other] += slope;
        row.Slope -= slope;
    }

    /// <summary>ν·β and the derivatives by β.</summary>
    private double Regularize(PairBatch batch, Row[] rows, double factor)
    {
        _slopes = new double[PerClass ? Context.Classes : 1];
        double sum = 0;
        long triplets = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i].Triplets > 0)
            {
                int label = batch.Labels[i];
                double strength = PerClass ? Nu * factor * rows[i].Triplets : 0;
                _slopes[PerClass ? label : 0] += (factor * rows[i].Slope) + strength;
                sum += strength * BoundaryOf(label);
                triplets += rows[i].Triplets;
            }
        }

        if (PerClass || triplets == 0)
        {
            return sum;
        }

        _slopes[0] += Nu;
        return Nu * (double)BoundaryOf(0);
    }

    private sealed class Row(Tally tally, double[] gradients)
    {
        public Tally Tally { get; } = tally;

        public double[] Gradients { get; set; } = gradients;

        public double Slope { get; set; }

        public long Triplets { get; set; }
    }
}
