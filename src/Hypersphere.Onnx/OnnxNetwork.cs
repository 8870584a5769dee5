using Hypersphere.Backbones;
using Hypersphere.Data;
using Hypersphere.Layers;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Onnx;

/// <summary>A network that came from an ONNX file: its operations as layers, its weights to be trained further.</summary>
/// <remarks>Images are [N, H, W, C] here and [N, C, H, W] in the file; weights are turned around while they are read. Models of this network
/// carry its description along, so the file is not needed again.</remarks>
[Component("onnx", Summary = "a network from an ONNX file: onnx:FILE")]
public sealed class OnnxNetwork : Backbone
{
    private const string PreprocessingKey = "preprocessing";
    private const int LargestSide = 8192;

    private readonly OnnxModel _model;
    private readonly ModuleGraph _graph;

    /// <summary>Builds the network anew for a stored model, whose weights come from elsewhere.</summary>
    /// <param name="context">Image size, and the description in <see cref="BackboneContext.Definition"/>.</param>
    /// <exception cref="InputException">There is no description.</exception>
    public OnnxNetwork(BackboneContext context)
        : this(context, OnnxDefinition.Read(context?.Definition), "the stored network")
    {
    }

    private OnnxNetwork(BackboneContext context, OnnxModel model, string file)
        : base(context)
    {
        _model = model;
        _graph = Add("graph", new ModuleGraph(new OnnxBuilder(model, file, context.Random).Build()));
        Embedding = EmbeddingOf(file);
    }

    /// <inheritdoc/>
    public override int Embedding { get; }

    /// <inheritdoc/>
    public override Preprocessing? Preprocessing =>
        _model.Metadata.TryGetValue(PreprocessingKey, out string? text) ? Preprocessing.Parse(text, Context.Channels) : null;

    /// <inheritdoc/>
    public override string Definition => OnnxDefinition.Write(_model);

    /// <summary>Makes «onnx:FILE» a network everywhere in this process.</summary>
    public static void Register()
    {
        Registry<Backbone>.Register<OnnxNetwork>();
        BackboneFiles.Register("onnx", Load);
    }

    /// <summary>Builds the network of an ONNX file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="random">Not needed: all weights are in the file.</param>
    /// <exception cref="InputException">The file is damaged, or holds something that cannot be built; the message names it.</exception>
    public static Backbone Load(string path, Rng random) => Build(OnnxReader.Load(path), path, random);

    internal static OnnxNetwork Build(OnnxModel model, string file, Rng random)
    {
        int[] extents = model.Inputs is [{ Extents: { Length: 4 } given }] && given.Skip(1).All(e => e is > 0 and <= LargestSide)
            ? given
            : throw new InputException(
                $"{file}: needs one input [N, C, H, W] with C, H and W from 1 to {LargestSide} but has "
                + string.Join(", ", model.Inputs.Take(4).Select(i => $"'{i.Name}' [{string.Join(", ", i.Extents.Take(8))}]")));
        return extents[1] is 1 or 3
            ? new OnnxNetwork(new BackboneContext(extents[2], extents[3], extents[1], random), model, file)
            : throw new InputException($"{file}: takes images of {extents[1]} channels; grey (1) and RGB (3) can be fed");
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        RequireInput(x);
        return _graph.Forward(x);
    }

    private int EmbeddingOf(string file)
    {
        try
        {
            SetTraining(false);
            using Scope scope = Scope.Begin();
            Shape output = Compute(Tensor.Zeros(new Shape(1, Context.Height, Context.Width, Context.Channels))).Shape;
            return output.Rank == 2
                ? output[1]
                : throw new InputException($"{file}: its output is {output}, no vector for each image; an embedding network ends with a vector");
        }
        catch (ShapeException e)
        {
            throw new InputException($"{file}: its operations do not fit together: {e.Message}", e);
        }
        finally
        {
            SetTraining(true);
        }
    }
}
