using System.Runtime.Intrinsics.X86;

namespace Hypersphere.Kernels.Diagnostics;

/// <summary>What the processor says of its caches. Decides speed alone, never a bit of a result.</summary>
internal static class CacheSize
{
    private const int Usual = 32 * 1024;
    private const int IntelLeaf = 4, AmdLeaf = unchecked((int)0x8000001D), AmdHighest = unchecked((int)0x80000000);

    /// <summary>Bytes of the first-level data cache; 32 KiB where the processor cannot be asked.</summary>
    public static int FirstLevelData { get; } = Ask();

    private static int Ask()
    {
        if (!X86Base.IsSupported)
        {
            return Usual;
        }

        bool isAmd = (uint)X86Base.CpuId(AmdHighest, 0).Eax >= unchecked((uint)AmdLeaf);
        if (!isAmd && X86Base.CpuId(0, 0).Eax < IntelLeaf)
        {
            return Usual;
        }

        (int kind, int geometry, int sets, _) = X86Base.CpuId(isAmd ? AmdLeaf : IntelLeaf, 0);
        (int ways, int parts, int line) = (((geometry >> 22) & 0x3FF) + 1, ((geometry >> 12) & 0x3FF) + 1, (geometry & 0xFFF) + 1);
        long bytes = (long)ways * parts * line * (sets + 1L);
        bool isFirstData = (kind & 0x1F) is 1 or 3 && ((kind >> 5) & 7) == 1;
        return isFirstData && bytes is >= 8 * 1024 and <= 1024 * 1024 ? (int)bytes : Usual;
    }
}
