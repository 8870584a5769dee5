using System.Globalization;

namespace Hypersphere.Data;

/// <summary>Identities without faces, as many as one likes: noisy points around centres on a sphere, to try a head and its training at any
/// scale.</summary>
/// <remarks>An "image" is a vector of D bytes, [1,D,1]. Person p has a centre c ~ N(0, I_D); image i shows x = c + spread·w∘n, n ~ N(0, I_D),
/// and stores ⌊127.5 + 32·√D·x/‖x‖⌋. The noise of coordinate j has the weight w_j, from 1/4 to 4 in equal ratios: some coordinates tell people
/// apart and others do not, which is what a network can learn here. Image i has label i mod classes; with probability <c>label-noise</c> it
/// shows another person, and with probability <c>conflict</c> a class is the person of the class before it, as when one person was collected
/// twice. Nothing is stored: an image is a hash of seed, part and index.</remarks>
public sealed class SyntheticIdentities : ImageSource
{
    private const float Step = 32;
    private readonly SyntheticPeople _people;
    private readonly DataPart _part;
    private readonly Rng _rng;

    /// <summary>Sets the numbers; nothing is drawn yet.</summary>
    /// <param name="people">What they are.</param>
    /// <param name="part">Training and test images are different images of the same people; test images have no wrong labels.</param>
    public SyntheticIdentities(SyntheticPeople people, DataPart part = DataPart.Train)
        : base(people?.ToString() ?? "", people?.Images ?? 1, new(1, people?.Dimension ?? 1, 1), new NumberedNames(people?.Classes ?? 1))
    {
        ArgumentNullException.ThrowIfNull(people);
        (_people, _part, _rng) = (people, part, new Rng(people.Seed));
    }

    /// <inheritdoc/>
    public override int Label(int index) => index % ClassNames.Count;

    /// <inheritdoc/>
    public override string Name(int index) => string.Create(CultureInfo.InvariantCulture, $"{Origin}/{index}");

    /// <summary>Who an image shows: the number of the first class that is this person.</summary>
    /// <param name="index">0 … Count−1.</param>
    public int Person(int index)
    {
        int label = Label(index);
        Rng chance = _rng.Fork("label-noise", index);
        int shown = _part == DataPart.Train && chance.NextDouble() < _people.LabelNoise ? chance.NextInt(ClassNames.Count) : label;
        while (shown > 0 && _rng.Fork("conflict", shown).NextDouble() < _people.Conflict)
        {
            shown--;
        }

        return shown;
    }

    /// <inheritdoc/>
    protected override void Fill(int index, Span<byte> pixels)
    {
        (Rng center, Rng noise) = (_rng.Fork("person", Person(index)), _rng.Fork(_part == DataPart.Train ? "train" : "test", index));
        Span<double> both = pixels.Length <= 1024 ? stackalloc double[2 * pixels.Length] : new double[2 * pixels.Length];
        Span<double> x = both[..pixels.Length], n = both[pixels.Length..];
        center.FillGaussian(x);
        noise.FillGaussian(n);
        double square = 0, ratio = Math.Pow(16, 1.0 / Math.Max(pixels.Length - 1, 1)), weight = _people.Spread / 4;
        for (int j = 0; j < x.Length; j++, weight *= ratio)
        {
            x[j] += weight * n[j];
            square += x[j] * x[j];
        }

        float factor = (float)(Step * Math.Sqrt(x.Length / Math.Max(square, 1e-12)));
        for (int j = 0; j < x.Length; j++)
        {
            pixels[j] = (byte)Math.Clamp(127.5f + (factor * x[j]), 0, 255);
        }
    }

    /// <summary>"0", "1", … without holding them.</summary>
    private sealed class NumberedNames(int count) : IReadOnlyList<string>
    {
        public int Count { get; } = count;

        public string this[int index] => index.ToString(CultureInfo.InvariantCulture);

        public IEnumerator<string> GetEnumerator() => Enumerable.Range(0, Count).Select(i => this[i]).GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
