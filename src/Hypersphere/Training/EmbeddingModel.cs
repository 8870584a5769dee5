using System.Globalization;
using System.Text.Json;
using Hypersphere.Backbones;
using Hypersphere.Collectives;
using Hypersphere.Data;
using Hypersphere.Formats;
using Hypersphere.Losses;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Training;

/// <summary>A trained network with what is needed to use it: input size, classes, prototypes.</summary>
public sealed class EmbeddingModel : Embedder
{
    /// <summary>Puts a model together.</summary>
    /// <param name="backbone">The network.</param>
    /// <param name="loss">The loss that trained it, with its prototypes.</param>
    /// <param name="classNames">Names of the classes that it was trained on.</param>
    /// <param name="preprocessing">How bytes become the network's numbers; null for <see cref="Data.Preprocessing.Usual"/>.</param>
    /// <exception cref="InputException">The preprocessing is for another number of channels.</exception>
    public EmbeddingModel(Backbone backbone, Loss loss, IReadOnlyList<string> classNames, Preprocessing? preprocessing = null)
        : base(backbone, preprocessing)
    {
        ArgumentNullException.ThrowIfNull(loss);
        (Loss, ClassNames) = (loss, classNames);
    }

    /// <summary>The loss that trained it.</summary>
    public Loss Loss { get; }

    /// <summary>Names of the classes that it was trained on.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>Builds an untrained model for a data set.</summary>
    /// <param name="backbone">Specification of the network.</param>
    /// <param name="loss">Specification of the loss.</param>
    /// <param name="source">The images it will train on.</param>
    /// <param name="seed">Root of the first weights.</param>
    /// <param name="preprocessing">How bytes become the network's numbers; null for <see cref="Data.Preprocessing.Usual"/>.</param>
    /// <param name="definition">What <see cref="Backbone.Definition"/> of such a network said, if it has one.</param>
    /// <param name="ranks">Over which ranks prototypes are spread; null for none.</param>
    /// <exception cref="InputException">A specification is wrong or does not fit the images.</exception>
    public static EmbeddingModel Create(
        string backbone, string loss, ImageSource source, ulong seed, Preprocessing? preprocessing = null, string? definition = null,
        ICollective? ranks = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Create(backbone, loss, (source.Height, source.Width, source.Channels), source.ClassNames, new Rng(seed), definition, preprocessing, ranks);
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

    /// <inheritdoc/>
    public override EmbeddingModel With(Preprocessing preprocessing) => new(Backbone, Loss, ClassNames, preprocessing);

    /// <summary>Writes the model, atomically; over ranks, all call it and rank 0 writes.</summary>
    /// <param name="path">A .safetensors file.</param>
    /// <exception cref="InputException">It cannot be written.</exception>
    public void Save(string path) => SpreadFile.Save(path, Metadata(), Entries(), SpreadTensors(), Loss.Context.Ranks);

    internal static EmbeddingModel Read(SafetensorsFile stored, string file, ICollective? ranks = null)
    {
        string[] input = Required(stored, file, "input").Split(' ');
        int[] size = [.. input.Select(t => int.TryParse(t, CultureInfo.InvariantCulture, out int n) && n is > 0 and <= 65536 ? n : 0)];
        if (size.Length != 3 || size.Contains(0))
        {
            throw new InputException($"{file}: its input size reads '{string.Join(' ', input)}'; the file is damaged.");
        }

        EmbeddingModel model = Create(
            Required(stored, file, "backbone"), Required(stored, file, "loss"), (size[0], size[1], size[2]), ReadNames(stored, file), new Rng(0),
            stored.Metadata.GetValueOrDefault("definition"), Preprocessing.Parse(Required(stored, file, "preprocessing"), size[2]), ranks);
        StateFile.Load(stored, file, "backbone.", model.Backbone);
        StateFile.Load(stored, file, "loss.", model.Loss);
        return model;
    }

    internal Dictionary<string, string> Metadata()
    {
        Dictionary<string, string> metadata = new(StringComparer.Ordinal)
        {
            ["format"] = "hypersphere 1",
            ["backbone"] = Backbone.ToString(),
            ["loss"] = Loss.ToString(),
            ["input"] = string.Create(CultureInfo.InvariantCulture, $"{Backbone.Context.Height} {Backbone.Context.Width} {Backbone.Context.Channels}"),
            ["preprocessing"] = Preprocessing.ToString(),
            ["classes"] = JsonSerializer.Serialize(ClassNames.ToArray(), TrainingJson.Default.StringArray),
        };
        if (Backbone.Definition is { } definition)
        {
            metadata["definition"] = definition;
        }

        return metadata;
    }

    /// <summary>The tensors of which this rank has some rows only, in the order of <see cref="Entries"/>.</summary>
    internal IEnumerable<Tensor> SpreadTensors() => Loss.Parameters().Select(p => p.Parameter.Value).Where(t => t.Spread is not null);

    internal IEnumerable<SafetensorsSource> Entries() =>
        StateFile.Entries("backbone.", Backbone).Concat(StateFile.Entries("loss.", Loss));

    internal static string Required(SafetensorsFile stored, string file, string key) =>
        stored.Metadata.TryGetValue(key, out string? value)
            ? value
            : throw new InputException($"{file}: it does not say its {key}; it was not saved by hypersphere.");

    private static EmbeddingModel Create(
        string backbone, string loss, (int Height, int Width, int Channels) input, IReadOnlyList<string> classNames, Rng random,
        string? definition, Preprocessing? preprocessing, ICollective? ranks)
    {
        BackboneContext context = new(input.Height, input.Width, input.Channels, random.Fork("backbone"), definition);
        Backbone network = BackboneFiles.Open(backbone, context.Random) ?? Registry<Backbone>.Create(backbone, context);
        Loss head = Loss.Create(loss, new LossContext(classNames.Count, network.Embedding, random.Fork("loss")) { Ranks = ranks ?? SingleProcess.Instance });
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
