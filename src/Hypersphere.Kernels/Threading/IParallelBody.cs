namespace Hypersphere.Kernels.Threading;

/// <summary>The work of one chunk; implemented by a struct so that a launch allocates nothing.</summary>
public interface IParallelBody
{
    /// <summary>Does chunk <paramref name="chunk"/>. Results may depend on the chunk, never on the thread; temporary memory comes from
    /// <see cref="Scratch"/>.</summary>
    /// <param name="chunk">Index of the chunk, 0 ≤ chunk &lt; chunks; each runs exactly once, in any order.</param>
    void Run(int chunk);
}
