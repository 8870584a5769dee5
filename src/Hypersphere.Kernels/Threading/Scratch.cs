using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hypersphere.Kernels.Threading;

/// <summary>Temporary memory of one thread, one block a purpose, kept from call to call so that a warm kernel allocates nothing.</summary>
/// <remarks>A block is valid until the same thread asks for the same slot again; kernels that call one another use different
/// slots.</remarks>
internal static unsafe class Scratch
{
    /// <summary>Who owns which block. Add a name here for a new use.</summary>
    internal enum Slot
    {
        PackA,
        PackB,
        Tile,
        Convolution,
        ConvolutionBand,
        ConvolutionPixels,
        ConvolutionPartial,
        MarginSoftmax,
        MarginSoftmaxColumn,
        MarginSoftmaxPairs,
        MarginSoftmaxPartial,
        Normalization,
        Reduction,
    }

    [ThreadStatic]
    private static Block[]? _blocks;

    /// <summary>A block of at least <paramref name="floats"/> floats, aligned to 64 bytes, with unspecified contents.</summary>
    public static float* Floats(Slot slot, nint floats)
    {
        Block[] blocks = _blocks ??= new Block[Enum.GetValues<Slot>().Length];
        ref Block block = ref blocks[(int)slot];
        if (block is null || block.Length < floats)
        {
            block = new Block(floats);
        }

        return block.Pointer;
    }

    /// <summary>Pinned memory, aligned to 64 bytes.</summary>
    internal sealed class Block
    {
        private readonly float[] _memory;

        public Block(nint floats)
        {
            _memory = GC.AllocateUninitializedArray<float>(checked((int)floats + 16), pinned: true);
            Length = floats;
            nuint start = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_memory));
            Pointer = (float*)((start + 63) & ~(nuint)63);
        }

        public static Block Copy(float* source, nint floats)
        {
            Block block = new(floats);
            new ReadOnlySpan<float>(source, (int)floats).CopyTo(new Span<float>(block.Pointer, (int)floats));
            return block;
        }

        public float* Pointer { get; }

        public nint Length { get; }
    }
}
