using Hypersphere.Kernels.Simd;

namespace Hypersphere.Kernels;

/// <summary>A rectangle of taps over all channels, of one output pixel and of those beside it. Steps count floats.</summary>
internal readonly unsafe struct TapWindow
{
    /// <summary>Outputs side by side, at most.</summary>
    public const int Block = 8;

    public required float* Weights { get; init; }

    public required int Channels { get; init; }

    public required int Rows { get; init; }

    public required int Taps { get; init; }

    public required nint SourceRow { get; init; }

    public required nint WeightRow { get; init; }

    public required nint SourceTap { get; init; }

    public required nint WeightTap { get; init; }

    /// <summary>From one output's source pixels to the next one's.</summary>
    public required nint Next { get; init; }

    public required nint OutNext { get; init; }

    /// <summary>Only the columns of taps from <paramref name="first"/> on.</summary>
    public TapWindow Skip(int first, int count) => this with { Weights = Weights + (first * WeightTap), Taps = count };
}

/// <summary>What is done with the taps of some outputs side by side.</summary>
internal unsafe interface ITapWork
{
    /// <summary>Whether it reads whole rows of the target, which are better asked for ahead.</summary>
    static abstract bool ReadsTarget { get; }

    /// <param name="window">Their taps.</param>
    /// <param name="source">What the first output sees through its first tap.</param>
    /// <param name="target">The first output.</param>
    /// <param name="pixels">How many outputs, at most <see cref="TapWindow.Block"/>.</param>
    void Run<S, V>(in TapWindow window, float* source, float* target, int pixels)
        where S : struct, ISimd<V>
        where V : struct;
}
