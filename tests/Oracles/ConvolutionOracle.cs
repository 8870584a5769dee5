namespace Hypersphere.Oracles;

/// <summary>2-D convolution on NHWC images in double precision, and its gradients, written as the definition.</summary>
public sealed class ConvolutionOracle(
    int batch, int height, int width, int inChannels, int outChannels, int kernelHeight, int kernelWidth,
    int stride, int padding, int dilation, int groups)
{
    public int OutHeight { get; } = Math.Max(0, FloorDivide(height + (2 * padding) - (dilation * (kernelHeight - 1)) - 1, stride) + 1);

    public int OutWidth { get; } = Math.Max(0, FloorDivide(width + (2 * padding) - (dilation * (kernelWidth - 1)) - 1, stride) + 1);

    public double[] Forward(float[] x, float[] w, float[]? bias)
    {
        double[] y = new double[batch * OutHeight * OutWidth * outChannels];
        for (int i = 0; i < y.Length && bias is not null; i++)
        {
            y[i] = bias[i % outChannels];
        }

        Visit((ix, iw, iy) => y[iy] += (double)x[ix] * w[iw]);
        return y;
    }

    public double[] BackwardInput(float[] dy, float[] w)
    {
        double[] dx = new double[batch * height * width * inChannels];
        Visit((ix, iw, iy) => dx[ix] += (double)dy[iy] * w[iw]);
        return dx;
    }

    public double[] BackwardWeight(float[] x, float[] dy)
    {
        double[] dw = new double[outChannels * kernelHeight * kernelWidth * (inChannels / groups)];
        Visit((ix, iw, iy) => dw[iw] += (double)x[ix] * dy[iy]);
        return dw;
    }

    private static int FloorDivide(int a, int b) => (int)Math.Floor((double)a / b);

    /// <summary>Calls <paramref name="term"/> with the indices into x, w and y of every product that the sum holds.</summary>
    private void Visit(Action<int, int, int> term)
    {
        int depth = inChannels / groups, taps = kernelHeight * kernelWidth, outputs = batch * OutHeight * OutWidth * outChannels;
        for (int iy = 0; iy < outputs; iy++)
        {
            int co = iy % outChannels, ox = iy / outChannels % OutWidth;
            int oy = iy / outChannels / OutWidth % OutHeight, image = iy / outChannels / OutWidth / OutHeight;
            for (int t = 0; t < taps * depth; t++)
            {
                int ci = t % depth, tap = t / depth;
                int row = (oy * stride) - padding + (tap / kernelWidth * dilation), column = (ox * stride) - padding + (tap % kernelWidth * dilation);
                if (row >= 0 && row < height && column >= 0 && column < width)
                {
                    int channel = (co / (outChannels / groups) * depth) + ci;
                    term((((((image * height) + row) * width) + column) * inChannels) + channel, (co * taps * depth) + t, iy);
                }
            }
        }
    }
}
