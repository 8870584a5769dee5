using System.Buffers;
using Hypersphere.Tensors;

namespace Hypersphere.Data;

/// <summary>A batch of normalised images. It belongs to the loader and is valid until the next one is asked for.</summary>
public sealed class ImageBatch
{
    private float[] _pixels;
    private readonly int[] _labels;
    private readonly int[] _indices;
    private readonly int[] _wholeLabels;

    internal ImageBatch(int whole, int capacity, ImageSource source)
    {
        (Height, Width, Channels) = (source.Height, source.Width, source.Channels);
        _pixels = ArrayPool<float>.Shared.Rent(checked(capacity * source.ImageBytes));
        (_labels, _indices, _wholeLabels) = (new int[capacity], new int[capacity], new int[whole]);
    }

    /// <summary>Images in the batch; over ranks, in this rank's share of it.</summary>
    public int Count { get; private set; }

    /// <summary>Images in the batch of all ranks.</summary>
    public int WholeCount { get; private set; }

    /// <summary>Rows of every image.</summary>
    public int Height { get; }

    /// <summary>Columns of every image.</summary>
    public int Width { get; }

    /// <summary>Channels of every image.</summary>
    public int Channels { get; }

    /// <summary>The epoch that the batch is of.</summary>
    public int Epoch { get; private set; }

    /// <summary>Number of the batch in its epoch, from 0: a run that resumes behind it begins at Position + 1.</summary>
    public int Position { get; private set; }

    /// <summary>[Count,Height,Width,Channels].</summary>
    public Memory<float> Pixels => _pixels.AsMemory(0, Count * Height * Width * Channels);

    /// <summary>Class of every image.</summary>
    public ReadOnlyMemory<int> Labels => _labels.AsMemory(0, Count);

    /// <summary>Class of every image of the batch of all ranks.</summary>
    public ReadOnlyMemory<int> WholeLabels => _wholeLabels.AsMemory(0, WholeCount);

    /// <summary>Where every image lies in the source.</summary>
    public ReadOnlyMemory<int> Indices => _indices.AsMemory(0, Count);

    /// <summary>The pixels as the network takes them, [Count,Height,Width,Channels]; a copy, in the current scope's memory.</summary>
    public Tensor ToTensor() => Tensor.From(Pixels.Span, new Shape(Count, Height, Width, Channels));

    /// <summary>Gives the memory of the pixels to the next loader: fresh pages cost more than reading an image.</summary>
    internal void Release()
    {
        ArrayPool<float>.Shared.Return(_pixels);
        _pixels = [];
    }

    /// <summary>Makes the batch ready to be filled with these images.</summary>
    internal void Begin(int epoch, int position, ReadOnlySpan<int> indices, ReadOnlySpan<int> whole, ImageSource source)
    {
        (Epoch, Position, Count, WholeCount) = (epoch, position, indices.Length, whole.Length);
        indices.CopyTo(_indices);
        for (int i = 0; i < indices.Length; i++)
        {
            _labels[i] = source.Label(indices[i]);
        }

        for (int i = 0; i < whole.Length; i++)
        {
            _wholeLabels[i] = source.Label(whole[i]);
        }
    }
}
