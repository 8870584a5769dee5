using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hypersphere.Tensors;

/// <summary>Memory of one tensor and of its reshaped views: pinned, aligned to 64 bytes, counted.</summary>
internal sealed unsafe class Storage
{
    private readonly float[] _memory;
    private readonly int _first;

    public Storage(int capacity, bool pooled)
    {
        _memory = GC.AllocateUninitializedArray<float>(checked(capacity + 15), pinned: true);
        nuint start = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_memory));
        Pointer = (float*)((start + 63) & ~(nuint)63);
        _first = (int)(((nuint)Pointer - start) / sizeof(float));
        Capacity = capacity;
        Pooled = pooled;
    }

    /// <summary>Keeps nothing alive: good only as long as something refers to the storage.</summary>
    public float* Pointer { get; }

    public int Capacity { get; }

    public bool Pooled { get; }

    /// <summary>Tensors that refer to this memory; the last one to go returns it to the pool.</summary>
    public int Holders { get; set; }

    /// <summary>Keeps the memory alive.</summary>
    public Span<float> Span(int count) => _memory.AsSpan(_first, count);
}

/// <summary>Memory between uses, in size classes an eighth of a power of two apart, so that a warm training step allocates
/// nothing. A thread gets first what it gave back itself: that may still lie in its cache, and not in another's.</summary>
internal static class StoragePool
{
    private static readonly ConcurrentDictionary<int, ConcurrentStack<Storage>> Free = new();

    /// <summary>Blocks of a size that a thread keeps for itself.</summary>
    private const int OwnBlocks = 4;

    [ThreadStatic]
    private static Dictionary<int, Stack<Storage>>? _own;
    private static long _allocations;
    private static long _rented;
    private static long _peak;

    /// <summary>Blocks ever allocated because none was free: constant in a warm loop.</summary>
    public static long Allocations => Interlocked.Read(ref _allocations);

    /// <summary>Bytes in use now.</summary>
    public static long RentedBytes => Interlocked.Read(ref _rented);

    /// <summary>The most bytes that were in use at once since <see cref="ResetPeak"/>.</summary>
    public static long PeakBytes => Interlocked.Read(ref _peak);

    /// <summary>Forgets all but what is in use now.</summary>
    public static void ResetPeak() => Interlocked.Exchange(ref _peak, RentedBytes);

    public static Storage Rent(int count)
    {
        int capacity = SizeClass(count);
        long rented = Interlocked.Add(ref _rented, capacity * 4L);
        if (rented > PeakBytes)
        {
            Interlocked.Exchange(ref _peak, rented);
        }

        if (Own(capacity).TryPop(out Storage? storage) || (Free.TryGetValue(capacity, out ConcurrentStack<Storage>? stack) && stack.TryPop(out storage)))
        {
            return storage;
        }

        Interlocked.Increment(ref _allocations);
        return new Storage(capacity, pooled: true);
    }

    public static void Return(Storage storage)
    {
        Interlocked.Add(ref _rented, storage.Capacity * -4L);
        Stack<Storage> own = Own(storage.Capacity);
        if (own.Count < OwnBlocks)
        {
            own.Push(storage);
        }
        else
        {
            Free.GetOrAdd(storage.Capacity, static _ => new()).Push(storage);
        }
    }

    /// <summary>A kept tensor's memory leaves the pool for good.</summary>
    public static void Forget(Storage storage) => Interlocked.Add(ref _rented, storage.Capacity * -4L);

    private static Stack<Storage> Own(int capacity)
    {
        _own ??= [];
        if (!_own.TryGetValue(capacity, out Stack<Storage>? stack))
        {
            _own.Add(capacity, stack = new Stack<Storage>(OwnBlocks));
        }

        return stack;
    }

    /// <summary>The smallest size class that holds <paramref name="count"/> floats: at most an eighth larger.</summary>
    internal static int SizeClass(int count)
    {
        int step = Math.Max(16, (int)(BitOperations.RoundUpToPowerOf2((uint)Math.Max(count, 1)) / 16));
        return checked((Math.Max(count, 1) + step - 1) / step * step);
    }
}
