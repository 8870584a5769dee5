using System.Diagnostics;
using Hypersphere.Collectives;
using Hypersphere.Data;
using Hypersphere.Layers;
using Hypersphere.Losses;
using Hypersphere.Ops;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Training;

/// <summary>Trains a model on images, and can be stopped and continued at any step without changing a bit of the result.</summary>
/// <example><code>using Trainer trainer = Trainer.Begin(new TrainingOptions { Loss = "arcface(margin=0.3, scale=16)" }, images, "runs/mine");
/// trainer.Run();
/// EmbeddingModel model = trainer.Model;</code></example>
public sealed class Trainer : IDisposable
{
    private readonly TrainingState _state;
    private readonly ImageSource _data;
    private readonly DataLoader _loader;
    private readonly Rng _random;
    private readonly TrainingFolder _folder;
    private readonly TrainingLog? _log;
    private readonly GradientBuckets? _buckets;
    private readonly Stopwatch _watch = new();
    private long _firstStep;

    private Trainer(TrainingState state, ImageSource data, string? folder, OrderedCollective? ranks)
    {
        (_state, _data, _folder) = (state, data, new TrainingFolder(folder, state));
        if (ranks is { Size: > 1 })
        {
            _buckets = new GradientBuckets(ranks, Model.Backbone.Parameters());
            foreach (BatchNorm norm in Model.Backbone.Family().OfType<BatchNorm>().Where(_ => !Options.BatchNormPerRank))
            {
                norm.Synchronise(ranks);
            }
        }

        _random = new Rng(state.Options.Seed).Fork("training");
        DataLoaderOptions loading = new()
        {
            BatchSize = Options.Batch,
            Augmentations = Options.Augmentations(),
            Sampler = Registry<Sampler>.Create(Options.Sampler),
            Preprocessing = state.Model.Preprocessing,
            Ranks = Ranks.Size,
            Rank = Ranks.Rank,
        };
        _loader = new DataLoader(data, loading, _random);
        if (folder is not null && Ranks.Rank == 0)
        {
            TrainingFolder.Create(folder);
            _log = new TrainingLog(folder, state.Step > 0 ? state.Step : null);
        }
    }

    /// <summary>The model being trained.</summary>
    public EmbeddingModel Model => _state.Model;

    /// <summary>What decides the training.</summary>
    public TrainingOptions Options => _state.Options;

    /// <summary>Steps taken.</summary>
    public long Step => _state.Step;

    /// <summary>Steps of the whole training.</summary>
    public long Steps => (long)_loader.BatchesPerEpoch * Options.Epochs;

    /// <summary>Time that training waited for data.</summary>
    public TimeSpan WaitedForData => _loader.Waited;

    /// <summary>Time that this process spent on training steps; validation and checkpoints are not counted.</summary>
    public TimeSpan Trained => _watch.Elapsed;

    /// <summary>The most bytes that tensors took at once since a training last began to run.</summary>
    public static long PeakTensorBytes => StoragePool.PeakBytes;

    private ICollective Ranks => _state.Ranks;

    /// <summary>Begins a training.</summary>
    /// <param name="options">What decides it.</param>
    /// <param name="data">The images; at least two classes, and a batch of them.</param>
    /// <param name="folder">Where checkpoints, metrics and the model go; null writes nothing.</param>
    /// <param name="overwrite">Whether a run that is there may be replaced.</param>
    /// <param name="ranks">The ranks that train together, which all call this; rank 0 writes. Null for this process alone.</param>
    /// <exception cref="InputException">Options or data cannot be used, or the folder holds a run already.</exception>
    public static Trainer Begin(
        TrainingOptions options, ImageSource data, string? folder = null, bool overwrite = false, OrderedCollective? ranks = null)
    {
        TrainingState state = TrainingState.Create(options, data, ranks ?? (ICollective)SingleProcess.Instance);
        if (folder is not null && CheckpointFolder.Newest(folder) is { } newest)
        {
            if (!overwrite)
            {
                throw new InputException($"{folder}: holds a run already ({Path.GetFileName(newest)}); --resume continues it, or choose another folder.");
            }

            CheckpointFolder.Prune(folder, keep: 0);
        }

        return new Trainer(state, data, folder, ranks);
    }

    /// <summary>Continues a training from its newest checkpoint, with the options that it began with.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="data">The images that it began with.</param>
    /// <param name="ranks">The ranks that go on together, as many as one likes; null for this process alone.</param>
    /// <returns>The trainer, or null when the folder holds no checkpoint yet.</returns>
    /// <exception cref="InputException">The checkpoint is damaged or belongs to other data.</exception>
    public static Trainer? Resume(string folder, ImageSource data, OrderedCollective? ranks = null) => CheckpointFolder.Newest(folder) is { } newest
        ? new Trainer(Checkpoint.Load(newest, data, ranks ?? (ICollective)SingleProcess.Instance), data, folder, ranks)
        : null;

