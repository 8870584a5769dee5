using System.Runtime.InteropServices;

namespace Hypersphere.Kernels.Tests;

/// <summary>Floats at an odd address, or at a cache line's, filled from a seed, between fences that are whole when it is disposed of.</summary>
internal sealed unsafe class Buffer : IDisposable
{
    private const int Fence = 64;
    private const float Mark = -12345.678f;
    private readonly float* _block;
    private readonly int _offset;

    public Buffer(int length, int seed, bool aligned = false)
    {
        (Length, _offset) = (length, aligned ? Fence : Fence + 1);
        _block = (float*)NativeMemory.AlignedAlloc((nuint)((length + (2 * Fence) + 1) * sizeof(float)), 64);
        Block.Fill(Mark);
        Random random = new(seed);
        foreach (ref float value in Span)
        {
            value = (random.NextSingle() * 2) - 1;
        }
    }

    public int Length { get; }

    public float* Pointer => _block + _offset;

    public Span<float> Span => new(Pointer, Length);

    private Span<float> Block => new(_block, Length + (2 * Fence) + 1);

    public void Dispose()
    {
        bool whole = !Block[.._offset].ContainsAnyExcept(Mark) && !Block[(_offset + Length)..].ContainsAnyExcept(Mark);
        NativeMemory.AlignedFree(_block);
        Assert.True(whole, "a kernel wrote outside its memory");
    }
}
