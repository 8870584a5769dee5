using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Hypersphere.Registry;

namespace Hypersphere.Backbones;

/// <summary>2 + 2 + 2 + 2 blocks, 24.0 million parameters at 112×112 and D = 512.</summary>
/// <param name="context">Image size and randomness.</param>
/// <param name="embedding">D.</param>
/// <param name="width">Channels of the first stage.</param>
/// <param name="dropout">Share of the last features that is dropped while training.</param>
[Component("iresnet18", Summary = "insightface's residual network with 8 blocks", Paper = "Deng et al., CVPR 2019")]
public sealed class IResNet18(
    BackboneContext context,
    [Range(1, 4096), Description("embedding size D")] int embedding = 512,
    [Range(1, 1024), Description("channels of the first stage")] int width = 64,
    [Range(0, 0.99), Description("share of the last features dropped in training")] float dropout = 0f)
    : IResNet(context, [2, 2, 2, 2], embedding, width, stemStride: 1, dropout);

/// <summary>3 + 4 + 6 + 3 blocks, 34.1 million parameters at 112×112 and D = 512.</summary>
/// <param name="context">Image size and randomness.</param>
/// <param name="embedding">D.</param>
/// <param name="width">Channels of the first stage.</param>
/// <param name="dropout">Share of the last features that is dropped while training.</param>
[Component("iresnet34", Summary = "insightface's residual network with 16 blocks", Paper = "Deng et al., CVPR 2019")]
public sealed class IResNet34(
    BackboneContext context,
    [Range(1, 4096), Description("embedding size D")] int embedding = 512,
    [Range(1, 1024), Description("channels of the first stage")] int width = 64,
    [Range(0, 0.99), Description("share of the last features dropped in training")] float dropout = 0f)
    : IResNet(context, [3, 4, 6, 3], embedding, width, stemStride: 1, dropout);

/// <summary>3 + 4 + 14 + 3 blocks, 43.6 million parameters at 112×112 and D = 512.</summary>
/// <param name="context">Image size and randomness.</param>
/// <param name="embedding">D.</param>
/// <param name="width">Channels of the first stage.</param>
/// <param name="dropout">Share of the last features that is dropped while training.</param>
[Component("iresnet50", Summary = "insightface's residual network with 24 blocks", Paper = "Deng et al., CVPR 2019")]
public sealed class IResNet50(
    BackboneContext context,
    [Range(1, 4096), Description("embedding size D")] int embedding = 512,
    [Range(1, 1024), Description("channels of the first stage")] int width = 64,
    [Range(0, 0.99), Description("share of the last features dropped in training")] float dropout = 0f)
    : IResNet(context, [3, 4, 14, 3], embedding, width, stemStride: 1, dropout);

/// <summary>3 + 13 + 30 + 3 blocks, 65.2 million parameters at 112×112 and D = 512.</summary>
/// <param name="context">Image size and randomness.</param>
/// <param name="embedding">D.</param>
/// <param name="width">Channels of the first stage.</param>
/// <param name="dropout">Share of the last features that is dropped while training.</param>
[Component("iresnet100", Summary = "insightface's residual network with 49 blocks", Paper = "Deng et al., CVPR 2019")]
public sealed class IResNet100(
    BackboneContext context,
    [Range(1, 4096), Description("embedding size D")] int embedding = 512,
    [Range(1, 1024), Description("channels of the first stage")] int width = 64,
    [Range(0, 0.99), Description("share of the last features dropped in training")] float dropout = 0f)
    : IResNet(context, [3, 13, 30, 3], embedding, width, stemStride: 1, dropout);
