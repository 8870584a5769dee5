using System.Runtime.InteropServices;

namespace Hypersphere.Kernels;

/// <summary>What one call of the micro-kernel reads and writes. Offsets and steps count floats.</summary>
internal unsafe struct TileJob
{
    private static readonly float* _zeros = AllocateZeros();

    /// <summary>Left factor by columns: element (r, k) of a segment is A[AOffsets[s] + k·AStep + r]; in steps: A[AOffsets[s] + r·AStep + k].</summary>
    public float* A;

    public nint AStep;

    /// <summary>Left factor by rows: element (r, k) of a segment is Rows[r][AOffsets[s] + k].</summary>
    public float** Rows;

    /// <summary>Right factor: vector k of a segment starts at B + BOffsets[s] + k·BStep.</summary>
    public float* B;

    public nint BStep;

    /// <summary>What is asked for meanwhile, and how far on at each term; null for nothing.</summary>
    public float* Ahead;

    public nint AheadStep;

    public nint* AOffsets;

    public nint* BOffsets;

    public int Segments;

    /// <summary>Terms of the sum in each segment.</summary>
    public int Length;

    /// <summary>What is added to the sums: C itself, a bias row (step 0), or zeros.</summary>
    public float* Init;

    public nint InitStep;

    public float* C;

    public nint CStep;

    /// <summary>C is stored past the caches.</summary>
    public bool Streams;

    /// <summary>A factor for each column of what is below 0, or null.</summary>
    public float* Slopes;

    /// <summary>Writes straight to <paramref name="output"/>.</summary>
    public void To(in Output output)
    {
        C = output.C;
        CStep = output.Step;
        Streams = output.Streams;
        Slopes = output.Slopes;
        Init = output.Init is null ? _zeros : output.Init;
        InitStep = output.Init is null ? 0 : output.InitStep;
    }

    private static float* AllocateZeros()
    {
        float* zeros = (float*)NativeMemory.AlignedAlloc(Blocking.MaxColumns * sizeof(float), 64);
        new Span<float>(zeros, Blocking.MaxColumns).Clear();
        return zeros;
    }
}
