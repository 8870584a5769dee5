namespace Hypersphere.Tensors;

/// <summary>How files hold a parameter: the axes of memory in another order, so that published checkpoints load and ours load
/// elsewhere.</summary>
/// <remarks>In memory a filter is [out, height, width, in]; PyTorch's files hold [out, in, height, width].</remarks>
public sealed class FileLayout
{
    private readonly int[] _memory;
    private readonly int[] _order;

    private FileLayout(int[] memory, int[] order, Shape shape) => (_memory, _order, Shape) = (memory, order, shape);

    /// <summary>The shape in the file.</summary>
    public Shape Shape { get; }

    /// <summary>Whether files hold the numbers in memory's order.</summary>
    public bool IsSame => _order.Length == 1;

    /// <summary>The file holds what memory holds.</summary>
    public static FileLayout Same(Shape shape) => new([shape.Count], [0], shape);

    /// <summary>[O, H, W, I] in memory, [O, I, H, W] in files.</summary>
    public static FileLayout Convolution(int outChannels, int height, int width, int inChannels) =>
        new([outChannels, height, width, inChannels], [0, 3, 1, 2], new Shape(outChannels, inChannels, height, width));

    /// <summary>[H, W, C] in memory, [C, 1, H, W] in files.</summary>
    public static FileLayout Depthwise(int height, int width, int channels) =>
        new([height, width, channels], [2, 0, 1], new Shape(channels, 1, height, width));

    /// <summary>A linear layer behind a flattened image: [O, H·W·C] in memory, [O, C·H·W] in files.</summary>
    public static FileLayout Flattened(int outputs, int height, int width, int channels) =>
        new([outputs, height, width, channels], [0, 3, 1, 2], new Shape(outputs, height * width * channels));

    /// <summary>From memory's order to the file's.</summary>
    public void ToFile(ReadOnlySpan<float> memory, Span<float> file) => Permute(memory, file, toFile: true);

    /// <summary>From the file's order to memory's.</summary>
    public void FromFile(ReadOnlySpan<float> file, Span<float> memory) => Permute(file, memory, toFile: false);

    private void Permute(ReadOnlySpan<float> source, Span<float> target, bool toFile)
    {
        if (IsSame)
        {
            source.CopyTo(target);
            return;
        }

        Span<int> strides = stackalloc int[_memory.Length];
        int stride = 1;
        for (int axis = _memory.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= _memory[axis];
        }

        Span<int> at = stackalloc int[_order.Length];
        at.Clear();
        for (int f = 0; f < source.Length; f++)
        {
            int m = 0;
            for (int i = 0; i < _order.Length; i++)
            {
                m += at[i] * strides[_order[i]];
            }

            (int from, int to) = toFile ? (m, f) : (f, m);
            target[to] = source[from];
            for (int i = _order.Length - 1; i >= 0 && ++at[i] == _memory[_order[i]]; i--)
            {
                at[i] = 0;
            }
        }
    }
}
