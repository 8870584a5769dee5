using System.Globalization;

namespace Hypersphere.Oracles;

/// <summary>Damaged files must give an <see cref="InputException"/> of one line or be read, and never cost much memory.</summary>
/// <remarks>HYPERSPHERE_FUZZ=100000 sets the number of mutations of every format.</remarks>
public static class Fuzzing
{
    /// <summary>The file's name that readers are to be given: messages must begin with it.</summary>
    public const string FileName = "f";

    private const long LargestAllocation = 8 << 20;

    /// <summary>Mutations of every format.</summary>
    public static int Rounds { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("HYPERSPHERE_FUZZ"), NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : 3000;

    /// <summary>Damages files and reads them.</summary>
    /// <param name="format">Its name, which also decides the damage.</param>
    /// <param name="seeds">Sound files.</param>
    /// <param name="read">The reader; it must name the file <see cref="FileName"/>.</param>
    /// <param name="finish">What is done to the damaged bytes first, such as repairing checksums.</param>
    /// <exception cref="InvalidOperationException">The reader failed otherwise than it may, or hardly noticed.</exception>
    public static void Run(string format, IReadOnlyList<byte[]> seeds, Action<byte[]> read, Func<byte[], Rng, byte[]>? finish = null) =>
        Run(format, seeds, read, finish, FileName);

    /// <summary>The same for readers that open files themselves.</summary>
    /// <param name="format">Its name, which also decides the damage.</param>
    /// <param name="seeds">Sound files.</param>
    /// <param name="read">The reader; it is given a path, which its messages must begin with.</param>
    /// <param name="extension">How the file's name ends.</param>
    /// <exception cref="InvalidOperationException">The reader failed otherwise than it may, or hardly noticed.</exception>
    public static void RunFile(string format, IReadOnlyList<byte[]> seeds, Action<string> read, string extension = "")
    {
        string path = Path.Combine(Path.GetTempPath(), $"hypersphere-fuzz-{Guid.NewGuid():N}{extension}");
        try
        {
            Run(
                format, seeds,
                bytes =>
                {
                    File.WriteAllBytes(path, bytes);
                    read(path);
                },
                null, path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Run(string format, IReadOnlyList<byte[]> seeds, Action<byte[]> read, Func<byte[], Rng, byte[]>? finish, string name)
    {
        int told = 0;
        Rng root = new(2024);
        for (int round = 0; round < Rounds; round++)
        {
            Rng rng = root.Fork(format, round);
            byte[] bytes = Mutation.Of(seeds[rng.NextInt(seeds.Count)], rng);
            bytes = finish?.Invoke(bytes, rng) ?? bytes;
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(bytes);
            }
            catch (InputException e) when (!e.Message.Contains('\n', StringComparison.Ordinal) && e.Message.StartsWith(name, StringComparison.Ordinal))
            {
                told++;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{format}, round {round}: {e}", e);
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated >= LargestAllocation)
            {
                throw new InvalidOperationException($"{format}, round {round}: {allocated} bytes for a file of {bytes.Length}");
            }
        }

        if (told < Rounds / 4)
        {
            throw new InvalidOperationException($"{format}: only {told} of {Rounds} damaged files were noticed");
        }
    }
}
