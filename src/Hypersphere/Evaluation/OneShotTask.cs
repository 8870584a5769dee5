namespace Hypersphere.Evaluation;

/// <summary>One-shot classification as Omniglot defines it (Lake et al., Science 2015): in each run, twenty images are to be matched with
/// twenty classes of which one image each is known.</summary>
/// <param name="Runs">The runs in order of their folders.</param>
public sealed record OneShotTask(IReadOnlyList<OneShotRun> Runs)
{
    private const string List = "class_labels.txt";
    private const int LongestList = 1 << 20;

    /// <summary>Reads a folder of runs: run01/class_labels.txt with a line an image, its path and that of its class, below the folder.</summary>
    /// <exception cref="InputException">There are no runs, or a list is malformed; the message names the line.</exception>
    public static OneShotTask Read(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new InputException($"{folder}: no such folder; give one with run01/{List}, run02/{List} …");
        }

        string[] lists = [.. Directory.GetDirectories(folder).Select(d => Path.Combine(d, List)).Where(File.Exists).Order(StringComparer.Ordinal)];
        return lists.Length > 0
            ? new OneShotTask([.. lists.Select(l => ReadRun(folder, l))])
            : throw new InputException($"{folder}: holds no runs; it needs run01/{List}, run02/{List} …");
    }

    /// <summary>Share of the images whose own class is the most similar one, in each run.</summary>
    /// <param name="embed">Embeds the images of paths, in order.</param>
    public IReadOnlyList<double> Accuracies(Func<IReadOnlyList<string>, EmbeddingSet> embed)
    {
        ArgumentNullException.ThrowIfNull(embed);
        return [.. Runs.Select(run =>
        {
            EmbeddingSet set = embed([.. run.Classes, .. run.Images]).Normalized();
            int classes = run.Classes.Count;
            return Enumerable.Range(0, run.Images.Count).Average(i =>
                Enumerable.Range(0, classes).MaxBy(c => set.Cosine(classes + i, c)) == run.Truth[i] ? 1.0 : 0);
        })];
    }

    private static OneShotRun ReadRun(string folder, string list)
    {
        if (new FileInfo(list).Length > LongestList)
        {
            throw new InputException($"{list}: is too long for a list of images and classes");
        }

        List<string> images = [], own = [];
        int number = 0;
        foreach (string line in File.ReadLines(list))
        {
            number++;
            string[] cells = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (cells.Length == 0)
            {
                continue;
            }

            if (cells.Length != 2)
            {
                throw new InputException($"{list}, line {number}: needs the path of an image and that of its class");
            }

            images.Add(Path.Combine(folder, cells[0]));
            own.Add(Path.Combine(folder, cells[1]));
        }

        string[] classes = [.. own.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return images.Count > 0
            ? new OneShotRun(images, classes, [.. own.Select(o => Array.IndexOf(classes, o))])
            : throw new InputException($"{list}: names no images");
    }
}

/// <summary>A run of a <see cref="OneShotTask"/>.</summary>
/// <param name="Images">Paths of the images to classify.</param>
/// <param name="Classes">Path of the known image of each class.</param>
/// <param name="Truth">The class of each image.</param>
public sealed record OneShotRun(IReadOnlyList<string> Images, IReadOnlyList<string> Classes, IReadOnlyList<int> Truth);
