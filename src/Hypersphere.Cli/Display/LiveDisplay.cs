using System.Diagnostics;
using Hypersphere.Training;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Hypersphere.Cli.Display;

/// <summary>One line on a terminal, drawn over again, and one that stays for every finished epoch.</summary>
internal sealed class LiveDisplay(Terminal terminal) : TrainingDisplay
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    public override TrainingEnd Show(int batch, Func<Action<TrainingProgress>, TrainingEnd> train)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes, Out = new AnsiConsoleOutput(terminal.Out),
        });
        var line = new Line(batch);
        return console.Live(line).AutoClear(true).Start(live =>
        {
            long last = 0;
            return train(p =>
            {
                line.Progress = p;
                if (p.EndOfEpoch)
                {
                    console.WriteLine(ProgressText.EpochLine(p).PadRight(console.Profile.Width - 1)); // over the longer live line
                }

                if (p.EndOfEpoch || Stopwatch.GetElapsedTime(last) >= Interval)
                {
                    last = Stopwatch.GetTimestamp();
                    live.Refresh();
                }
            });
        });
    }

    /// <summary>Two lines high: the console moves the cursor up by height − 1, and terminals take "up 0" for "up 1".</summary>
    private sealed class Line(int batch) : Renderable
    {
        private const string Hint = "Ctrl-C saves and stops";
        private static readonly Style Done = new(Color.Aqua), Rest = new(decoration: Decoration.Dim);

        public TrainingProgress? Progress { get; set; }

        protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
        {
            if (Progress is not { } p)
            {
                return [new("preparing…"), Segment.LineBreak, new(Hint, Rest)];
            }

            (string before, int bar, string after) = ProgressText.Fit(p, batch, maxWidth - 1);
            int halves = (int)(2L * bar * p.Step / Math.Max(1, p.Steps));
            string done = new string('━', halves / 2) + (halves % 2 == 1 ? "╸" : "");
            return [new(before), new(done, Done), new(new string('─', bar - done.Length), Rest), new(after), Segment.LineBreak, new(Hint, Rest)];
        }
    }
}