    /// <summary>Trains to the end, or until asked to stop; then saves.</summary>
    /// <param name="progress">Told after every step.</param>
    /// <param name="validate">Run on every rank, every <see cref="TrainingOptions.ValidateEvery"/> epochs and at the end; the checkpoint with the
    /// largest value, that of rank 0, is kept as best.safetensors. The mean loss decides when there is none.</param>
    /// <param name="stop">Asks to finish the step, save, and return.</param>
    /// <exception cref="NonFiniteException">The loss was NaN or infinite; nothing was saved, the last checkpoint is intact.</exception>
    /// <exception cref="InputException">An image cannot be read, or a file cannot be written.</exception>
    public TrainingEnd Run(Action<TrainingProgress>? progress = null, Func<ValidationScore>? validate = null, CancellationToken stop = default)
    {
        _firstStep = Step;
        StoragePool.ResetPeak();
        _watch.Restart();
        int perEpoch = _loader.BatchesPerEpoch;
        while (Step < Steps)
        {
            int epoch = (int)(Step / perEpoch);
            foreach (ImageBatch batch in _loader.Epoch(epoch, (int)(Step % perEpoch)))
            {
                TakeStep(batch);
                bool endOfEpoch = Step % perEpoch == 0;
                Report(progress, endOfEpoch);
                if (endOfEpoch)
                {
                    _watch.Stop();
                    EndEpoch(epoch + 1, validate);
                    _watch.Start();
                }

                bool stopping = AnyRank(stop.IsCancellationRequested);
                if (!endOfEpoch && (stopping || (Options.CheckpointEvery > 0 && Step % Options.CheckpointEvery == 0)))
                {
                    _folder.SaveCheckpoint();
                }

                if (stopping && Step < Steps)
                {
                    return TrainingEnd.Stopped;
                }
            }
        }

        _folder.SaveModel();
        return TrainingEnd.Completed;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _loader.Dispose();
        _log?.Dispose();
    }

    private void TakeStep(ImageBatch batch)
    {
        Model.Backbone.SetTraining(true);
        Model.Loss.SetTraining(true);
        Model.Backbone.BeginStep(_random.Fork("backbone", Step), new Shares(batch.WholeCount, Ranks.Size).First(Ranks.Rank));
        Model.Loss.BeginStep(_random.Fork("loss", Step));
        foreach (MarginSoftmaxLoss margin in Model.Loss.Summands.OfType<MarginSoftmaxLoss>())
        {
            margin.Ramp = Options.MarginRamp > 0 ? (float)Math.Min(1, Step / (Options.MarginRamp * Steps)) : 1;
        }

        using Tape tape = Tape.Record();
        Tensor embeddings = Gather.Forward(Model.Backbone.Forward(batch.ToTensor()), batch.WholeCount, Ranks);
        Tensor loss = Model.Loss.Forward(embeddings, batch.WholeLabels);
        if (!float.IsFinite(loss.Item()))
        {
            throw NonFinite.Explain(tape, _state, _data, batch);
        }

        _state.Loss.Add(loss.Item());
        _state.EpochLoss.Add(loss.Item());
        if (OwnAngle.Mean(Model.Loss, embeddings, batch.WholeLabels.Span) is { } angle)
        {
            _state.OwnAngle.Add(angle);
        }

        float learningRate = LearningRate(Step);
        if (Options.ClipNorm == 0)
        {
            _state.Optimizer.StepInBackward(Model.Loss, learningRate);
        }

        tape.Backward(loss, _buckets is null ? null : _buckets.Written);
        _buckets?.Finish();
        if (Options.ClipNorm > 0)
        {
            _state.Optimizer.ClipGradients(Options.ClipNorm);
        }

        _state.Optimizer.Step(learningRate);
        _state.Step++;
    }

    private float LearningRate(long step) => _state.Schedule.At(Options.LearningRate, step, Steps);

    /// <summary>Whether it is true on any rank; all get the same answer.</summary>
    private bool AnyRank(bool here)
    {
        float answer = here ? 1 : 0;
        Ranks.AllReduceMax(new Span<float>(ref answer));
        return answer > 0;
    }

    private void Report(Action<TrainingProgress>? progress, bool endOfEpoch)
    {
        double? angle = Model.Loss.Prototypes is null ? null : _state.OwnAngle.Value;
        double rate = (Step - _firstStep) * Options.Batch / Math.Max(_watch.Elapsed.TotalSeconds, 1e-9);
        int epoch = (int)((Step - 1) / _loader.BatchesPerEpoch) + 1;
        float learningRate = LearningRate(Step - 1);
        progress?.Invoke(new(Step, Steps, epoch, Options.Epochs, _state.Loss.Value, learningRate, angle, rate, endOfEpoch));
        if (Step % Options.LogEvery == 0 || Step == Steps)
        {
            (double loss, double own) = (_state.Loss.Take(), _state.OwnAngle.Take());
            _log?.Write(Step, epoch, loss, learningRate, own, rate);
        }
    }

    private void EndEpoch(int epoch, Func<ValidationScore>? validate)
    {
        _folder.JoinStatistics();
        double meanLoss = _state.EpochLoss.Take();
        if (validate is null)
        {
            _folder.KeepIfBest(-meanLoss);
        }
        else if (epoch % Options.ValidateEvery == 0 || epoch == Options.Epochs)
        {
            ValidationScore score = validate();
            _log?.Write(Step, score);
            double value = score.Value;
            Ranks.Broadcast(new Span<double>(ref value), root: 0);
            _folder.KeepIfBest(value);
        }

        _folder.SaveCheckpoint();
    }
}
