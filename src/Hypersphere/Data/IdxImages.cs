using Hypersphere.Formats;

namespace Hypersphere.Data;

/// <summary>MNIST and its relatives: <c>train-images-idx3-ubyte</c>, <c>train-labels-idx1-ubyte</c> and the same with <c>t10k-</c>,
/// plain or .gz.</summary>
public static class IdxImages
{
    /// <summary>Reads one part into memory.</summary>
    /// <param name="folder">The folder of the files.</param>
    /// <param name="part">Training or test images.</param>
    /// <param name="classes">How many classes there are; null: up to the largest label.</param>
    /// <exception cref="InputException">A file is missing or damaged, or the two do not fit each other.</exception>
    public static MemoryImages Load(string folder, DataPart part, int? classes = null)
    {
        string prefix = part == DataPart.Train ? "train" : "t10k";
        return Load(Find(folder, $"{prefix}-images", "idx3-ubyte"), Find(folder, $"{prefix}-labels", "idx1-ubyte"), classes);
    }

    /// <summary>Reads a file of images and one of labels.</summary>
    /// <param name="images">IDX of rank 3.</param>
    /// <param name="labels">IDX of rank 1.</param>
    /// <param name="classes">How many classes there are; null: up to the largest label.</param>
    /// <exception cref="InputException">A file is missing or damaged, or the two do not fit each other.</exception>
    public static MemoryImages Load(string images, string labels, int? classes = null)
    {
        IdxFile names = IdxFile.Read(labels, 1), pixels = IdxFile.Read(images, 3);
        if (names.Shape[0] != pixels.Shape[0])
        {
            throw new InputException(
                $"{labels}: holds {names.Shape[0]} labels, but {Path.GetFileName(images)} holds {pixels.Shape[0]} images");
        }

        int[] numbers = Array.ConvertAll(names.Data, b => (int)b);
        ImageInfo shape = new(pixels.Shape[1], pixels.Shape[2], 1);
        return new MemoryImages(images, shape, pixels.Data, numbers, NumberedClasses.Check(numbers, classes, labels));
    }

    /// <summary>Some copies of the files have a dot where the others have a dash.</summary>
    private static string Find(string folder, string stem, string kind)
    {
        string[] candidates = [$"{stem}-{kind}", $"{stem}-{kind}.gz", $"{stem}.{kind}", $"{stem}.{kind}.gz"];
        return Array.Find(Array.ConvertAll(candidates, c => Path.Combine(folder, c)), File.Exists)
            ?? throw new InputException($"{folder}: has no {candidates[0]} (or .gz); idx:DIR needs the four files of MNIST's format");
    }
}
