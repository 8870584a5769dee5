using System.CommandLine;
using System.Globalization;
using Hypersphere.Backbones;
using Hypersphere.Registry;
using Hypersphere.Training;

namespace Hypersphere.Cli.Running;

/// <summary>The options of the command line that become <see cref="TrainingOptions"/>.</summary>
/// <param name="oneLoss">Whether --loss is among them; otherwise the command says which losses.</param>
internal sealed class TrainingArguments(bool oneLoss = true)
{
    private static readonly TrainingOptions Usual = new() { Epochs = 10, CheckpointEvery = 500 };

    private const string WholeBatch = "synchronised", PerRank = "per-rank";

    private readonly Option<string> _recipe = Options.Text("--recipe", "NAME", "Take the options of a recipe; those that are given here go before."),
        _start = Options.Text("--from", "MODEL", "Begin with the network of a run, a .safetensors file or onnx:FILE instead of random weights."),
        _augment = Options.Text("--augment", "CHANGES", "More random changes, such as “affine(rotation=10) + jitter + erase”.", Usual.Augment),
        _preprocessing = Options.Text("--preprocessing", "FORM", "How bytes become numbers, such as “bgr(mean=127.5, std=128)”; auto: as the model of --from, else “rgb”.", Usual.Preprocessing),
        _backbone = Options.Text("--backbone", "NAME", "The network.", Usual.Backbone),
        _loss = Options.Text("--loss", "LOSS", "The loss; see “hypersphere losses”.", Usual.Loss),
        _optimizer = Options.Text("--optimizer", "NAME", "How weights follow their gradients.", Usual.Optimizer),
        _schedule = Options.Text("--schedule", "NAME", "The course of the learning rate.", Usual.Schedule),
        _sampler = Options.Text("--sampler", "NAME", "How batches are drawn; auto: shuffled, or “pk(samples=4)” for losses over pairs.", Usual.Sampler);

    private readonly Option<string> _norm = Options.Choice(
        "--batch-norm", "Over ranks: the statistics of the whole batch, or each rank’s own.", WholeBatch, PerRank);

    private readonly Option<bool> _imprint = Options.Flag("--imprint", "Begin with the mean direction of each class as its prototype, for --from.");

    private readonly Option<int> _epochs = Options.Whole("--epochs", "N", "Passes over the images.", Usual.Epochs),
        _batch = Options.Whole("--batch", "N", "Images in a step.", Usual.Batch),
        _crop = Options.Whole("--crop", "N", "Shift images at random by up to N pixels.", 0, minimum: 0, maximum: 1024),
        _every = Options.Whole("--checkpoint-every", "N", "Steps between checkpoints; 0: one an epoch.", Usual.CheckpointEvery, minimum: 0),
        _validateEvery = Options.Whole("--validate-every", "N", "Epochs between validations; see --validate.", Usual.ValidateEvery),
        _trainLast = Options.Whole("--train-last", "N", "Train only the network’s last N layers with weights, for --from; 0: the prototypes alone.", minimum: 0),
        _log = Options.Whole("--log-every", "N", "Steps between lines of metrics.jsonl.", Usual.LogEvery),
        _keep = Options.Whole("--keep", "N", "Checkpoints to keep besides the best.", Usual.KeepCheckpoints),
        _seed = Options.Seed();

    private readonly Option<double> _rate = Options.Real("--lr", "X", "Peak learning rate.", 0.1, minimum: 1e-12, maximum: 1e6),
        _backboneRate = Options.Real("--backbone-lr", "SHARE", "The network’s learning rate as a share of --lr, for --from.", Usual.BackboneRate, maximum: 1),
        _clip = Options.Real("--clip", "X", "Largest joint norm of the gradients; 0: no limit.", 0),
        _partial = Options.Real("--partial-fc", "RATE", "Share of the classes that a step compares with: its own and others drawn at random; 1: all.", 1, maximum: 1),
        _sparse = Options.Real(
            "--sparse-gradient", "EPS", "Leave classes out of an image’s gradient whose share of the other classes’ sum is at most EPS; 0: none.", 0, maximum: 0.1),
        _ramp = Options.Real("--margin-ramp", "SHARE", "Share of the training over which the margin rises from 0.", 0, maximum: 1),
        _flip = Options.Real("--flip", "P", "Probability of mirroring an image.", 0, maximum: 1);

