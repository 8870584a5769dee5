using Hypersphere.Kernels.Threading;

namespace Hypersphere.Ops;

/// <summary>Independent work on the rows of a batch, shared among threads.</summary>
internal static class ParallelRows
{
    /// <summary>Calls <paramref name="row"/> for 0 … count − 1, in any order; each call may write only what belongs to its row.</summary>
    public static void Run(int count, Action<int> row)
    {
        var body = new Body(row);
        WorkerPool.Shared.Run(count, ref body);
    }

    /// <summary>The same for rows that are work for many threads themselves: where there are fewer rows than threads, one after another.</summary>
    public static void RunLarge(int count, Action<int> row)
    {
        if (count >= WorkerPool.Shared.Threads)
        {
            Run(count, row);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            row(i);
        }
    }

    private readonly struct Body(Action<int> row) : IParallelBody
    {
        public void Run(int chunk) => row(chunk);
    }
}
