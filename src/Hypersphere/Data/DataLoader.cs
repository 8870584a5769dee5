using Hypersphere.Collectives;

namespace Hypersphere.Data;

/// <summary>Makes batches of a source, ahead of the consumer, on one background thread.</summary>
/// <remarks>The order of an epoch comes from <c>rng.Fork("shuffle", epoch)</c>, the changes of an image from
/// <c>rng.Fork("augment", epoch).Fork("sample", index)</c>: a batch depends on its epoch and position alone, so a run that resumes
/// sees what it would have seen. Buffers are recycled; after the first batches nothing is allocated per batch (but for folders beyond
/// their cache, which are decoded anew).</remarks>
public sealed class DataLoader : IDisposable
{
    private readonly DataLoaderOptions _options;
    private readonly Rng _rng;
    private readonly PixelScale _scale;
    private readonly AugmentationChain? _augmentation;
    private readonly int[] _order;
    private readonly byte[] _image;
    private readonly byte[] _changed;
    private readonly ImageBatch?[] _ring;
    private Prefetcher? _running;
    private TimeSpan _waited;
    private bool _disposed;

    /// <summary>Checks the options; nothing is read yet.</summary>
    /// <param name="source">The images.</param>
    /// <param name="options">Batch size, normalisation, augmentation; null for the defaults.</param>
    /// <param name="rng">The run's generator.</param>
    /// <exception cref="InputException">An option is out of range, or an epoch would have no batch.</exception>
    public DataLoader(ImageSource source, DataLoaderOptions? options, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(source);
        (Source, _options, _rng) = (source, options ?? new(), rng);
        Check(source, _options);
        _scale = new PixelScale(_options.Preprocessing ?? Preprocessing.Usual(source.Channels), source.Channels);
        _order = new int[source.Count];
        _image = new byte[source.ImageBytes];
        _augmentation = _options.Augmentations.Count == 0 ? null : new AugmentationChain(_options.Augmentations, source.ImageBytes);
        _changed = _augmentation is null ? _image : new byte[source.ImageBytes];
        _ring = new ImageBatch?[_options.Prefetch + 1];
    }

    /// <summary>The images.</summary>
    public ImageSource Source { get; }

    /// <summary>Images in a full batch.</summary>
    public int BatchSize => _options.BatchSize;

    /// <summary>Batches in an epoch.</summary>
    public int BatchesPerEpoch => (Source.Count + (_options.DropLast ? 0 : BatchSize - 1)) / BatchSize;

    /// <summary>How long consumers have waited for batches so far; near 0 when loading keeps up with training.</summary>
    public TimeSpan Waited => _waited + (_running?.Waited ?? TimeSpan.Zero);

    /// <summary>The batches of an epoch.</summary>
    /// <param name="epoch">Number of the epoch.</param>
    /// <param name="firstBatch">Number of the first batch wanted, to resume in mid-epoch.</param>
    /// <returns>A sequence that can be walked once at a time; a batch is valid until the next one is asked for.</returns>
    /// <exception cref="InputException">While walking: an image cannot be read.</exception>
    /// <exception cref="InvalidOperationException">While walking: another epoch of this loader is still being walked.</exception>
    public IEnumerable<ImageBatch> Epoch(int epoch, int firstBatch = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstBatch);
        return Walk(epoch, firstBatch);
    }

    /// <summary>Ends an epoch in progress and its thread.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _running?.Dispose();
        foreach (ImageBatch? batch in _ring)
        {
            batch?.Release();
        }
    }

    private IEnumerable<ImageBatch> Walk(int epoch, int firstBatch)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_running is not null)
        {
            throw new InvalidOperationException("DataLoader: an epoch is still being read; finish it or dispose its enumerator first");
        }

        Prefetcher running = new(_ring.Length, firstBatch, BatchesPerEpoch);
        _running = running;
        try
        {
            Arrange(epoch);
            running.Start((slot, position) => Fill(_ring[slot] ??= new ImageBatch(BatchSize, new Shares(BatchSize, _options.Ranks).Largest, Source), epoch, position));
            while (running.Next() is var slot and >= 0)
            {
                yield return _ring[slot]!;
            }
        }
        finally
        {
            running.Dispose(); // the thread must have ended before another epoch may use the buffers
            _running = null;
            _waited += running.Waited;
        }
    }

    private void Arrange(int epoch)
    {
        if (_options.Sampler is { } sampler)
        {
            sampler.Arrange(Source, BatchSize, _rng.Fork("shuffle", epoch), _order);
            return;
        }

        for (int i = 0; i < _order.Length; i++)
        {
            _order[i] = i;
        }
    }

    private void Fill(ImageBatch batch, int epoch, int position)
    {
        int start = position * BatchSize;
        ReadOnlySpan<int> whole = _order.AsSpan(start, Math.Min(BatchSize, _order.Length - start));
        Shares shares = new(whole.Length, _options.Ranks);
        ReadOnlySpan<int> indices = whole.Slice(shares.First(_options.Rank), shares.Count(_options.Rank));
        batch.Begin(epoch, position, indices, whole, Source);
        Rng augment = _rng.Fork("augment", epoch);
        for (int i = 0; i < indices.Length; i++)
        {
            Source.Read(indices[i], _image);
            _augmentation?.Apply(_image, _changed, new(Source.Height, Source.Width, Source.Channels), augment.Fork("sample", indices[i]));
            _scale.Apply(_changed, batch.Pixels.Span.Slice(i * _changed.Length, _changed.Length));
        }
    }

    private static void Check(ImageSource source, DataLoaderOptions options)
    {
        if (options.BatchSize < options.Ranks)
        {
            throw new InputException($"a batch of {options.BatchSize} images is too small for {options.Ranks} ranks; each needs one at least");
        }

        if (options.BatchSize < 1 || options.Prefetch < 1 || (long)options.BatchSize * source.ImageBytes > Array.MaxLength)
        {
            throw new InputException(
                $"a batch of {options.BatchSize} images {source.DescribeShape()} cannot be made; choose another batch size");
        }

        if (options.DropLast && source.Count < options.BatchSize)
        {
            throw new InputException(
                $"{source.Origin}: holds {source.Count} images, fewer than the batch of {options.BatchSize}; choose a smaller batch");
        }

        if (options.Sampler is { ShowsEveryImageOnce: false } sampler && !options.DropLast)
        {
            throw new InputException($"{sampler}: makes whole batches only; it cannot keep a last batch that is not full");
        }

        options.Sampler?.Check(source, options.BatchSize);
    }
}
