namespace Hypersphere.Training;

/// <summary>Training options that are known to work, under a name.</summary>
/// <param name="Name">Such as «finetune».</param>
/// <param name="Summary">What it is for, in a line.</param>
/// <param name="Source">Where its numbers come from.</param>
/// <param name="Options">The numbers.</param>
public sealed record Recipe(string Name, string Summary, string Source, TrainingOptions Options)
{
    private static readonly TrainingOptions Slim = new()
    {
        Backbone = "iresnet(blocks=1 1 2 1, width=16, stem_stride=2, dropout=0.4, embedding=128)", Loss = "arcface(margin=0.3, scale=32)",
        Batch = 64, Epochs = 24, Schedule = "cosine(warmup=200)", MarginRamp = 0.3f, Flip = 0.5f,
    };

    /// <summary>All recipes.</summary>
    public static IReadOnlyList<Recipe> All { get; } =
    [
        new("faces", "hundreds of identities at 112×112, ten minutes on a processor", "an IResNet of 32 to 256 channels, small turns and colours changed; docs/faces.md", Slim with
        {
            Backbone = "iresnet(width=32)", Epochs = 40, Optimizer = "sgd(weight_decay=0.001)",
            Augment = "affine(rotation=10, scale=0.1, shift=0.05) + jitter(brightness=0.3, contrast=0.3, saturation=0.3) + grey(probability=0.1)",
        }),
        new("slim-faces", "the same in three minutes, mirrored images only", "an IResNet of 16 to 128 channels, the margin ramped; docs/faces.md", Slim),
        new("arcface", "a million images and more", "Deng et al., CVPR 2019; the rate is for batches of 512, as the paper's", new()
        {
            Backbone = "iresnet50(embedding=512)", Loss = "arcface(margin=0.5, scale=64)", Batch = 512, Epochs = 16,
            Schedule = "step(drops=3)", Flip = 0.5f,
        }),
        new("mobile", "a network for small devices, many identities", "Chen et al., MobileFaceNets, CCBR 2018, with ArcFace", new()
        {
            Backbone = "mobilefacenet(embedding=128)", Loss = "arcface(margin=0.5, scale=64)", Batch = 512, Epochs = 24,
            Schedule = "step(drops=3)", Optimizer = "sgd(weight_decay=0.00004)", Flip = 0.5f,
        }),
        new("finetune", "a published embedder on people of your own", "prototypes begin as class means, the network moves at a fiftieth of their rate; see docs/faces.md", new()
        {
            Loss = "arcface(margin=0.3, scale=32)", LearningRate = 0.02f, BackboneRate = 0.02f, Imprint = true, Batch = 64, Epochs = 2, Flip = 0.5f,
            Schedule = "cosine(warmup=50)", Augment = "affine(rotation=5, scale=0.05, shift=0.03) + jitter",
        }),
    ];

    /// <summary>Finds a recipe.</summary>
    /// <exception cref="InputException">There is none of that name.</exception>
    public static Recipe Find(string name) => All.FirstOrDefault(r => string.Equals(r.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new InputException($"there is no recipe '{name}'{Registry.Spec.Suggest(name, All.Select(r => r.Name))}; known: {string.Join(", ", All.Select(r => r.Name))}.");
}
