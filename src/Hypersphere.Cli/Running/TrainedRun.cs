using Hypersphere.Evaluation;
using Hypersphere.Training;

namespace Hypersphere.Cli.Running;

/// <summary>A finished training and what was measured on images that it had not seen.</summary>
/// <param name="Name">Short name: the loss' own.</param>
/// <param name="Folder">Where its files are.</param>
/// <param name="Options">What decided it.</param>
/// <param name="Model">The trained network.</param>
/// <param name="Timing">How long it took.</param>
/// <param name="Test">Embeddings of the test images; null when nothing was held out.</param>
/// <param name="Result">What they measure.</param>
internal sealed record TrainedRun(
    string Name, string Folder, TrainingOptions Options, EmbeddingModel Model, Timing Timing, EmbeddingSet? Test, EvaluationResult? Result)
{
    /// <summary>The loss with every parameter.</summary>
    public string Loss => Model.Loss.ToString();
}

/// <summary>What a training took.</summary>
/// <param name="Seconds">Wall clock, evaluation not counted.</param>
/// <param name="SamplesPerSecond">Images a second.</param>
/// <param name="FinalLoss">Mean loss of the last steps, nats.</param>
/// <param name="TensorBytes">The most that tensors took at once.</param>
internal sealed record Timing(double Seconds, double SamplesPerSecond, double FinalLoss, double TensorBytes);
