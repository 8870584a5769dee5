using System.Globalization;
using System.Text.Json;
using Hypersphere.Backbones;
using Hypersphere.Data;
using Hypersphere.Evaluation;
using Hypersphere.Formats;
using Hypersphere.Losses;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Training;

/// <summary>A trained network with what is needed to use it: input size, classes, prototypes.</summary>
public sealed class EmbeddingModel
{
    /// <summary>Puts a model together.</summary>
    /// <param name="backbone">The network.</param>
    /// <param name="loss">The loss that trained it, with its prototypes.</param>
    /// <param name="classNames">Names of the classes that it was trained on.</param>
    /// <param name="preprocessing">How bytes become the network's numbers; null for <see cref="Data.Preprocessing.Usual"/>.</param>
    /// <exception cref="InputException">The preprocessing is for another number of channels.</exception>
    public EmbeddingModel(Backbone backbone, Loss loss, IReadOnlyList<string> classNames, Preprocessing? preprocessing = null)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(loss);
        preprocessing ??= Preprocessing.Usual(backbone.Context.Channels);
        preprocessing.RequireFitting(backbone.Context.Channels);
        (Backbone, Loss, ClassNames, Preprocessing) = (backbone, loss, classNames, preprocessing);
    }

    /// <summary>The network.</summary>
    public Backbone Backbone { get; }

    /// <summary>The loss that trained it.</summary>
    public Loss Loss { get; }

    /// <summary>Names of the classes that it was trained on.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>How the bytes of an image become the numbers that the network takes.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>Builds an untrained model for a data set.</summary>
    /// <param name="backbone">Specification of the network.</param>
    /// <param name="loss">Specification of the loss.</param>
    /// <param name="source">The images it will train on.</param>
    /// <param name="seed">Root of the first weights.</param>
    /// <param name="preprocessing">How bytes become the network's numbers; null for <see cref="Data.Preprocessing.Usual"/>.</param>
    /// <exception cref="InputException">A specification is wrong or does not fit the images.</exception>
    public static EmbeddingModel Create(string backbone, string loss, ImageSource source, ulong seed, Preprocessing? preprocessing = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Create(backbone, loss, (source.Height, source.Width, source.Channels), source.ClassNames, new Rng(seed), preprocessing);
    }

    /// <summary>Loads model.safetensors or a checkpoint.</summary>
    /// <param name="path">A file, or the folder of a run, whose model (or else newest checkpoint) is taken.</param>
    /// <exception cref="InputException">The file is damaged or no model of this program.</exception>
    public static EmbeddingModel Load(string path)
    {
        string file = CheckpointFolder.FindModel(path);
        using SafetensorsFile stored = SafetensorsFile.Open(file);
        return Read(stored, file);
    }

    /// <summary>The specification of the network that a file holds.</summary>
    /// <param name="path">The folder of a run, or a .safetensors file.</param>
    /// <returns>Null if the file does not say it: it was not saved by this library.</returns>
    /// <exception cref="InputException">There is no such file, or it is damaged.</exception>
    public static string? BackboneOf(string path)
    {
        using SafetensorsFile stored = SafetensorsFile.Open(CheckpointFolder.FindModel(path));
        return stored.Metadata.GetValueOrDefault("backbone");
    }

    /// <summary>Writes the model, atomically.</summary>
    /// <param name="path">A .safetensors file.</param>
    /// <exception cref="InputException">It cannot be written.</exception>
    public void Save(string path) => SafetensorsWriter.Save(path, Metadata(), [.. Entries()]);

    /// <summary>Embeds images as they are stored, in order.</summary>
    /// <param name="source">Images of the size that the network takes.</param>
    /// <param name="batch">Images at a time.</param>
    /// <param name="progress">Told the number of images done.</param>
    /// <param name="mirror">Whether the images are mirrored left and right.</param>
    /// <returns>Embeddings as the network gives them, not normalised, with the source's labels and names.</returns>
    /// <exception cref="InputException">The images have another size, or one cannot be read.</exception>
    public EmbeddingSet Embed(ImageSource source, int batch = 256, Action<int>? progress = null, bool mirror = false)
    {
        ArgumentNullException.ThrowIfNull(source);
        RequireFitting(source);
        Backbone.SetTraining(false);
        float[] values = new float[checked(source.Count * Backbone.Embedding)];
        int[] labels = new int[source.Count];
        string[] names = new string[source.Count];
        int done = 0;
        DataLoaderOptions options = DataLoaderOptions.InOrder(Math.Min(batch, source.Count)) with { Preprocessing = Preprocessing };
        using DataLoader loader = new(source, mirror ? options with { Augmentations = [new Flip(1)] } : options, new Rng(0));
        foreach (ImageBatch images in loader.Epoch(0))
        {
            using (Scope.Begin())
            {
                Tensor embeddings = Backbone.Forward(images.ToTensor());
                embeddings.Span.CopyTo(values.AsSpan(done * Backbone.Embedding));
            }

            for (int i = 0; i < images.Count; i++)
            {
                labels[done + i] = images.Labels.Span[i];
                names[done + i] = source.Name(images.Indices.Span[i]);
            }

            done += images.Count;
            progress?.Invoke(done);
        }

        return new EmbeddingSet(values, Backbone.Embedding, labels, names);
    }

    /// <summary>Refuses images of another size than the network takes.</summary>
    /// <exception cref="InputException">They have another size.</exception>
    internal void RequireFitting(ImageSource source)
    {
        BackboneContext c = Backbone.Context;
        if ((source.Height, source.Width, source.Channels) != (c.Height, c.Width, c.Channels))
        {
            throw new InputException(
                $"{source.Origin}: images are {source.DescribeShape()} but the model takes {c.Height}×{c.Width} "
                + $"{(c.Channels == 1 ? "grey" : "RGB")}; give --size {c.Height}x{c.Width}, or use another model.");
        }
    }

    internal static EmbeddingModel Read(SafetensorsFile stored, string file)
    {
        string[] input = Required(stored, file, "input").Split(' ');
        int[] size = [.. input.Select(t => int.TryParse(t, CultureInfo.InvariantCulture, out int n) && n is > 0 and <= 65536 ? n : 0)];
        if (size.Length != 3 || size.Contains(0))
        {
            throw new InputException($"{file}: its input size reads '{string.Join(' ', input)}'; the file is damaged.");
        }

        EmbeddingModel model = Create(
            Required(stored, file, "backbone"), Required(stored, file, "loss"), (size[0], size[1], size[2]), ReadNames(stored, file), new Rng(0),
            Preprocessing.Parse(Required(stored, file, "preprocessing"), size[2]));
        StateFile.Load(stored, file, "backbone.", model.Backbone);
        StateFile.Load(stored, file, "loss.", model.Loss);
        return model;
    }

    internal Dictionary<string, string> Metadata() => new(StringComparer.Ordinal)
    {
        ["format"] = "hypersphere 1",
        ["backbone"] = Backbone.ToString(),
        ["loss"] = Loss.ToString(),
        ["input"] = string.Create(CultureInfo.InvariantCulture, $"{Backbone.Context.Height} {Backbone.Context.Width} {Backbone.Context.Channels}"),
        ["preprocessing"] = Preprocessing.ToString(),
        ["classes"] = JsonSerializer.Serialize(ClassNames.ToArray(), TrainingJson.Default.StringArray),
    };

    internal IEnumerable<SafetensorsSource> Entries() =>
        StateFile.Entries("backbone.", Backbone).Concat(StateFile.Entries("loss.", Loss));

    internal static string Required(SafetensorsFile stored, string file, string key) =>
        stored.Metadata.TryGetValue(key, out string? value)
            ? value
            : throw new InputException($"{file}: it does not say its {key}; it was not saved by hypersphere.");

    private static EmbeddingModel Create(
        string backbone, string loss, (int Height, int Width, int Channels) input, IReadOnlyList<string> classNames, Rng random,
        Preprocessing? preprocessing)
    {
        BackboneContext context = new(input.Height, input.Width, input.Channels, random.Fork("backbone"));
        Backbone network = Registry<Backbone>.Create(backbone, context);
        Loss head = Loss.Create(loss, new LossContext(classNames.Count, network.Embedding, random.Fork("loss")));
        return new EmbeddingModel(network, head, classNames, preprocessing);
    }

    private static string[] ReadNames(SafetensorsFile stored, string file)
    {
        try
        {
            return JsonSerializer.Deserialize(Required(stored, file, "classes"), TrainingJson.Default.StringArray) is { Length: > 0 } names
                ? names
                : throw new InputException($"{file}: it names no classes; the file is damaged.");
        }
        catch (JsonException e)
        {
            throw new InputException($"{file}: its list of classes is damaged.", e);
        }
    }
}
