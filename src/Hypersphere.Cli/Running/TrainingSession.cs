using System.Globalization;
using Hypersphere.Backbones;
using Hypersphere.Cli.Commands;
using Hypersphere.Cli.Display;
using Hypersphere.Collectives;
using Hypersphere.Data;
using Hypersphere.Evaluation;
using Hypersphere.Layers;
using Hypersphere.Registry;
using Hypersphere.Tensors;
using Hypersphere.Training;

namespace Hypersphere.Cli.Running;

/// <summary>Trains before the eyes of a person, then measures.</summary>
/// <param name="terminal">Where to show it.</param>
/// <param name="resumeCommand">What to type to go on after an interruption.</param>
/// <param name="run">The ranks that train together; null for this process alone.</param>
internal sealed class TrainingSession(Terminal terminal, string resumeCommand, RankedRun? run = null)
{
    /// <summary>Pairs drawn for verification; fewer when the images do not give as many.</summary>
    private const int UsualPairs = 6000;

    private static readonly Rng PairRandom = new Rng(0).Fork("verification pairs");

    /// <summary>Trains to the end or until stopped.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="options">What decides it.</param>
    /// <param name="data">Training images.</param>
    /// <param name="mode">What to do with a run that is there already.</param>
    /// <param name="test">Images to measure on; null measures nothing.</param>
    /// <param name="check">Refuses what an old run began with, if it must.</param>
    /// <param name="validation">Tests the network between epochs; null lets the training loss decide which checkpoint is the best.</param>
    /// <exception cref="StoppedException">A person or the system stopped it; everything is saved.</exception>
    public TrainedRun Train(
        string folder, TrainingOptions options, ImageSource data, RunMode mode, ImageSource? test, Action<TrainingOptions>? check = null,
        PairValidation? validation = null)
    {
        RunLock? alone = null;
        Trainer? trainer = null;
        try
        {
            RankedRun.Together(run, () =>
            {
                alone = run is { Ranks.Rank: > 0 } ? null : new RunLock(folder);
                trainer = Open(folder, options, data, mode, check);
            });
            run?.Require(
                ("the data", DatasetSummary.Fingerprint(data)), ("the test’s data", Fingerprint(test)), ("the validation’s data", Fingerprint(validation?.Images)),
                ("the newest checkpoint’s step", $"{trainer!.Step}"),
                ("the network’s hash", trainer.Model.Fingerprint()));
            Announce(trainer!, mode);
            SetTraining(true);
            Timing timing = Train(trainer!, folder, validation);
            SetTraining(false);
            return Finish(trainer!, folder, timing, test);
        }
        finally
        {
            trainer?.Dispose();
            alone?.Dispose();
        }
    }

    private static string Fingerprint(ImageSource? images) => images is null ? "none" : DatasetSummary.Fingerprint(images);

    private void SetTraining(bool trains)
    {
        if (run is not null)
        {
            run.IsTraining = trains;
        }
    }

    private Trainer Open(string folder, TrainingOptions options, ImageSource data, RunMode mode, Action<TrainingOptions>? check)
    {
        Trainer trainer = (mode == RunMode.Resume ? Trainer.Resume(folder, data, run?.Ranks) : null)
            ?? Trainer.Begin(options, data, folder, mode == RunMode.Replace, run?.Ranks);
        if (mode == RunMode.Resume)
        {
            check?.Invoke(trainer.Options);
        }

        return trainer;
    }

    /// <summary>Measures. The ranks embed together and part: one of them goes on, with the whole model if each had some of its classes only.</summary>
    private TrainedRun Finish(Trainer trainer, string folder, Timing timing, ImageSource? test)
    {
        EmbeddingSet? embeddings = test is null ? null : Embed(trainer.Model, test);
        run?.Leave();
        EmbeddingModel model = run is { Ranks: { Rank: 0, Size: > 1 } } ? EmbeddingModel.Load(folder) : trainer.Model;
        EvaluationResult? result = embeddings is null || run is { Ranks.Rank: > 0 } ? null : Measure(model, embeddings, test!.ClassNames);
        return new TrainedRun(model.Loss.Name, folder, trainer.Options, model, timing, embeddings, result);
    }

    /// <summary>Everything that can be measured on a set; prototypes count only for the classes they were made for.</summary>
    /// <param name="model">The network, if it is known.</param>
    /// <param name="embeddings">Its embeddings.</param>
    /// <param name="classNames">The classes of their labels.</param>
    /// <param name="pairs">Pairs to verify; null draws balanced ones, the same ones every time.</param>
    public static EvaluationResult Measure(
        Embedder? model, EmbeddingSet embeddings, IReadOnlyList<string> classNames, VerificationPairs? pairs = null)
    {
        EmbeddingModel? trained = model is EmbeddingModel m && classNames.SequenceEqual(m.ClassNames) ? m : null;
        ReadOnlySpan<float> prototypes = trained?.Loss.Prototypes is { } p ? p.Value.Span : default;
        int centers = (model as EmbeddingModel)?.Loss.PrototypesPerClass ?? 1;
        return EvaluationResult.Measure(embeddings, pairs ?? Draw(embeddings.Labels), prototypes, centers: centers);
    }

