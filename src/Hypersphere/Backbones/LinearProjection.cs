using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Layers;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Backbones;

/// <summary>One linear layer from the pixels to the embedding: for vectors that are features already, and to study a head by itself.</summary>
/// <remarks>Flatten; linear without bias; batch norm if wanted. H·W·channels·D parameters.</remarks>
[Component("linear", Summary = "one linear layer, for vectors instead of images")]
public sealed class LinearProjection : Backbone
{
    private readonly Sequential _body;

    /// <summary>Builds the network.</summary>
    /// <param name="context">Image size and randomness.</param>
    /// <param name="embedding">D.</param>
    /// <param name="norm">Whether a batch norm follows.</param>
    public LinearProjection(
        BackboneContext context,
        [Range(1, 4096), Description("embedding size D")] int embedding = 128,
        [Description("whether a batch norm follows")] bool norm = false)
        : base(context)
    {
        ArgumentNullException.ThrowIfNull(context);
        (Embedding, Norm) = (embedding, norm);
        FileLayout layout = FileLayout.Flattened(embedding, context.Height, context.Width, context.Channels);
        Linear linear = new(context.Height * context.Width * context.Channels, embedding, context.Random.Fork("linear"), bias: false, layout: layout);
        _body = Add("body", norm ? new Sequential(new Flatten(), linear, new BatchNorm1d(embedding)) : new Sequential(new Flatten(), linear));
    }

    /// <inheritdoc/>
    public override int Embedding { get; }

    /// <summary>Whether a batch norm follows.</summary>
    public bool Norm { get; }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        RequireInput(x);
        return _body.Forward(x);
    }
}
