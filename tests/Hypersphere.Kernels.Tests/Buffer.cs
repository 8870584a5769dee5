using System.Runtime.InteropServices;

namespace Hypersphere.Kernels.Tests;

/// <summary>Floats at an odd address, filled from a seed.</summary>
internal sealed unsafe class Buffer : IDisposable
{
    private readonly float* _block;

    public Buffer(int length, int seed)
    {
        Length = length;
        _block = (float*)NativeMemory.AlignedAlloc((nuint)((length + 1) * sizeof(float)), 64);
        Random random = new(seed);
        foreach (ref float value in Span)
        {
            value = (random.NextSingle() * 2) - 1;
        }
    }

    public int Length { get; }

    public float* Pointer => _block + 1;

    public Span<float> Span => new(Pointer, Length);

    public void Dispose() => NativeMemory.AlignedFree(_block);
}
