using Hypersphere.Formats;

namespace Hypersphere.Training;

/// <summary>What a run's folder keeps of its course: metrics.jsonl and TensorBoard events.</summary>
/// <param name="folder">The folder.</param>
/// <param name="resumedAt">The step that the run goes on from; null for a new one.</param>
internal sealed class TrainingLog(string folder, long? resumedAt) : IDisposable
{
    private readonly MetricsLog _metrics = MetricsLog.Open(Path.Combine(folder, "metrics.jsonl"), resumedAt);
    private readonly TensorBoardWriter _events = TensorBoardWriter.Open(folder, resumedAt);

    /// <summary>The training's own measures since the last line.</summary>
    public void Write(long step, int epoch, double loss, double learningRate, double ownAngle, double samplesPerSecond)
    {
        _metrics.Write(
            step, ("epoch", epoch), ("loss", loss), ("learning_rate", learningRate), ("own_angle_deg", ownAngle), ("samples_per_second", samplesPerSecond),
            ("tensor_bytes", Trainer.PeakTensorBytes));
        _events.Write(
            step, ("train/loss", loss), ("train/learning_rate", learningRate), ("train/own_angle_deg", ownAngle), ("train/samples_per_second", samplesPerSecond));
    }

    /// <summary>What a validation measured.</summary>
    public void Write(long step, ValidationScore score)
    {
        _metrics.Write(step, [.. score.Measures]);
        _events.Write(step, [.. score.Measures.Select(m => ($"validation/{m.Name}", m.Value))]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _metrics.Dispose();
        _events.Dispose();
    }
}