    private void Announce(Trainer trainer, RunMode mode)
    {
        Backbone network = trainer.Model.Backbone;
        NetworkCost cost = NetworkCost.Of(network, new Shape(1, network.Context.Height, network.Context.Width, network.Context.Channels));
        long kept = network.Parameters().Where(p => p.Parameter.IsFrozen).Sum(p => (long)p.Parameter.Value.Count);
        string frozen = kept > 0 ? $" ({kept:N0} frozen)" : "";
        terminal.Out.WriteLine(
            $"train  {trainer.Options.Loss} on {Spec.Parse(network.ToString()).Name}, {cost.Parameters:N0} parameters{frozen}, {BackboneCatalogue.Flops(cost.Flops)}FLOPs an image");
        if (trainer.Model.Loss.Warning is { } warning)
        {
            terminal.Out.WriteLine($"note   {warning}");
        }

        if (mode == RunMode.Resume && trainer.Step > 0)
        {
            terminal.Out.WriteLine($"resume step {trainer.Step:N0} of {trainer.Steps:N0}");
        }
    }

    private Timing Train(Trainer trainer, string folder, PairValidation? validation)
    {
        using var signals = new StopSignals(terminal);
        long first = trainer.Step;
        double loss = double.NaN, rate = double.NaN;
        TrainingEnd end = TrainingDisplay.For(terminal).Show(trainer.Options.Batch, show => trainer.Run(
            p =>
            {
                (loss, rate) = (p.Loss, p.SamplesPerSecond);
                show(p);
            },
            validation is null ? null : () => Validate(validation, trainer.Model),
            stop: signals.Token));
        if (end == TrainingEnd.Stopped)
        {
            throw new StoppedException($"stopped at step {trainer.Step:N0} of {trainer.Steps:N0}; saved. Go on with: {resumeCommand}", signals.ExitCode);
        }

        double seconds = trainer.Trained.TotalSeconds;
        if (trainer.Step > first)
        {
            terminal.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"done   {ProgressText.Clock(trainer.Trained)}, {rate:N0} images/s, waited for data {trainer.WaitedForData.TotalSeconds / seconds:0.0%} of the time"));
        }

        rate = trainer.Step > first ? rate : TrainingCurve.Last(folder, "samples_per_second");
        return new Timing(first == 0 ? seconds : trainer.Steps * trainer.Options.Batch / rate, rate, loss, TrainingCurve.Last(folder, "tensor_bytes"));
    }

    private ValidationScore Validate(PairValidation validation, EmbeddingModel model)
    {
        ValidationScore score = validation.Measure(model, run?.Ranks);
        IEnumerable<string> rest = score.Measures.Skip(1).Select(m =>
            string.Create(CultureInfo.InvariantCulture, $"{m.Name[(m.Name.IndexOf('_', StringComparison.Ordinal) + 1)..]} {m.Value:0.0%}"));
        terminal.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"valid  TAR@FAR {validation.Far:0.####e-0} {score.Value:0.0%}  {string.Join("  ", rest)}"));
        return score;
    }

    private EmbeddingSet Embed(EmbeddingModel model, ImageSource test)
    {
        terminal.Out.WriteLine($"test   {test.Count:N0} images");
        ICollective ranks = run is null ? SingleProcess.Instance : run.Ranks;
        using var counter = new CountDisplay(terminal, new Shares(test.Count, ranks.Size).Count(ranks.Rank));
        return model.Embed(test, ranks, counter.Update);
    }

    /// <summary>Draws pairs as usual; null when there are too few to draw from.</summary>
    public static VerificationPairs? Draw(int[] labels)
    {
        for (int count = UsualPairs; count >= 20; count /= 4)
        {
            try
            {
                return VerificationPairs.Balanced(labels, count - (count % 2), PairRandom);
            }
            catch (InputException)
            {
                // a small set does not have as many distinct pairs: try fewer
            }
        }

        return null;
    }
}

/// <summary>What happens to a run that its folder holds already.</summary>
internal enum RunMode
{
    /// <summary>It is an error.</summary>
    Begin,

    /// <summary>It goes on.</summary>
    Resume,

    /// <summary>It is lost.</summary>
    Replace,
}

/// <summary>A training was stopped from outside and has saved.</summary>
/// <param name="message">How to go on.</param>
/// <param name="exitCode">What the process answers.</param>
internal sealed class StoppedException(string message, int exitCode) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
