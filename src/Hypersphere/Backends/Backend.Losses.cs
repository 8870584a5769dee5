using Hypersphere.Collectives;
using Hypersphere.Kernels;
using Hypersphere.Tensors;

namespace Hypersphere.Backends;

/// <content>Losses.</content>
internal unsafe partial class Backend
{
    /// <summary>Labels where kernels can read them: their bits in a tensor.</summary>
    /// <param name="labels">−1 for a row to ignore.</param>
    /// <param name="spread">If the classes are spread over ranks: labels count from this rank's first.</param>
    public virtual Tensor Upload(ReadOnlyMemory<int> labels, SpreadRows? spread = null)
    {
        Tensor tensor = Tensor.Empty(new Shape(labels.Length));
        Span<int> stored = new((int*)tensor.Pointer, labels.Length);
        labels.Span.CopyTo(stored);
        for (int i = 0; i < stored.Length && spread is not null; i++)
        {
            stored[i] = stored[i] < 0 ? -1 : spread.Has(stored[i]) ? spread.Local(stored[i]) : MarginSoftmaxProblem.Elsewhere;
        }

        return tensor;
    }

    public virtual void CrossEntropy(Tensor logits, Tensor labels, Tensor lossPerRow, Tensor probabilities) =>
        SoftmaxCrossEntropy.Forward(
            logits.Shape[0], logits.Shape[1], logits.Pointer, (int*)labels.Pointer, lossPerRow.Pointer, probabilities.Pointer);

    public virtual void CrossEntropyBackward(Tensor probabilities, Tensor labels, Tensor rowWeights, in GradientTarget dLogits) =>
        SoftmaxCrossEntropy.Backward(
            probabilities.Shape[0], probabilities.Shape[1], probabilities.Pointer, (int*)labels.Pointer, rowWeights.Pointer,
            dLogits.Tensor!.Pointer, dLogits.Accumulate);

    public virtual int MarginSoftmaxStateLength(MarginSoftmaxTensors t) => checked((int)Kernels.MarginSoftmax.StateLength(Problem(t)));

    /// <summary>Cosines with the own prototypes, which some rank has.</summary>
    public virtual void TargetCosines(MarginSoftmaxTensors t, Tensor state, Tensor cosines, Tensor norms)
    {
        Kernels.MarginSoftmax.TargetCosines(Problem(t), state.Pointer, cosines.Pointer, norms.Pointer);
        if (t.Prototypes.Spread is { } spread)
        {
            spread.Ranks.AllReduceSum(cosines.Span);
            Kernels.MarginSoftmax.SetTargetCosines(Problem(t), state.Pointer, cosines.Span);
        }
    }

    public virtual void MarginSoftmax(MarginSoftmaxTensors t, Tensor state, Tensor targetValues, Tensor lossPerRow)
    {
        MarginSoftmaxTotals totals = Kernels.MarginSoftmax.Totals(Problem(t), state.Pointer);
        if (t.Prototypes.Spread is { } spread)
        {
            Tensor maxima = Tensor.From(totals.Maxima, new Shape(totals.Maxima.Length));
            spread.Ranks.AllReduceMax(maxima.Span);
            totals.Raise(maxima.Span);
            spread.Ranks.AllReduceSum(totals.Sums);
            if (t.Settings.Smoothing > 0)
            {
                spread.Ranks.AllReduceSum(totals.PrototypeSum);
            }
        }

        Kernels.MarginSoftmax.Rows(Problem(t), state.Pointer, targetValues.Pointer, lossPerRow.Pointer);
    }

    /// <summary>Where ranks have some prototypes each, dx is whole in the rows of this rank's share of the batch and 0 in the others.</summary>
    public virtual void MarginSoftmaxBackward(
        MarginSoftmaxTensors t, Tensor state, Tensor slopes, Tensor normSlopes, Tensor rowWeights, in GradientTarget dx, in GradientTarget dPrototypes) =>
        Backward(t, state, slopes, normSlopes, rowWeights, dx, PrototypeGradient.Stored(Optional(dPrototypes.Tensor), dPrototypes.Accumulate));

