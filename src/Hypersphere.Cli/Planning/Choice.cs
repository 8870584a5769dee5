namespace Hypersphere.Cli.Planning;

/// <summary>Advice: how many classes to sample, and on how many ranks.</summary>
internal static class Choice
{
    /// <summary>Rates to choose among; docs/SCALING.md says what was measured of how well a training converges with a tenth.</summary>
    public static readonly double[] Rates = [1, 0.3, 0.1];

    private const int MostRanks = 1 << 16;

    /// <summary>The largest rate that fits and at which the head computes no more than the network; else the fastest that fits; null if none
    /// does.</summary>
    public static double? Rate(Workload work, int ranks, Node node)
    {
        (double Rate, StepCost Cost)[] fitting = [.. Rates.Select(r => (r, new StepCost(work with { Rate = r }, ranks, node))).Where(c => c.Item2.Obstacle is null)];
        return fitting.Length == 0 ? null : fitting.FirstOrDefault(c => c.Cost.HeadShare <= 0.5, fitting.MinBy(c => c.Cost.Seconds)).Rate;
    }

    /// <summary>The fewest ranks on which it fits at its rate; null if it never does.</summary>
    public static int? Ranks(Workload work, Node node)
    {
        int most = 1;
        while (new StepCost(work, most, node).Obstacle is not null)
        {
            most *= 2;
            if (most > MostRanks)
            {
                return null;
            }
        }

        int least = most / 2; // does not fit
        while (most - least > 1)
        {
            int middle = (least + most) / 2;
            (least, most) = new StepCost(work, middle, node).Obstacle is null ? (least, middle) : (middle, most);
        }

        return most;
    }
}
