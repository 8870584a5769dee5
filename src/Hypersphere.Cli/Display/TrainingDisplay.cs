using Hypersphere.Training;

namespace Hypersphere.Cli.Display;

/// <summary>Shows how a training goes.</summary>
internal abstract class TrainingDisplay
{
    /// <summary>A line drawn over again on a terminal, plain lines elsewhere.</summary>
    public static TrainingDisplay For(Terminal terminal) => terminal.IsLive ? new LiveDisplay(terminal) : new PlainDisplay(terminal);

    /// <summary>Runs a training and shows it until it ends.</summary>
    /// <param name="batch">Images in a step.</param>
    /// <param name="train">Runs it; calls its argument after every step.</param>
    public abstract TrainingEnd Show(int batch, Func<Action<TrainingProgress>, TrainingEnd> train);
}
