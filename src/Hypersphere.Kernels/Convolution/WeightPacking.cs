using Hypersphere.Kernels.Simd;
using Hypersphere.Kernels.Threading;

namespace Hypersphere.Kernels;

/// <summary>Packs convolution weights [Cout,KH,KW,Cin/groups] as one phase reads them: [group][panel][tap][channel][column].</summary>
internal readonly unsafe struct WeightPacking<S, V>(
    PhaseGeometry g, int kernelWidth, int kernelTaps, bool backward, float* w, float* packed)
    : IParallelBody
    where S : struct, ISimd<V>
    where V : struct
{
    private static int Panel => Blocking.Columns<S, V>();

    private int Panels => (g.ChannelsPerGroup + Panel - 1) / Panel;

    public static void Run(in PhaseGeometry g, in ConvolutionShape s, bool backward, float* w, float* packed, WorkerPool pool)
    {
        WeightPacking<S, V> body = new(g, s.KernelWidth, s.KernelHeight * s.KernelWidth, backward, w, packed);
        pool.Run(g.Groups * body.Panels, ref body);
    }

    public void Run(int chunk)
    {
        int group = chunk / Panels, column = chunk % Panels * Panel, columns = Math.Min(Panel, g.ChannelsPerGroup - column);
        int padded = Blocking.PanelWidth<S, V>(columns), depth = g.Depth;
        float* target = packed + ((nint)chunk * Panel * g.Taps * depth);
        for (int t = 0; t < g.Taps; t++, target += depth * padded)
        {
            int row = g.Rows.FirstTap + (t / g.Columns.Taps * g.Rows.TapStep), tap = (row * kernelWidth) + Tap(t % g.Columns.Taps);
            if (backward)
            {
                int ld = kernelTaps * g.ChannelsPerGroup;
                float* source = w + ((nint)group * depth * ld) + (tap * g.ChannelsPerGroup) + column;
                Packing.Copy(source, ld, depth, columns, padded, target, padded);
            }
            else
            {
                int ld = kernelTaps * depth;
                float* source = w + ((nint)((group * g.ChannelsPerGroup) + column) * ld) + (tap * depth);
                Packing.Transpose(source, ld, depth, columns, padded, target, padded);
            }
        }
    }

    private int Tap(int column) => g.Columns.FirstTap + (column * g.Columns.TapStep);
}
