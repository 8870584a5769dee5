using System.Diagnostics;
using Hypersphere.Training;

namespace Hypersphere.Cli.Display;

/// <summary>A line every few seconds and one an epoch, for logs and pipes.</summary>
internal sealed class PlainDisplay(Terminal terminal) : TrainingDisplay
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    public override TrainingEnd Show(int batch, Func<Action<TrainingProgress>, TrainingEnd> train)
    {
        long last = Stopwatch.GetTimestamp();
        return train(p =>
        {
            if (p.EndOfEpoch || Stopwatch.GetElapsedTime(last) >= Interval)
            {
                last = Stopwatch.GetTimestamp();
                terminal.Out.WriteLine(ProgressText.Line(p, batch));
                terminal.Out.Flush();
            }
        });
    }
}