    /// <summary>The same, the prototypes taking their step at once.</summary>
    public virtual void MarginSoftmaxBackward(
        MarginSoftmaxTensors t, Tensor state, Tensor slopes, Tensor normSlopes, Tensor rowWeights, in GradientTarget dx, OptimizerStep step) =>
        Backward(t, state, slopes, normSlopes, rowWeights, dx, Stepped(step));

    private static void Backward(
        MarginSoftmaxTensors t, Tensor state, Tensor slopes, Tensor normSlopes, Tensor rowWeights, in GradientTarget dx, in PrototypeGradient dPrototypes)
    {
        MarginSoftmaxProblem problem = Problem(t);
        float* sum = Kernels.MarginSoftmax.Gradients(
            problem, state.Pointer, slopes.Pointer, rowWeights.Pointer, dx.Wanted, dPrototypes);
        if (!dx.Wanted)
        {
            return;
        }

        (int first, int end) = (0, problem.Rows);
        if (t.Prototypes.Spread is { } spread)
        {
            Shares shares = new(problem.Rows, spread.Ranks.Size, problem.Dimensions);
            spread.Ranks.ReduceScatter(new Span<float>(sum, checked(problem.Rows * problem.Dimensions)), shares);
            (first, end) = (shares.First(spread.Ranks.Rank), shares.First(spread.Ranks.Rank + 1));
            dx.Tensor!.Span[..(dx.Accumulate ? 0 : dx.Tensor.Count)].Clear();
        }

        Kernels.MarginSoftmax.ThroughNorm(
            problem, state.Pointer, sum, slopes.Pointer, normSlopes.Pointer, rowWeights.Pointer, first, end, dx.Tensor!.Pointer, dx.Accumulate);
    }

    /// <summary>y = x / max(‖x‖, ε), row by row.</summary>
    public virtual void NormalizeRows(Tensor x, float epsilon, Tensor y, Tensor norms) =>
        RowNormalize.Forward(x.Shape[0], x.Shape[1], x.Pointer, epsilon, y.Pointer, norms.Pointer);

    public virtual void NormalizeRowsBackward(Tensor y, Tensor norms, float epsilon, Tensor dy, in GradientTarget dx) =>
        RowNormalize.Backward(y.Shape[0], y.Shape[1], y.Pointer, norms.Pointer, epsilon, dy.Pointer, dx.Tensor!.Pointer, dx.Accumulate);

    /// <summary>The sum of all numbers, in an order that does not depend on threads.</summary>
    public virtual double Sum(Tensor x) => Reduction.Sum(x.Count, x.Pointer);

    public virtual double SumOfSquares(Tensor x) => Reduction.SumOfSquares(x.Count, x.Pointer);

    /// <summary>Position of the first NaN or infinity, −1 if there is none.</summary>
    public virtual int FirstNonFinite(Tensor x) => Reduction.FirstNonFinite(x.Count, x.Pointer);

    private static MarginSoftmaxProblem Problem(MarginSoftmaxTensors t) => new()
    {
        Rows = t.Embeddings.Shape[0],
        Classes = t.Prototypes.Shape[0],
        AllClasses = t.Prototypes.Spread?.Rows ?? t.Prototypes.Shape[0],
        Dimensions = t.Prototypes.Shape[1],
        Embeddings = t.Embeddings.Pointer,
        Prototypes = t.Prototypes.Pointer,
        Labels = (int*)t.Labels.Pointer,
        Scale = t.Settings.Scale,
        ScaleByNorm = t.Settings.ScaleByNorm,
        Smoothing = t.Settings.Smoothing,
        SparseGradient = t.Settings.SparseGradient,
        Budget = t.Settings.ScratchBudget,
        Negatives = t.Negatives is not { } rule ? default : new HardNegatives
        {
            Thresholds = t.Thresholds!.Pointer,
            Constant = rule.Constant,
            Linear = rule.Linear,
            Quadratic = rule.Quadratic,
            SlopeConstant = rule.SlopeConstant,
            SlopeLinear = rule.SlopeLinear,
            Easy = rule.Easy,
        },
    };
}
