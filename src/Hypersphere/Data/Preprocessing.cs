using System.Globalization;
using Hypersphere.Registry;

namespace Hypersphere.Data;

/// <summary>What is done to the bytes of an image before a network sees them: (x − mean) / std, channel by channel, in the order that the
/// network was trained on. It is stored with the model, so that it cannot be mixed up silently.</summary>
/// <param name="Order">Order of the channels.</param>
/// <param name="Mean">Subtracted from every byte (0 … 255); one value, or one per channel in the network's order.</param>
/// <param name="Std">What remains is divided by it, above 0; one value, or one per channel in the network's order.</param>
public sealed record Preprocessing(ChannelOrder Order, IReadOnlyList<float> Mean, IReadOnlyList<float> Std)
{
    private const string FirstForm = "RGB or grey, (x - 127.5) / 127.5, channels last";

    /// <summary>Channels that it is for.</summary>
    public int Channels => Order == ChannelOrder.Grey ? 1 : 3;

    /// <summary>The usual one: RGB or grey, (x − 127.5) / 127.5, so −1 … 1.</summary>
    /// <param name="channels">1 or 3.</param>
    public static Preprocessing Usual(int channels) => new(channels == 1 ? ChannelOrder.Grey : ChannelOrder.Rgb, [127.5f], [127.5f]);

    /// <summary>Reads the form that <see cref="ToString"/> writes.</summary>
    /// <param name="text">Such as «rgb(mean=127.5, std=127.5)» or «bgr(mean=104 117 123, std=1)»; what is left out is as usual.</param>
    /// <param name="channels">Channels of the images, 1 or 3.</param>
    /// <exception cref="InputException">The text has another form, or does not suit the channels.</exception>
    public static Preprocessing Parse(string text, int channels)
    {
        if (text == FirstForm)
        {
            return Usual(channels);
        }

        Spec spec = Spec.Parse(text);
        bool known = Enum.TryParse(spec.Name, ignoreCase: true, out ChannelOrder order) && Enum.IsDefined(order) && !char.IsDigit(spec.Name[0]);
        string[] unknown = [.. spec.Arguments.Keys.Except(["mean", "std"], StringComparer.Ordinal)];
        if (!known || unknown.Length > 0)
        {
            throw new InputException($"'{text}' is no preprocessing; write grey, rgb or bgr with mean and std, such as rgb(mean=127.5, std=127.5).");
        }

        Preprocessing result = new(order, Numbers(text, spec, "mean"), Numbers(text, spec, "std"));
        result.RequireFitting(channels);
        return result;
    }

    /// <summary>Such as «rgb(mean=127.5, std=127.5)».</summary>
    public override string ToString() => $"{Spec.Format(Order)}(mean={Text(Mean)}, std={Text(Std)})";

    /// <summary>Whether both do the same.</summary>
    public bool Equals(Preprocessing? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>Refuses images of another number of channels and numbers that make no sense.</summary>
    /// <exception cref="InputException">It does not suit them.</exception>
    internal void RequireFitting(int channels)
    {
        bool Suits(IReadOnlyList<float> values) => (values.Count == 1 || values.Count == channels) && values.All(float.IsFinite);
        if (Channels != channels || !Suits(Mean) || !Suits(Std) || Std.Any(s => !(s > 0) || !float.IsFinite(1 / s)))
        {
            throw new InputException(
                $"preprocessing {this} does not suit images of {channels} channel{(channels == 1 ? "" : "s")}; "
                + $"write {Usual(channels)}, with one value or one a channel, std above 0.");
        }
    }

    private static float[] Numbers(string text, Spec spec, string key) =>
        !spec.Arguments.TryGetValue(key, out string? value) ? [127.5f]
        : Spec.ParseValue(typeof(float[]), value) is float[] { Length: > 0 } numbers ? numbers
        : throw new InputException($"'{text}': {key} must be a number, or one for each channel with spaces between them, but is '{value}'.");

    private static string Text(IReadOnlyList<float> values) => string.Join(' ', values.Select(v => v.ToString("R", CultureInfo.InvariantCulture)));
}
