using System.Globalization;

namespace Hypersphere.Evaluation;

/// <summary>Templates: several images and video frames of a person that are compared as one, as the IJB evaluations define them (Whitelam et
/// al., CVPRW 2017; Maze et al., ICB 2018).</summary>
/// <remarks>As in the published evaluation code: the embeddings of one medium (a photograph, the frames of a video) are averaged, the media of a
/// template are summed, and the sum is compared by cosine.</remarks>
public sealed class TemplateSet
{
    private const string Form = "a line is image, template, medium";

    private readonly int[][][] _media;

    private TemplateSet(IReadOnlyList<string> names, int[][][] media) => (Names, _media) = (names, media);

    /// <summary>[T] what the templates are called, in order of appearance.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>T, the number of templates.</summary>
    public int Count => Names.Count;

    /// <summary>Images of all templates; one may belong to several.</summary>
    public int Images => _media.Sum(t => t.Sum(m => m.Length));

    /// <summary>Reads a list such as IJB's ijbc_face_tid_mid.txt: lines of image, template, medium, with tabs, commas or spaces between.</summary>
    /// <param name="path">The file.</param>
    /// <param name="images">[N] what the images are called; a list may leave folders and endings out.</param>
    /// <exception cref="InputException">The file cannot be read, is empty or malformed, or names an image that is not there; the message names the
    /// line.</exception>
    public static TemplateSet Read(string path, IReadOnlyList<string> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        SampleNames rows = new(images);
        Dictionary<string, Dictionary<string, List<int>>> templates = new(StringComparer.Ordinal);
        List<string> names = [];
        foreach ((int line, string[] cells) in TableFile.Rows(path))
        {
            if (cells.Length != 3)
            {
                throw new InputException($"{path}, line {line}: has {cells.Length} columns; {Form}");
            }

            int row = rows.Find(cells[0])
                ?? throw new InputException($"{path}, line {line}: '{cells[0]}' is not among the {images.Count} images; do list and images belong together?");
            if (!templates.TryGetValue(cells[1], out Dictionary<string, List<int>>? media))
            {
                templates[cells[1]] = media = new(StringComparer.Ordinal);
                names.Add(cells[1]);
            }

            if (!media.TryGetValue(cells[2], out List<int>? members))
            {
                media[cells[2]] = members = [];
            }

            members.Add(row);
        }

        return names.Count == 0
            ? throw new InputException($"{path}: holds no templates; {Form}")
            : new TemplateSet(names, [.. names.Select(n => templates[n].Values.Select(m => m.ToArray()).ToArray())]);
    }

    /// <summary>One embedding for each template.</summary>
    /// <param name="images">Embeddings of the images.</param>
    /// <param name="unit">Whether each image's embedding is brought to length 1 first; else longer ones, which networks give to clear images, weigh
    /// more.</param>
    /// <returns>[T, D], not normalised, named as the templates; the labels number them.</returns>
    public EmbeddingSet Pool(EmbeddingSet images, bool unit)
    {
        ArgumentNullException.ThrowIfNull(images);
        EmbeddingSet set = unit ? images.Normalized() : images;
        int size = set.Size;
        float[] values = new float[checked(Count * size)];
        double[] sum = new double[size];
        for (int t = 0; t < Count; t++)
        {
            Array.Clear(sum);
            foreach (int[] medium in _media[t])
            {
                foreach (int row in medium)
                {
                    ReadOnlySpan<float> own = set.Row(row);
                    for (int d = 0; d < size; d++)
                    {
                        sum[d] += (double)own[d] / medium.Length;
                    }
                }
            }

            for (int d = 0; d < size; d++)
            {
                values[(t * size) + d] = (float)sum[d];
            }
        }

        return new EmbeddingSet(values, size, [.. Enumerable.Range(0, Count)], [.. Names]);
    }

    /// <summary>Reads pairs of templates, as IJB's ijbc_template_pair_label.txt: lines of template, template, 1 (same) or 0.</summary>
    /// <exception cref="InputException">The file cannot be read, or a line is malformed or names a template that is not there.</exception>
    public VerificationPairs ReadPairs(string path) => new PairFile(path, Names, Count, numbered: true).Read();

    /// <summary>Reads which templates are enrolled or searched for and whom they show, as IJB's ijbc_1N_gallery_G1.csv: lines of template, person,
    /// and anything; a template may be named several times.</summary>
    /// <returns>Rows of templates with the names of their people.</returns>
    /// <exception cref="InputException">The file cannot be read, or a line is malformed or names a template that is not there.</exception>
    public IReadOnlyList<(int Template, string Person)> ReadPeople(string path)
    {
        Dictionary<string, int> rows = Names.Index().ToDictionary(n => n.Item, n => n.Index, StringComparer.Ordinal);
        Dictionary<int, string> people = [];
        foreach ((int line, string[] cells) in TableFile.Rows(path))
        {
            if (line == 1 && cells.Length > 0 && !rows.ContainsKey(cells[0]) && !int.TryParse(cells[0], CultureInfo.InvariantCulture, out _))
            {
                continue; // a heading
            }

            if (cells.Length < 2)
            {
                throw new InputException($"{path}, line {line}: has {cells.Length} columns; a line is template, person");
            }

            int row = rows.TryGetValue(cells[0], out int found)
                ? found : throw new InputException($"{path}, line {line}: there is no template '{cells[0]}' among the {Count}");
            if (!people.TryAdd(row, cells[1]) && people[row] != cells[1])
            {
                throw new InputException($"{path}, line {line}: template '{cells[0]}' shows {cells[1]}, but an earlier line says {people[row]}");
            }
        }

        return people.Count == 0 ? throw new InputException($"{path}: names nobody; a line is template, person") : [.. people.Select(p => (p.Key, p.Value))];
    }
}
