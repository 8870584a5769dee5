using System.Runtime.InteropServices;

namespace Hypersphere.Cli.Benchmarks;

/// <summary>Aligned memory full of small random numbers, given back by hand.</summary>
internal sealed unsafe class Numbers(long count)
{
    private const nuint Alignment = 64;

    public float* Pointer { get; } = Fill(count);

    public void Release() => NativeMemory.AlignedFree(Pointer);

    private static float* Fill(long count)
    {
        float* memory = (float*)NativeMemory.AlignedAlloc((nuint)count * sizeof(float), Alignment);
        ulong state = 1; // quality is of no matter, speed is: a case may hold gigabytes
        for (long i = 0; i < count; i++)
        {
            state = (state * 6364136223846793005) + 1442695040888963407;
            memory[i] = ((state >> 40) * (2f / (1 << 24))) - 1;
        }

        return memory;
    }
}
