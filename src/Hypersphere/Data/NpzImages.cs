using Hypersphere.Formats;

namespace Hypersphere.Data;

/// <summary>Images in a NumPy archive.</summary>
public static class NpzImages
{
    /// <summary>Reads a file into memory.</summary>
    /// <param name="path">The .npz file: <c>images</c> uint8 [N,H,W] or [N,H,W,C], <c>labels</c> integers [N], perhaps
    /// <c>class_names</c> strings.</param>
    /// <param name="options">The number of classes is used; null for the defaults.</param>
    /// <exception cref="InputException">The file is damaged, an array is missing, of the wrong type or shape, or a label out of
    /// range.</exception>
    public static MemoryImages Load(string path, ImageSourceOptions? options = null)
    {
        using NpzReader npz = new(path);
        return Read(npz, path, options?.Classes);
    }

    internal static MemoryImages Read(NpzReader npz, string path, int? classes)
    {
        NpyArray labels = npz.Read("labels").OfRank(1, 1, "[N]"), images = npz.Read("images").OfRank(3, 4, "[N,H,W] or [N,H,W,C]");
        byte[] pixels = images.Values<byte>();
        IReadOnlyList<int> shape = images.Shape;
        int channels = shape.Count == 4 ? shape[3] : 1;
        if (shape.Any(n => n == 0) || channels is not (1 or 3))
        {
            throw new InputException(
                $"{path}: images has shape [{string.Join(", ", shape)}]; none may be 0, and the channels come last and are 1 or 3");
        }

        if (labels.Shape[0] != shape[0])
        {
            throw new InputException($"{path}: holds {labels.Shape[0]} labels but {shape[0]} images");
        }

        int[] numbers = labels.Integers();
        string[]? names = npz.Contains("class_names") ? npz.Read("class_names").Values<string>() : null;
        string[] numbered = NumberedClasses.Check(numbers, names?.Length ?? classes, $"{path}: labels");
        return new MemoryImages(path, new ImageInfo(shape[1], shape[2], channels), pixels, numbers, names ?? numbered);
    }
}
