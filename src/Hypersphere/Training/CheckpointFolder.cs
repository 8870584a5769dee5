using System.Globalization;

namespace Hypersphere.Training;

/// <summary>The files of a run: checkpoints/step-….safetensors, checkpoints/best.safetensors, model.safetensors.</summary>
internal static class CheckpointFolder
{
    public const string ModelFile = "model.safetensors";
    private const string Pattern = "step-*.safetensors";

    public static string In(string run) => Path.Combine(run, "checkpoints");

    public static string PathOf(string run, long step) =>
        Path.Combine(In(run), string.Create(CultureInfo.InvariantCulture, $"step-{step:D9}.safetensors"));

    public static string BestOf(string run) => Path.Combine(In(run), "best.safetensors");

    /// <summary>The checkpoint of the most steps, or null if there is none.</summary>
    public static string? Newest(string run) => All(run).LastOrDefault();

    /// <summary>Deletes all but the newest ones.</summary>
    public static void Prune(string run, int keep)
    {
        foreach (string old in All(run).SkipLast(keep))
        {
            File.Delete(old);
        }
    }

    /// <summary>A model file from what a person named: the file itself, or what a run's folder holds.</summary>
    public static string FindModel(string path)
    {
        if (!Directory.Exists(path))
        {
            return path;
        }

        string model = Path.Combine(path, ModelFile);
        return File.Exists(model)
            ? model
            : Newest(path) ?? throw new InputException($"{path}: holds neither {ModelFile} nor checkpoints; name the folder of a training run or a .safetensors file.");
    }

    private static string[] All(string run) =>
        Directory.Exists(In(run)) ? [.. Directory.GetFiles(In(run), Pattern).Order(StringComparer.Ordinal)] : [];
}
