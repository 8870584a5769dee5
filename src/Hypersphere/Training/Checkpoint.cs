using System.Globalization;
using System.Text.Json;
using Hypersphere.Collectives;
using Hypersphere.Formats;

namespace Hypersphere.Training;

/// <summary>The whole state of a training in one safetensors file: weights, running statistics, optimizer, position.</summary>
/// <remarks>Randomness needs no state: it is a function of the seed and the step. Data order likewise.</remarks>
internal static class Checkpoint
{
    public static void Save(string path, TrainingState state)
    {
        Dictionary<string, string> metadata = state.Model.Metadata();
        metadata["options"] = JsonSerializer.Serialize(state.Options, TrainingJson.Default.TrainingOptions);
        metadata["data"] = state.DataFingerprint;
        metadata["step"] = state.Step.ToString(CultureInfo.InvariantCulture);
        metadata["best"] = state.BestScore.ToString("R", CultureInfo.InvariantCulture);
        metadata["mean_loss"] = state.Loss.Save();
        metadata["mean_angle"] = state.OwnAngle.Save();
        metadata["mean_epoch_loss"] = state.EpochLoss.Save();
        SpreadFile.Save(
            path, metadata, [.. state.Model.Entries(), .. StateFile.Entries("optimizer.", state.Optimizer.State)],
            [.. state.Model.SpreadTensors(), .. state.Optimizer.State.Select(b => b.Value).Where(t => t.Spread is not null)], state.Ranks);
    }

    /// <summary>Restores a state as it was saved, on data that must be the same.</summary>
    /// <exception cref="InputException">The file is damaged, or was saved on other data.</exception>
    public static TrainingState Load(string path, Data.ImageSource data, ICollective ranks)
    {
        using SafetensorsFile stored = SafetensorsFile.Open(path);
        TrainingOptions options = ReadOptions(stored, path);
        string fingerprint = Data.DatasetSummary.Fingerprint(data);
        if (EmbeddingModel.Required(stored, path, "data") != fingerprint)
        {
            throw new InputException($"{path}: was saved on other data than {data.Origin}; give the data that the run began with, or begin a new run.");
        }

        TrainingState state = TrainingState.Create(options, data, ranks, EmbeddingModel.Read(stored, path, ranks));
        StateFile.Load(stored, "optimizer.", state.Optimizer.State);
        state.Step = Number(stored, path, "step", long.Parse);
        state.Optimizer.Steps = state.Step;
        state.BestScore = Number(stored, path, "best", double.Parse);
        state.Loss.Load(EmbeddingModel.Required(stored, path, "mean_loss"));
        state.OwnAngle.Load(EmbeddingModel.Required(stored, path, "mean_angle"));
        state.EpochLoss.Load(EmbeddingModel.Required(stored, path, "mean_epoch_loss"));
        return state;
    }

    private static TrainingOptions ReadOptions(SafetensorsFile stored, string path)
    {
        try
        {
            return JsonSerializer.Deserialize(EmbeddingModel.Required(stored, path, "options"), TrainingJson.Default.TrainingOptions)
                ?? throw new InputException($"{path}: its training options are empty; the file is damaged.");
        }
        catch (JsonException e)
        {
            throw new InputException($"{path}: its training options are damaged.", e);
        }
    }

    private static T Number<T>(SafetensorsFile stored, string path, string key, Func<string, IFormatProvider, T> parse)
    {
        string text = EmbeddingModel.Required(stored, path, key);
        try
        {
            return parse(text, CultureInfo.InvariantCulture);
        }
        catch (FormatException e)
        {
            throw new InputException($"{path}: its {key} reads '{text}'; the file is damaged.", e);
        }
    }
}
