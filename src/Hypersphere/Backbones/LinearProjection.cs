using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Layers;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Backbones;

/// <summary>One linear layer from the pixels to the embedding: for vectors that are features already, and to study a head by itself.</summary>
/// <remarks>Flatten; linear without bias. H·W·channels·D parameters.</remarks>
[Component("linear", Summary = "one linear layer, for vectors instead of images")]
public sealed class LinearProjection : Backbone
{
    private readonly Sequential _body;

    /// <summary>Builds the network.</summary>
    /// <param name="context">Image size and randomness.</param>
    /// <param name="embedding">D.</param>
    public LinearProjection(BackboneContext context, [Range(1, 4096), Description("embedding size D")] int embedding = 128)
        : base(context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Embedding = embedding;
        FileLayout layout = FileLayout.Flattened(embedding, context.Height, context.Width, context.Channels);
        _body = Add("body", new Sequential(
            new Flatten(), new Linear(context.Height * context.Width * context.Channels, embedding, context.Random.Fork("linear"), bias: false, layout: layout)));
    }

    /// <inheritdoc/>
    public override int Embedding { get; }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        RequireInput(x);
        return _body.Forward(x);
    }
}
