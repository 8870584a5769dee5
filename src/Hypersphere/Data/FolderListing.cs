using Hypersphere.Formats;

namespace Hypersphere.Data;

/// <summary>The image files of a folder and their classes, in ordinal order.</summary>
/// <param name="Root">The folder.</param>
/// <param name="Classes">Sub-folders that hold images, with / between names.</param>
/// <param name="Files">Paths of the images below the root, with / between names.</param>
/// <param name="Labels">Class of every file.</param>
internal sealed record FolderListing(string Root, string[] Classes, string[] Files, int[] Labels)
{
    private const int Deepest = 4;
    private static readonly string[] Parts = ["train", "test", "val", "valid", "validation", "training", "testing"];

    /// <summary>Lists a folder.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="loose">Whether images may lie in it without sub-folders; they are of a class without a name.</param>
    /// <exception cref="InputException">It does not exist, holds no readable image, or holds them without sub-folders.</exception>
    public static FolderListing Read(string root, bool loose = false)
    {
        SortedDictionary<string, List<string>> found = new(StringComparer.Ordinal);
        List<string> unreadable = [];
        try
        {
            Visit(root, "", 0, found, unreadable);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{root}: cannot be listed: {BoundedReader.FirstLine(e)}", e);
        }

        Check(root, found, unreadable, loose);
        List<string> files = [];
        List<int> labels = [];
        foreach (List<string> members in found.Values)
        {
            labels.AddRange(Enumerable.Repeat(labels.Count == 0 ? 0 : labels[^1] + 1, members.Count));
            files.AddRange(members.Order(StringComparer.Ordinal));
        }

        return new FolderListing(root, [.. found.Keys], [.. files], [.. labels]);
    }

    /// <summary>Where an image lies.</summary>
    public string PathOf(int index) => Path.Combine(Root, Files[index].Replace('/', Path.DirectorySeparatorChar));

    /// <summary>Reads every header and finds the size and channels that all images have or will be brought to.</summary>
    /// <exception cref="InputException">Images differ in size and no size is asked for, or a header cannot be read.</exception>
    public ImageInfo CommonShape(ImageSourceOptions options)
    {
        byte[] buffer = [];
        ImageInfo common = default;
        int channels = 1;
        for (int i = 0; i < Files.Length; i++)
        {
            string path = PathOf(i);
            ImageInfo info = ImageDecoders.IdentifyFile(path, ref buffer);
            channels = Math.Max(channels, info.Channels);
            common = i == 0 ? info : common;
            if (options.Size is null && (info.Height, info.Width) != (common.Height, common.Width))
            {
                throw new InputException($"{path}: is {info.Height}×{info.Width}, but {Files[0]} is {common.Height}×{common.Width}; "
                    + "give one size for all images (--size HxW)");
            }
        }

        (int height, int width) = options.Size ?? (common.Height, common.Width);
        return new ImageInfo(height, width, options.Channels ?? channels);
    }

    private static void Visit(string folder, string name, int depth, SortedDictionary<string, List<string>> found, List<string> unreadable)
    {
        List<string> images = [];
        foreach (string path in Directory.EnumerateFiles(folder))
        {
            string file = Path.GetFileName(path);
            if (!file.StartsWith('.') && ImageDecoders.IsPicture(file))
            {
                bool readable = ImageDecoders.Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);
                (readable ? images : unreadable).Add(name.Length == 0 ? file : $"{name}/{file}");
            }
        }

        if (images.Count > 0)
        {
            found.Add(name, images);
        }

        foreach (string path in depth < Deepest ? Directory.EnumerateDirectories(folder) : [])
        {
            string child = Path.GetFileName(path);
            if (!child.StartsWith('.'))
            {
                Visit(path, name.Length == 0 ? child : $"{name}/{child}", depth + 1, found, unreadable);
            }
        }
    }

    private static void Check(string root, SortedDictionary<string, List<string>> found, List<string> unreadable, bool loose)
    {
        string readable = string.Join(' ', ImageDecoders.Extensions);
        if (unreadable.Count > 0)
        {
            string first = unreadable.Min(StringComparer.Ordinal)!;
            throw new InputException(
                $"{root}: {first} is of a format that cannot be read ({unreadable.Count} such files); readable are {readable}");
        }

        if (found.Count == 0)
        {
            throw new InputException($"{root}: holds no images; it needs one sub-folder per identity with {readable} files in it");
        }

        if (found.TryGetValue("", out List<string>? own) && !loose)
        {
            throw new InputException($"{root}: holds images itself, such as {own[0]}; it needs one sub-folder per identity");
        }

        string[] parts = [.. found.Keys.Select(k => k.Split('/')[0]).Distinct(StringComparer.Ordinal)];
        bool nested = found.Keys.All(k => k.Contains('/', StringComparison.Ordinal));
        if (nested && parts.All(p => Parts.Contains(p, StringComparer.OrdinalIgnoreCase)))
        {
            throw new InputException(
                $"{root}: is in parts ({string.Join(", ", parts)}); give one of them, such as {Path.Combine(root, parts[0])}");
        }
    }
}