    /// <summary>What the network, loss, optimizer and schedule may be, for a help page.</summary>
    public static string Choices() => string.Join(
        '\n',
        $"Networks: {Names<Backbones.Backbone>()}.",
        $"Losses: {Names<Losses.Loss>()}.",
        $"Optimizers: {Names<Optimizers.Optimizer>()}. Schedules: {Names<Optimizers.Schedule>()}. Samplers: {Names<Data.Sampler>()}. Changes of images: {Names<Data.Augmentation>()}.",
        $"Recipes: {string.Join("; ", Recipe.All.Select(r => $"{r.Name} ({r.Summary})"))}.",
        "Each takes parameters in parentheses, such as “arcface(margin=0.5, scale=64)”.");

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])
            [
                _recipe, _backbone, _start, _loss, _epochs, _batch, _rate, _backboneRate, _trainLast, _imprint, _optimizer, _schedule, _sampler, _ramp, _partial, _sparse,
                _flip, _crop, _augment, _preprocessing, _clip, _norm,
                _validateEvery, _every, _keep, _log, _seed,
            ])
        {
            if (option != _loss || oneLoss)
            {
                command.Options.Add(option);
            }
        }
    }

    public int Seed(ParseResult parsed) => parsed.GetValue(_seed);

    /// <summary>The recipe's options, or the usual ones, under those that were given.</summary>
    /// <exception cref="InputException">There is no such recipe.</exception>
    public TrainingOptions Read(ParseResult parsed)
    {
        TrainingOptions recipe = parsed.GetValue(_recipe) is { } name ? Recipe.Find(name).Options with { CheckpointEvery = Usual.CheckpointEvery } : Usual;
        T Given<T>(Option<T> option, T otherwise) => parsed.GetResult(option) is { Implicit: false } ? parsed.GetValue(option)! : otherwise;
        string start = Given(_start, "");
        bool network = BackboneFiles.Knows(start);
        return recipe with
        {
            Backbone = Given(_backbone, network ? start : start.Length > 0 ? EmbeddingModel.BackboneOf(start) ?? recipe.Backbone : recipe.Backbone),
            WarmStart = network ? "" : start,
            Loss = oneLoss ? Given(_loss, recipe.Loss) : recipe.Loss,
            Optimizer = Given(_optimizer, recipe.Optimizer),
            Schedule = Given(_schedule, recipe.Schedule),
            Sampler = Given(_sampler, recipe.Sampler),
            Preprocessing = Given(_preprocessing, recipe.Preprocessing),
            LearningRate = (float)Given(_rate, recipe.LearningRate),
            BackboneRate = (float)Given(_backboneRate, recipe.BackboneRate),
            TrainLast = Given(_trainLast, -1) is >= 0 and var layers ? layers : recipe.TrainLast,
            Imprint = Given(_imprint, recipe.Imprint),
            Epochs = Given(_epochs, recipe.Epochs),
            Batch = Given(_batch, recipe.Batch),
            Seed = (ulong)parsed.GetValue(_seed),
            ClipNorm = (float)Given(_clip, recipe.ClipNorm),
            MarginRamp = (float)Given(_ramp, recipe.MarginRamp),
            PartialFc = Given(_partial, recipe.PartialFc) is < 1 and var share ? share : 0,
            SparseGradient = (float)Given(_sparse, recipe.SparseGradient),
            Flip = (float)Given(_flip, recipe.Flip),
            Augment = Given(_augment, recipe.Augment),
            CropPadding = Given(_crop, recipe.CropPadding),
            BatchNormPerRank = Given(_norm, recipe.BatchNormPerRank ? PerRank : WholeBatch) == PerRank,
            ValidateEvery = Given(_validateEvery, recipe.ValidateEvery),
            CheckpointEvery = Given(_every, recipe.CheckpointEvery),
            KeepCheckpoints = Given(_keep, recipe.KeepCheckpoints),
            LogEvery = Given(_log, recipe.LogEvery),
        };
    }

    /// <summary>Refuses to go on with a run under options other than those it began with.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="stored">What the run began with.</param>
    /// <exception cref="InputException">An option was given and differs.</exception>
    public void RequireSame(ParseResult parsed, TrainingOptions stored)
    {
        foreach (((Option option, string now), (_, string then)) in Values(Read(parsed)).Zip(Values(stored)))
        {
            bool chosenForThem = (option == _sampler && now == Usual.Sampler) || (option == _preprocessing && now == Usual.Preprocessing);
            if (parsed.GetResult(option) is { Implicit: false } && now != then && !chosenForThem)
            {
                throw new InputException(
                    $"--resume goes on with {option.Name} {then}, with which the run began, not {now}; leave {option.Name} out, or begin a new run.");
            }
        }
    }

    /// <summary>What was chosen and decides the result, in words that can be compared.</summary>
    public IEnumerable<(string Option, string Value)> Settings(ParseResult parsed) =>
        Values(Read(parsed)).Where(v => v.Option != _loss || oneLoss).Select(v => (v.Option.Name, v.Value));

    private IEnumerable<(Option Option, string Value)> Values(TrainingOptions options)
    {
        (Option Option, object Value)[] all =
        [
            (_backbone, options.Backbone), (_loss, options.Loss), (_optimizer, options.Optimizer), (_schedule, options.Schedule),
            (_sampler, options.Sampler), (_rate, options.LearningRate), (_epochs, options.Epochs), (_batch, options.Batch), (_seed, options.Seed),
            (_clip, options.ClipNorm), (_start, options.WarmStart), (_backboneRate, options.BackboneRate),
            (_trainLast, options.TrainLast?.ToString(CultureInfo.InvariantCulture) ?? "all"), (_imprint, options.Imprint), (_preprocessing, options.Preprocessing),
            (_ramp, options.MarginRamp), (_partial, options.PartialFc), (_sparse, options.SparseGradient), (_flip, options.Flip), (_crop, options.CropPadding),
            (_augment, options.Augment), (_norm, options.BatchNormPerRank ? PerRank : WholeBatch),
        ];
        return all.Select(v => (v.Option, string.Create(CultureInfo.InvariantCulture, $"{v.Value}")));
    }

    private static string Names<T>()
        where T : class => string.Join(", ", Registry<T>.All.Select(c => c.Attribute.Name));
}
