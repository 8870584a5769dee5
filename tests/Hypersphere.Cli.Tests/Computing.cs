namespace Commands;

/// <summary>Tests that compute share the worker pool, whose size the command line sets: they run one after another.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Computing
{
    public const string Name = "computing";

    /// <summary>A training that takes a moment.</summary>
    internal static string[] TinyTraining(string folder, params string[] more) =>
    [
        "train", "--data", "synthetic:classes=4,images=96,size=8", "--backbone", "small-cnn(embedding=8, width=4)",
        "--schedule", "cosine(warmup=2)", "--batch", "16", "--epochs", "2", "--out", folder, .. more,
    ];
}
