using Hypersphere.Collectives;
using Hypersphere.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Hypersphere.Training;

/// <summary>What a training leaves behind: checkpoints, the best of them, and the model. All ranks call the same; rank 0 writes.</summary>
/// <param name="path">The run's folder; null keeps nothing.</param>
/// <param name="state">The training.</param>
internal sealed class TrainingFolder(string? path, TrainingState state)
{
    private ICollective Ranks => state.Ranks;

    /// <summary>Makes the folder.</summary>
    /// <exception cref="InputException">It cannot be made.</exception>
    public static void Create(string path)
    {
        try
        {
            Directory.CreateDirectory(CheckpointFolder.In(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{CheckpointFolder.In(path)}: the folder cannot be made ({e.Message}); choose another --out.", e);
        }
    }

    /// <summary>Gives all ranks the same running statistics, where each has its own.</summary>
    public void JoinStatistics()
    {
        if (state.Options.BatchNormPerRank && Ranks.Size > 1)
        {
            foreach (NamedBuffer buffer in state.Model.Backbone.Buffers())
            {
                Ranks.AllReduceSum(buffer.Value.Span);
                TensorPrimitives.Divide(buffer.Value.Span, Ranks.Size, buffer.Value.Span);
            }
        }
    }

    /// <summary>Keeps the training as it is now, if it has never been better.</summary>
    public void KeepIfBest(double score)
    {
        if (score > state.BestScore)
        {
            state.BestScore = score;
            if (path is not null)
            {
                NonFinite.RequireFinite(state);
                Checkpoint.Save(CheckpointFolder.BestOf(path), state);
            }
        }
    }

    /// <summary>Writes a checkpoint and deletes the oldest.</summary>
    public void SaveCheckpoint()
    {
        if (path is not null)
        {
            NonFinite.RequireFinite(state);
            JoinStatistics();
            Checkpoint.Save(CheckpointFolder.PathOf(path, state.Step), state);
            if (Ranks.Rank == 0)
            {
                CheckpointFolder.Prune(path, state.Options.KeepCheckpoints);
            }
        }
    }

    /// <summary>Writes the model.</summary>
    public void SaveModel()
    {
        if (path is not null)
        {
            state.Model.Save(Path.Combine(path, CheckpointFolder.ModelFile));
        }
    }
}
