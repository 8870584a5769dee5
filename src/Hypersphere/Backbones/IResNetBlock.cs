using Hypersphere.Layers;
using Hypersphere.Tensors;

namespace Hypersphere.Backbones;

/// <summary>Batch norm, 3×3 convolution, batch norm, PReLU, 3×3 convolution with stride, batch norm. Named as in insightface's
/// checkpoints, where the shortcut stands inside the block: see <see cref="IResNet"/>.</summary>
internal sealed class IResNetBlock : Layer
{
    private readonly Layer[] _body;
    private readonly Sequential? _downsample;
    private readonly Sum _sum = new();

    public IResNetBlock(int inputs, int outputs, int stride, Rng random)
    {
        _body =
        [
            Add("bn1", new BatchNorm2d(inputs)),
            Add("conv1", IResNet.Convolution(inputs, outputs, 3, 1, random.Fork("conv", 1))),
            Add("bn2", new BatchNorm2d(outputs)),
            Add("prelu", new PReLU(outputs)),
            Add("conv2", IResNet.Convolution(outputs, outputs, 3, stride, random.Fork("conv", 2))),
            Add("bn3", new BatchNorm2d(outputs)),
        ];
        if (stride != 1 || inputs != outputs)
        {
            _downsample = Add("downsample", new Sequential(
                IResNet.Convolution(inputs, outputs, 1, stride, random.Fork("downsample")), new BatchNorm2d(outputs)));
        }
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) =>
        Residual.Join(_sum, x, _body, _downsample);
}
