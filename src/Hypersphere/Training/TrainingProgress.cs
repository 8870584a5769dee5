namespace Hypersphere.Training;

/// <summary>Where a training stands after a step.</summary>
/// <param name="Step">Steps taken.</param>
/// <param name="Steps">Steps of the whole training.</param>
/// <param name="Epoch">Current epoch, from 1.</param>
/// <param name="Epochs">Epochs in all.</param>
/// <param name="Loss">Mean loss of the last steps, nats.</param>
/// <param name="LearningRate">Rate of this step.</param>
/// <param name="OwnAngle">Mean angle between embeddings and their own prototypes over the last steps, degrees; null without
/// prototypes.</param>
/// <param name="SamplesPerSecond">Images a second since this process began to train.</param>
/// <param name="EndOfEpoch">Whether this step ended an epoch.</param>
public readonly record struct TrainingProgress(
    long Step, long Steps, int Epoch, int Epochs, double Loss, double LearningRate, double? OwnAngle, double SamplesPerSecond, bool EndOfEpoch)
{
    /// <summary>How long the rest takes at this speed.</summary>
    /// <param name="batch">Images in a step.</param>
    public TimeSpan Remaining(int batch) =>
        SamplesPerSecond > 0 ? TimeSpan.FromSeconds((Steps - Step) * batch / SamplesPerSecond) : TimeSpan.Zero;
}

/// <summary>How a training ended.</summary>
public enum TrainingEnd
{
    /// <summary>All epochs are done.</summary>
    Completed,

    /// <summary>It was asked to stop, finished its step and saved.</summary>
    Stopped,
}
