"""The networks of the comparison in PyTorch, in the words of their papers; sizes and order of layers as in src/Hypersphere/Backbones."""
import torch
from torch import nn


def conv(inputs, outputs, kernel, stride=1, groups=1, padding=None):
    return nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2 if padding is None else padding, groups=groups, bias=False)


class SmallCnn(nn.Sequential):
    """Four 3x3 convolutions with batch norm and PReLU, two max pools, a linear layer, batch norm."""

    def __init__(self, size, channels, embedding=64, width=32):
        layers, inputs = [], channels
        for outputs, pool in ((width, False), (width, True), (2 * width, False), (2 * width, True)):
            layers += [conv(inputs, outputs, 3), nn.BatchNorm2d(outputs), nn.PReLU(outputs)]
            layers += [nn.MaxPool2d(2)] if pool else []
            inputs = outputs
        side = size // 4
        super().__init__(*layers, nn.Flatten(), nn.Linear(inputs * side * side, embedding, bias=False), nn.BatchNorm1d(embedding))


class Bottleneck(nn.Module):
    """1x1 up, 3x3 depthwise, 1x1 down; the input added where nothing changes its size."""

    def __init__(self, inputs, outputs, factor, stride):
        super().__init__()
        middle = inputs * factor
        self.body = nn.Sequential(
            conv(inputs, middle, 1), nn.BatchNorm2d(middle), nn.PReLU(middle),
            conv(middle, middle, 3, stride, middle), nn.BatchNorm2d(middle), nn.PReLU(middle),
            conv(middle, outputs, 1), nn.BatchNorm2d(outputs))
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x):
        return x + self.body(x) if self.residual else self.body(x)


class MobileFaceNet(nn.Sequential):
    """Chen et al., CCBR 2018, for 112x112."""

    def __init__(self, size, channels, embedding=128):
        layers = [conv(channels, 64, 3, 2), nn.BatchNorm2d(64), nn.PReLU(64), conv(64, 64, 3, 1, 64), nn.BatchNorm2d(64), nn.PReLU(64)]
        inputs = 64
        for factor, outputs, count, stride in ((2, 64, 5, 2), (4, 128, 1, 2), (2, 128, 6, 1), (4, 128, 1, 2), (2, 128, 2, 1)):
            for i in range(count):
                layers.append(Bottleneck(inputs, outputs, factor, stride if i == 0 else 1))
                inputs = outputs
        side = size // 16
        super().__init__(
            *layers, conv(inputs, 512, 1), nn.BatchNorm2d(512), nn.PReLU(512), conv(512, 512, side, 1, 512, 0), nn.BatchNorm2d(512),
            nn.Flatten(), nn.Linear(512, embedding, bias=False), nn.BatchNorm1d(embedding))


class IBlock(nn.Module):
    """Batch norm, 3x3, batch norm, PReLU, 3x3 with stride, batch norm; beside it the input or its 1x1 projection."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.body = nn.Sequential(
            nn.BatchNorm2d(inputs), conv(inputs, outputs, 3), nn.BatchNorm2d(outputs), nn.PReLU(outputs),
            conv(outputs, outputs, 3, stride), nn.BatchNorm2d(outputs))
        same = stride == 1 and inputs == outputs
        self.shortcut = nn.Identity() if same else nn.Sequential(conv(inputs, outputs, 1, stride, padding=0), nn.BatchNorm2d(outputs))

    def forward(self, x):
        return self.body(x) + self.shortcut(x)


class IResNet(nn.Sequential):
    """Deng et al., CVPR 2019, section 3.1."""

    def __init__(self, size, channels, blocks, embedding, width, stem, dropout):
        layers = [conv(channels, width, 3, stem), nn.BatchNorm2d(width), nn.PReLU(width)]
        inputs, side = width, (size + stem - 1) // stem
        for stage, count in enumerate(blocks):
            outputs = width << stage
            for i in range(count):
                layers.append(IBlock(inputs, outputs, 2 if i == 0 else 1))
                inputs = outputs
            side = (side + 1) // 2
        super().__init__(
            *layers, nn.BatchNorm2d(inputs), nn.Dropout(dropout), nn.Flatten(), nn.Linear(inputs * side * side, embedding), nn.BatchNorm1d(embedding))


def build(name, size, channels):
    if name == 'small-cnn':
        return SmallCnn(size, channels)
    if name == 'mobilefacenet':
        return MobileFaceNet(size, channels)
    if name == 'iresnet18':
        return IResNet(size, channels, (2, 2, 2, 2), 512, 64, 1, 0.0)
    if name == 'iresnet':
        return IResNet(size, channels, (1, 1, 2, 1), 128, 16, 2, 0.4)
    raise SystemExit(f'no network {name}')


def parameters(name, size, channels):
    return sum(p.numel() for p in build(name, size, channels).parameters())
