using Hypersphere.Data;
using Hypersphere.Layers;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Backbones;

/// <summary>What a backbone is built for.</summary>
/// <param name="Height">Image height in pixels.</param>
/// <param name="Width">Image width in pixels.</param>
/// <param name="Channels">1 for grey, 3 for RGB.</param>
/// <param name="Random">Where the first weights come from.</param>
/// <param name="Definition">For networks that a specification cannot describe, what <see cref="Backbone.Definition"/> of one like it
/// said.</param>
public sealed record BackboneContext(int Height, int Width, int Channels, Rng Random, string? Definition = null);

/// <summary>A network from images [N, H, W, C] to embeddings [N, D].</summary>
/// <param name="context">What it is built for.</param>
public abstract class Backbone(BackboneContext context) : Layer
{
    /// <summary>What it was built for.</summary>
    public BackboneContext Context { get; } = context;

    /// <summary>D, numbers in an embedding.</summary>
    public abstract int Embedding { get; }

    /// <summary>What its input must be prepared with, where the network's own file said so.</summary>
    public virtual Preprocessing? Preprocessing => null;

    /// <summary>What must be stored beside the weights to build it again, where its specification does not say all.</summary>
    public virtual string? Definition => null;

    /// <summary>The full specification, as checkpoints store it.</summary>
    public override string ToString() => Registry<Backbone>.SpecOf(this);

    /// <summary>Refuses images of another size than it was built for.</summary>
    /// <param name="x">The images.</param>
    /// <exception cref="ShapeException">They have another size.</exception>
    protected void RequireInput(Tensor x)
    {
        if (x.Shape.Rank != 4 || x.Shape[1] != Context.Height || x.Shape[2] != Context.Width || x.Shape[3] != Context.Channels)
        {
            Throw.Shape(
                ToString(), "the images", $"[N, {Context.Height}, {Context.Width}, {Context.Channels}]", x.Shape.ToString(),
                "images are [N, H, W, C]; was the backbone built for another size?");
        }
    }
}
