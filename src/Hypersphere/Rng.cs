using System.Numerics.Tensors;

namespace Hypersphere;

/// <summary>Counter-based random numbers: a value depends on the seed, the chain of purposes and the index, and on nothing else.</summary>
/// <remarks>Two rounds of the SplitMix64 finaliser over (key, counter). Threads, ranks, and a resumed run see the same values because no
/// state is shared: fork by purpose (a word) and index (epoch, step, sample), then draw. A copy of the struct continues on its
/// own.</remarks>
public struct Rng
{
    private const int GaussianBlock = 128;

    private readonly ulong _key;
    private ulong _counter;

    /// <summary>The root of all randomness of a run.</summary>
    /// <param name="seed">Any number.</param>
    public Rng(ulong seed)
        : this(Mix(seed ^ 0x48797065_72737068), 0)
    {
    }

    private Rng(ulong key, ulong counter) => (_key, _counter) = (key, counter);

    /// <summary>An independent stream.</summary>
    /// <param name="purpose">What the numbers are for, such as "shuffle" or "dropout".</param>
    /// <param name="index">Which one: an epoch, a step, a sample.</param>
    public readonly Rng Fork(string purpose, long index = 0)
    {
        ArgumentNullException.ThrowIfNull(purpose);
        ulong hash = 0xcbf29ce484222325;
        foreach (char c in purpose)
        {
            hash = (hash ^ c) * 0x100000001b3;
        }

        return new Rng(Mix(Mix(_key ^ hash) + ((ulong)index * 0x9E3779B97F4A7C15)), 0);
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits() => Mix(Mix(_key + (++_counter * 0x9E3779B97F4A7C15)) ^ _key);

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, 1), 24 bits.</summary>
    public float NextSingle() => (NextBits() >> 40) * (1f / (1 << 24));

    /// <summary>Uniform in [low, high).</summary>
    public float Uniform(float low, float high) => low + ((high - low) * NextSingle());

    /// <summary>Uniform in 0 … exclusive−1, without bias to 2⁻³².</summary>
    /// <param name="exclusive">Upper bound, at least 1.</param>
    public int NextInt(int exclusive)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(exclusive, 1);
        return (int)(((NextBits() >> 32) * (ulong)exclusive) >> 32);
    }

    /// <summary>Standard normal (Box–Muller, one value a call).</summary>
    public double NextGaussian()
    {
        double radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        return radius * Math.Cos(Math.Tau * NextDouble());
    }

    /// <summary>As many calls of <see cref="NextGaussian"/> by SIMD; the last bit of a value may differ from theirs.</summary>
    public void FillGaussian(Span<double> values)
    {
        Span<double> turns = stackalloc double[GaussianBlock];
        for (; !values.IsEmpty; values = values[Math.Min(GaussianBlock, values.Length)..])
        {
            Span<double> block = values[..Math.Min(GaussianBlock, values.Length)], angles = turns[..block.Length];
            for (int i = 0; i < block.Length; i++)
            {
                (block[i], angles[i]) = (1 - NextDouble(), Math.Tau * NextDouble());
            }

            TensorPrimitives.Log(block, block);
            TensorPrimitives.Multiply(block, -2, block);
            TensorPrimitives.Sqrt(block, block);
            TensorPrimitives.Cos(angles, angles);
            TensorPrimitives.Multiply(block, angles, block);
        }
    }

    /// <summary>The same, times a standard deviation, rounded to single precision.</summary>
    public void FillGaussian(Span<float> values, double deviation = 1)
    {
        Span<double> exact = stackalloc double[GaussianBlock];
        for (; !values.IsEmpty; values = values[Math.Min(GaussianBlock, values.Length)..])
        {
            Span<double> block = exact[..Math.Min(GaussianBlock, values.Length)];
            FillGaussian(block);
            TensorPrimitives.Multiply(block, deviation, block);
            TensorPrimitives.ConvertTruncating<double, float>(block, values);
        }
    }

    /// <summary>Shuffles in place (Fisher–Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
