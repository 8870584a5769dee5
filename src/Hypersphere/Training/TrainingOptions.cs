using Hypersphere.Data;

namespace Hypersphere.Training;

/// <summary>All that decides a training, apart from the data: two runs with equal options on equal data end in equal bits.</summary>
public sealed record TrainingOptions
{
    /// <summary>Specification of the network.</summary>
    public string Backbone { get; init; } = "small-cnn";

    /// <summary>Specification of the loss.</summary>
    public string Loss { get; init; } = "arcface(margin=0.3, scale=16)";

    /// <summary>Specification of the optimizer.</summary>
    public string Optimizer { get; init; } = "sgd";

    /// <summary>Specification of the learning rate's course.</summary>
    public string Schedule { get; init; } = "cosine(warmup=100)";

    /// <summary>Specification of how batches are drawn; «auto» is «shuffled», or «pk» for losses that need positives in the
    /// batch.</summary>
    public string Sampler { get; init; } = "auto";

    /// <summary>Peak learning rate, above 0.</summary>
    public float LearningRate { get; init; } = 0.1f;

    /// <summary>Passes over the data, at least 1.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>Images in a step, at least 1.</summary>
    public int Batch { get; init; } = 128;

    /// <summary>A model whose network the training begins with: the folder of a run, or a .safetensors file, also one with the names of
    /// a PyTorch state dictionary; empty for random weights. Its prototypes are taken too where loss and classes are the same.</summary>
    public string WarmStart { get; init; } = "";

    /// <summary>The network's learning rate as a share of the loss's, 0 to 1: below 1 keeps what a warm start brought.</summary>
    public float BackboneRate { get; init; } = 1;

    /// <summary>How many of the network's last layers with weights (convolutions, linear layers) change, with all that follows them; what is
    /// before stays as it was, batch statistics included. 0 trains the prototypes alone; null, all.</summary>
    public int? TrainLast { get; init; }

    /// <summary>Whether prototypes begin as the mean direction of their class's embeddings instead of at random (weight imprinting, Qi et al.,
    /// CVPR 2018): then a warm start is not pulled apart by prototypes that know nothing. Costs one embedding of all images.</summary>
    public bool Imprint { get; init; }

    /// <summary>Over ranks: whether batch normalisation takes the statistics of each rank's images alone, which needs no exchange, instead of those
    /// of the whole batch, which is what one process would do. Running statistics are then the mean over the ranks.</summary>
    public bool BatchNormPerRank { get; init; }

    /// <summary>Root of all randomness.</summary>
    public ulong Seed { get; init; }

    /// <summary>Largest joint norm of the gradients; 0 for no clipping.</summary>
    public float ClipNorm { get; init; }

    /// <summary>Share of the training over which a margin rises from 0 to its full size, 0 to 1; 0 for the full margin from the
    /// start.</summary>
    public float MarginRamp { get; init; }

    /// <summary>Share of the classes that a step compares with, as <see cref="Losses.MarginSoftmaxLoss.SampleRate"/> says (Partial FC); 0 or 1
    /// for all.</summary>
    public double PartialFc { get; init; }

    /// <summary>ε of <see cref="Losses.MarginSoftmaxLoss.SparseGradient"/>, 0 to 0.1: classes that matter less to an image get no gradient from it;
    /// 0 for the whole gradient.</summary>
    public float SparseGradient { get; init; }

    /// <summary>How bytes become the network's numbers, as <see cref="Data.Preprocessing"/> writes it; «auto» is
    /// <see cref="Data.Preprocessing.Usual"/>, or what a model that the training starts from was made with.</summary>
    public string Preprocessing { get; init; } = "auto";

    /// <summary>Probability of mirroring an image.</summary>
    public float Flip { get; init; }

    /// <summary>Pixels of padding from which a random crop of the image's size is cut; 0 for none.</summary>
    public int CropPadding { get; init; }

    /// <summary>More random changes of the images, such as «affine(rotation=10) + jitter + erase»; they follow crop and mirror.</summary>
    public string Augment { get; init; } = "";

    /// <summary>Steps between checkpoints; 0 for one at the end of each epoch only.</summary>
    public int CheckpointEvery { get; init; }

    /// <summary>Epochs between validations, at least 1; the last epoch is always followed by one.</summary>
    public int ValidateEvery { get; init; } = 1;

    /// <summary>Checkpoints kept besides the best one, at least 1.</summary>
    public int KeepCheckpoints { get; init; } = 2;

    /// <summary>Steps between lines of metrics.jsonl.</summary>
    public int LogEvery { get; init; } = 20;

    /// <summary>All random changes of the images, in order.</summary>
    /// <exception cref="InputException"><see cref="Augment"/> cannot be read.</exception>
    public IReadOnlyList<Augmentation> Augmentations()
    {
        IEnumerable<Augmentation> crop = CropPadding > 0 ? [new Crop(CropPadding)] : [], flip = Flip > 0 ? [new Flip(Flip)] : [];
        return [.. crop, .. flip, .. Augmentation.Parse(Augment)];
    }

    /// <summary>Refuses what cannot be trained.</summary>
    /// <exception cref="InputException">An option is out of range.</exception>
    public void Validate()
    {
        Require(Epochs >= 1, "epochs", "at least 1", Epochs);
        Require(Batch >= 1, "the batch", "at least 1", Batch);
        Require(LearningRate > 0 && float.IsFinite(LearningRate), "the learning rate", "above 0", LearningRate);
        Require(ClipNorm >= 0 && float.IsFinite(ClipNorm), "the gradients' largest norm", "0 or more", ClipNorm);
        Require(MarginRamp is >= 0 and <= 1, "the margin's ramp", "0 to 1", MarginRamp);
        Require(PartialFc is >= 0 and <= 1, "the share of classes of Partial FC", "0 to 1", PartialFc);
        Require(SparseGradient is >= 0 and <= 0.1f, "the threshold of a sparse gradient", "0 to 0.1", SparseGradient);
        Require(Flip is >= 0 and <= 1, "the flip probability", "0 to 1", Flip);
        Require(CropPadding >= 0, "the crop's padding", "0 or more pixels", CropPadding);
        _ = Augmentations();
        Require(CheckpointEvery >= 0, "steps between checkpoints", "0 or more", CheckpointEvery);
        Require(BackboneRate is >= 0 and <= 1, "the network's share of the learning rate", "0 to 1", BackboneRate);
        Require(TrainLast is null or >= 0, "the number of layers to train", "0 or more", TrainLast ?? 0);
        Require(ValidateEvery >= 1, "epochs between validations", "at least 1", ValidateEvery);
        Require(KeepCheckpoints >= 1, "kept checkpoints", "at least 1", KeepCheckpoints);
        Require(LogEvery >= 1, "steps between log lines", "at least 1", LogEvery);
    }

    private static void Require(bool holds, string what, string expected, IFormattable got)
    {
        if (!holds)
        {
            throw new InputException(FormattableString.Invariant($"{what} must be {expected} but is {got}."));
        }
    }
}
