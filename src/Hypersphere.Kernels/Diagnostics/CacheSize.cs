using System.Runtime.Intrinsics.X86;

namespace Hypersphere.Kernels.Diagnostics;

/// <summary>What the processor says of its caches. Decides speed alone, never a bit of a result.</summary>
internal static class CacheSize
{
    private const int UsualFirst = 32 * 1024, UsualLast = 32 * 1024 * 1024;
    private const int IntelLeaf = 4, AmdLeaf = unchecked((int)0x8000001D), AmdHighest = unchecked((int)0x80000000);
    private const int FirstLevel = 1, LastLevel = 3;

    /// <summary>Bytes of the first-level data cache; 32 KiB where the processor cannot be asked.</summary>
    public static int FirstLevelData { get; } = (int)Ask(FirstLevel, 8 * 1024, 1024 * 1024, UsualFirst);

    /// <summary>Bytes of the third-level cache that a core shares with others; 32 MiB where the processor cannot be asked.</summary>
    public static long Last { get; } = Ask(LastLevel, 1024 * 1024, 1024 * 1024 * 1024, UsualLast);

    /// <summary>The size of the data cache of a level, between the bounds.</summary>
    private static long Ask(int level, long least, long most, long usual)
    {
        if (!X86Base.IsSupported)
        {
            return usual;
        }

        bool isAmd = (uint)X86Base.CpuId(AmdHighest, 0).Eax >= unchecked((uint)AmdLeaf);
        if (!isAmd && X86Base.CpuId(0, 0).Eax < IntelLeaf)
        {
            return usual;
        }

        for (int index = 0; index < 8; index++)
        {
            (int kind, int geometry, int sets, _) = X86Base.CpuId(isAmd ? AmdLeaf : IntelLeaf, index);
            (int ways, int parts, int line) = (((geometry >> 22) & 0x3FF) + 1, ((geometry >> 12) & 0x3FF) + 1, (geometry & 0xFFF) + 1);
            long bytes = (long)ways * parts * line * (sets + 1L);
            bool isMeant = (kind & 0x1F) is 1 or 3 && ((kind >> 5) & 7) == level;
            if (isMeant && bytes >= least && bytes <= most)
            {
                return bytes;
            }
        }

        return usual;
    }
}
