using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <summary>What each output pixel of a band sees, written out side by side: for convolutions on few channels, such as the first one of a network,
/// where what lies together is shorter than a loop is worth.</summary>
internal static unsafe class Patches
{
    /// <summary>Floats of a patch that lie side by side in the image.</summary>
    public static int Run(in PhaseGeometry g) => g.Groups == 1 && g.Columns.Spacing == 1 ? g.Columns.Taps * g.Depth : g.Depth;

    /// <summary>Whether they are so few that patches are better written out; not for groups, each of which would copy the band again.</summary>
    public static bool Suits(in PhaseGeometry g) => g is { Groups: 1, Taps: > 1 } && Run(g) <= Vector512<float>.Count;

    /// <summary>The patches [pixel][tap][channel] of some rows of some images, in the calling thread’s scratch memory.</summary>
    public static float* Write(in PhaseGeometry g, float* x, int image, int images, int row, int rows, int group)
    {
        nint size = (nint)images * rows * g.Columns.Outputs * g.Taps * g.Depth;
        float* patches = Scratch.Floats(Scratch.Slot.ConvolutionPixels, size + Vector512<float>.Count), target = patches;
        for (int i = image; i < image + images; i++)
        {
            nint window = PaddedBand.Size(g, rows, g.SourceChannels);
            float* source = Scratch.Floats(Scratch.Slot.ConvolutionBand, window + Vector512<float>.Count);
            PaddedBand.Fill(g, x, i, row, rows, g.SourceChannels, source);
            target = Write(g, source + (group * g.Depth), rows, target);
        }

        return patches;
    }

    /// <summary>Copies short runs as whole vectors: what is too much is overwritten by the next run.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float* Write(in PhaseGeometry g, float* source, int rows, float* target)
    {
        nint rowPitch = PaddedBand.RowPitch(g, g.SourceChannels), step = (nint)g.Step * g.SourceChannels;
        int run = Run(g), perRow = g.Columns.Taps * g.Depth / run;
        for (int y = 0; y < rows; y++, source += g.Step * rowPitch)
        {
            float* pixel = source;
            for (int x = 0; x < g.Columns.Outputs; x++, pixel += step)
            {
                float* line = pixel;
                for (int tap = 0; tap < g.Rows.Taps; tap++, line += g.Rows.Spacing * rowPitch)
                {
                    for (int i = 0; i < perRow; i++, target += run)
                    {
                        Vector512.Load(line + (i * g.Columns.Spacing * g.SourceChannels)).Store(target);
                    }
                }
            }
        }

        return target;
    }
}
