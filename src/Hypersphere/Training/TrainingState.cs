using Hypersphere.Collectives;
using Hypersphere.Data;
using Hypersphere.Layers;
using Hypersphere.Losses;
using Hypersphere.Optimizers;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Training;

/// <summary>All that changes while a training runs.</summary>
internal sealed class TrainingState
{
    private TrainingState(TrainingOptions options, EmbeddingModel model, string dataFingerprint, ICollective ranks)
    {
        (Options, Model, DataFingerprint, Ranks) = (options, model, dataFingerprint, ranks);
        foreach (NamedParameter p in model.Backbone.Parameters())
        {
            p.Parameter.RateFactor = options.BackboneRate;
        }

        if (options.PartialFc is > 0 and < 1)
        {
            Heads(model.Loss, "Partial FC").ForEach(head => head.SampleRate = options.PartialFc);
        }

        if (options.SparseGradient > 0)
        {
            Heads(model.Loss, "a sparse gradient").ForEach(head => head.SparseGradient = options.SparseGradient);
        }

        if (options.TrainLast is { } layers)
        {
            Freezing.AllBut(model.Backbone, layers);
        }

        if (model.Backbone.Parameters().Concat(model.Loss.Parameters()).All(p => p.Parameter.IsFrozen))
        {
            throw new InputException($"nothing is left to train: the whole network is frozen, and {model.Loss.Name} has no prototypes; let layers train, or choose another loss.");
        }

        Optimizer = Registry<Optimizer>.Create(options.Optimizer);
        Schedule = Registry<Schedule>.Create(options.Schedule);
        Optimizer.Attach(Named("backbone.", model.Backbone).Concat(Named("loss.", model.Loss)));
    }

    public TrainingOptions Options { get; }

    public EmbeddingModel Model { get; }

    public string DataFingerprint { get; }

    /// <summary>Who trains together.</summary>
    public ICollective Ranks { get; }

    public Optimizer Optimizer { get; }

    public Schedule Schedule { get; }

    /// <summary>Steps taken.</summary>
    public long Step { get; set; }

    /// <summary>The best validation so far.</summary>
    public double BestScore { get; set; } = double.NegativeInfinity;

    /// <summary>Means since the last log line.</summary>
    public RunningMean Loss { get; } = new();

    public RunningMean OwnAngle { get; } = new();

    public RunningMean EpochLoss { get; } = new();

    public static TrainingState Create(TrainingOptions options, ImageSource data, ICollective ranks, EmbeddingModel? model = null)
    {
        options.Validate();
        new DatasetSummary(data).RequireTrainable();
        model ??= Begin(options, data, ranks);
        model.RequireFitting(data);
        return new(options with { Sampler = SamplerFor(options, model, data), Preprocessing = model.Preprocessing.ToString() }, model, DatasetSummary.Fingerprint(data), ranks);
    }

    /// <summary>The losses on the fused kernel.</summary>
    private static List<MarginSoftmaxLoss> Heads(Loss loss, string wanted)
    {
        List<MarginSoftmaxLoss> heads = [.. loss.Summands.OfType<MarginSoftmaxLoss>()];
        return heads.Count > 0
            ? heads
            : throw new InputException($"{loss.Name} compares with all its classes at once; {wanted} is for margin softmax losses such as arcface, cosface or adaface.");
    }

    private static EmbeddingModel Begin(TrainingOptions options, ImageSource data, ICollective ranks)
    {
        WarmStart? start = options.WarmStart.Length == 0 ? null : WarmStart.Open(options.WarmStart);
        using (start)
        {
            Preprocessing? preprocessing = options.Preprocessing == "auto"
                ? start?.Preprocessing
                : Preprocessing.Parse(options.Preprocessing, data.Channels);
            EmbeddingModel model = EmbeddingModel.Create(options.Backbone, options.Loss, data, options.Seed, preprocessing, start?.Definition, ranks);
            start?.Load(model);
            if (options.Imprint)
            {
                Imprinting.Apply(model, data);
            }

            return model;
        }
    }

    /// <summary>What «auto» stands for: four images of a class, or more where a batch would need more classes than there are.</summary>
    private static string SamplerFor(TrainingOptions options, EmbeddingModel model, ImageSource data)
    {
        if (options.Sampler != "auto")
        {
            return options.Sampler;
        }

        int samples = model.Loss.NeedsPositives
            ? Enumerable.Range(4, Math.Max(0, options.Batch - 4)).FirstOrDefault(k => options.Batch % k == 0 && options.Batch / k <= data.ClassNames.Count)
            : 0;
        return samples == 0 ? "shuffled" : $"pk(samples={samples})";
    }

    private static IEnumerable<NamedParameter> Named(string prefix, Module module) =>
        module.Parameters().Select(p => p with { Name = prefix + p.Name });
}
