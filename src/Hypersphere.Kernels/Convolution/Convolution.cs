using System.Runtime.CompilerServices;

namespace Hypersphere.Kernels;

/// <summary>2-D convolution of NHWC images and its two gradients.</summary>
/// <remarks>y[n,oy,ox,co] = bias[co] + Σ w[co,ky,kx,ci]·x[n, oy·stride − padding + ky·dilation, ox·stride − padding + kx·dilation, ci].</remarks>
public static unsafe class Convolution
{
    /// <summary>The convolution itself.</summary>
    /// <param name="s">Sizes.</param>
    /// <param name="x">[N,H,W,Cin].</param>
    /// <param name="w">[Cout,KH,KW,Cin/groups].</param>
    /// <param name="bias">[Cout], or null.</param>
    /// <param name="y">[N,OutHeight,OutWidth,Cout], overwritten.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(in ConvolutionShape s, float* x, float* w, float* bias, float* y)
    {
        nint outputs = (nint)s.Batch * s.OutHeight * s.OutWidth;
        for (nint i = 0; i < outputs * s.OutChannels; i++)
        {
            y[i] = bias is null ? 0 : bias[i % s.OutChannels];
        }

        Visit(s, x, w, y, &Accumulate);

        static void Accumulate(float* x, float* w, float* y, int count)
        {
            float sum = *y;
            for (int i = 0; i < count; i++)
            {
                sum += x[i] * w[i];
            }

            *y = sum;
        }
    }

    /// <summary>Gradient with respect to the input.</summary>
    /// <param name="s">Sizes.</param>
    /// <param name="dy">Gradient of the output, [N,OutHeight,OutWidth,Cout].</param>
    /// <param name="w">[Cout,KH,KW,Cin/groups].</param>
    /// <param name="dx">Gradient of the input, [N,H,W,Cin].</param>
    /// <param name="accumulate">Add to what <paramref name="dx"/> holds instead of overwriting it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void BackwardInput(in ConvolutionShape s, float* dy, float* w, float* dx, bool accumulate)
    {
        Clear(dx, (nint)s.Batch * s.Height * s.Width * s.InChannels, accumulate);
        Visit(s, dx, w, dy, &Accumulate);

        static void Accumulate(float* dx, float* w, float* dy, int count)
        {
            for (int i = 0; i < count; i++)
            {
                dx[i] += *dy * w[i];
            }
        }
    }

    /// <summary>Gradient with respect to the weights.</summary>
    /// <param name="s">Sizes.</param>
    /// <param name="x">[N,H,W,Cin].</param>
    /// <param name="dy">Gradient of the output, [N,OutHeight,OutWidth,Cout].</param>
    /// <param name="dw">Gradient of the weights, [Cout,KH,KW,Cin/groups].</param>
    /// <param name="accumulate">Add to what <paramref name="dw"/> holds instead of overwriting it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void BackwardWeight(in ConvolutionShape s, float* x, float* dy, float* dw, bool accumulate)
    {
        Clear(dw, (nint)s.OutChannels * s.KernelHeight * s.KernelWidth * (s.InChannels / s.Groups), accumulate);
        Visit(s, x, dw, dy, &Accumulate);

        static void Accumulate(float* x, float* dw, float* dy, int count)
        {
            for (int i = 0; i < count; i++)
            {
                dw[i] += *dy * x[i];
            }
        }
    }

    private static void Clear(float* p, nint count, bool keep)
    {
        for (nint i = 0; i < count && !keep; i++)
        {
            p[i] = 0;
        }
    }

    /// <summary>Calls <paramref name="visit"/> (x, w, y, channels) for every output channel of every pixel and every tap inside the image.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Visit(in ConvolutionShape s, float* x, float* w, float* y, delegate*<float*, float*, float*, int, void> visit)
    {
        int depth = s.InChannels / s.Groups, outDepth = s.OutChannels / s.Groups, taps = s.KernelHeight * s.KernelWidth;
        int outHeight = s.OutHeight, outWidth = s.OutWidth;
        for (nint pixel = 0; pixel < (nint)s.Batch * outHeight * outWidth; pixel++)
        {
            nint image = pixel / outWidth / outHeight;
            for (int tap = 0; tap < taps; tap++)
            {
                nint row = (pixel / outWidth % outHeight * s.Stride) - s.Padding + (tap / s.KernelWidth * s.Dilation);
                nint column = (pixel % outWidth * s.Stride) - s.Padding + (tap % s.KernelWidth * s.Dilation);
                for (int co = 0; co < s.OutChannels && row >= 0 && row < s.Height && column >= 0 && column < s.Width; co++)
                {
                    float* source = x + ((((image * s.Height) + row) * s.Width) + column) * s.InChannels + (co / outDepth * depth);
                    visit(source, w + ((((nint)co * taps) + tap) * depth), y + (pixel * s.OutChannels) + co, depth);
                }
            }
        }
    }
}
