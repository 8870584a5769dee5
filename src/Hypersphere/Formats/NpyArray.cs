using System.Globalization;

namespace Hypersphere.Formats;

/// <summary>An array as NumPy stores it: typed values in C order and a shape.</summary>
public sealed class NpyArray
{
    private readonly Array _values;

    internal NpyArray(Array values, IReadOnlyList<int> shape, string origin) => (_values, Shape, Origin) = (values, shape, origin);

    /// <summary>Length of every dimension; empty for a scalar.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>NumPy's name of the element type, such as "float32", "int64", "uint8", "bool" or "str".</summary>
    public string Type => NpyType.NameOf(ElementType);

    /// <summary>File and name that the array was read from; empty for a new one.</summary>
    public string Origin { get; }

    internal bool IsText => ElementType == typeof(string);

    internal Array RawValues => _values;

    internal Type ElementType => _values.GetType().GetElementType()!;

    /// <summary>An array to be written; the values are not copied.</summary>
    /// <param name="values">bool, integers of 8 to 64 bits, Half, float, double or string, in C order.</param>
    /// <param name="shape">Length of every dimension; nothing for a vector of all values.</param>
    /// <exception cref="ArgumentException">The shape holds another number of values, or the type is none of these.</exception>
    public static NpyArray Of<T>(T[] values, params ReadOnlySpan<int> shape)
    {
        ArgumentNullException.ThrowIfNull(values);
        _ = NpyType.NameOf(typeof(T));
        int[] dimensions = shape.IsEmpty ? [values.Length] : shape.ToArray();
        return dimensions.Aggregate(1L, (product, n) => product * n) == values.Length
            ? new NpyArray(values, dimensions, "")
            : throw new ArgumentException(
                $"NpyArray: shape [{string.Join(", ", dimensions)}] needs other than {values.Length} values", nameof(shape));
    }

    /// <summary>A single number to be written, of no dimension.</summary>
    /// <param name="value">bool, an integer of 8 to 64 bits, Half, float or double.</param>
    /// <exception cref="ArgumentException">The type is none of these.</exception>
    public static NpyArray Scalar<T>(T value)
        where T : unmanaged
    {
        _ = NpyType.NameOf(typeof(T));
        return new NpyArray(new[] { value }, [], "");
    }

    /// <summary>The values, without conversion.</summary>
    /// <exception cref="InputException">The array is of another type.</exception>
    public T[] Values<T>() => ElementType == typeof(T)
        ? (T[])_values
        : throw new InputException(
            $"{Origin}: is {Type} but {NpyType.NameOf(typeof(T))} is needed; convert it with .astype('{NpyType.NameOf(typeof(T))}')");

    /// <summary>The values of any integer type.</summary>
    /// <exception cref="InputException">The array is not of integers, or a value does not fit 32 bits.</exception>
    public int[] Integers() => _values switch
    {
        int[] v => v,
        byte[] v => Array.ConvertAll(v, x => (int)x),
        sbyte[] v => Array.ConvertAll(v, x => (int)x),
        short[] v => Array.ConvertAll(v, x => (int)x),
        ushort[] v => Array.ConvertAll(v, x => (int)x),
        uint[] v => Array.ConvertAll(v, x => x <= int.MaxValue ? (int)x : throw OutOfRange(x.ToString(CultureInfo.InvariantCulture))),
        long[] v => Array.ConvertAll(v, x => (int)x == x ? (int)x : throw OutOfRange(x.ToString(CultureInfo.InvariantCulture))),
        ulong[] v => Array.ConvertAll(v, x => x <= int.MaxValue ? (int)x : throw OutOfRange(x.ToString(CultureInfo.InvariantCulture))),
        _ => throw new InputException($"{Origin}: is {Type} but integers are needed; convert it with .astype('int64')"),
    };

    /// <summary>The values of any floating-point type as 32 bits.</summary>
    /// <exception cref="InputException">The array is not of floating-point numbers.</exception>
    public float[] Floats() => _values switch
    {
        float[] v => v,
        double[] v => Array.ConvertAll(v, x => (float)x),
        Half[] v => Array.ConvertAll(v, x => (float)x),
        _ => throw new InputException($"{Origin}: is {Type} but float32 is needed; convert it with .astype('float32')"),
    };

    /// <summary>Checks the number of dimensions.</summary>
    /// <param name="least">Fewest.</param>
    /// <param name="most">Most.</param>
    /// <param name="wanted">What is expected, for the message, such as "[N, D]".</param>
    /// <returns>This array.</returns>
    /// <exception cref="InputException">The array has fewer or more.</exception>
    public NpyArray OfRank(int least, int most, string wanted) => Shape.Count >= least && Shape.Count <= most
        ? this
        : throw new InputException($"{Origin}: has shape [{string.Join(", ", Shape)}] but {wanted} is needed");

    private InputException OutOfRange(string value) => new($"{Origin}: the value {value} does not fit 32 bits");
}
