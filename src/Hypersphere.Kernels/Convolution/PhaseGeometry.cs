namespace Hypersphere.Kernels;

/// <summary>A convolution of stride <c>Step</c> from a source image to every <c>OutStep</c>-th pixel of a destination image.</summary>
/// <remarks>The forward pass is one phase from x to y; the gradient of the input is stride² phases from dy to dx.</remarks>
internal readonly record struct PhaseGeometry
{
    public required TapAxis Rows { get; init; }

    public required TapAxis Columns { get; init; }

    /// <summary>Source pixels from one output to the next.</summary>
    public required int Step { get; init; }

    /// <summary>Destination pixels from one output to the next, and the first one.</summary>
    public required int OutStep { get; init; }

    public required int OutRow { get; init; }

    public required int OutColumn { get; init; }

    public required int Batch { get; init; }

    public required int SourceHeight { get; init; }

    public required int SourceWidth { get; init; }

    public required int SourceChannels { get; init; }

    public required int Height { get; init; }

    public required int Width { get; init; }

    public required int Channels { get; init; }

    public required int Groups { get; init; }

    public int Taps => Rows.Taps * Columns.Taps;

    /// <summary>Source channels that one output sees.</summary>
    public int Depth => SourceChannels / Groups;

    public int ChannelsPerGroup => Channels / Groups;

    /// <summary>Operations of one row of outputs.</summary>
    public long RowFlops => 2L * Columns.Outputs * Math.Max(Taps * Depth, 1) * Channels;

    public long Flops => RowFlops * Rows.Outputs * Batch;

    public static PhaseGeometry Forward(in ConvolutionShape s) => new()
    {
        Rows = TapAxis.Forward(s.OutHeight, s.KernelHeight, s.Padding, s.Dilation),
        Columns = TapAxis.Forward(s.OutWidth, s.KernelWidth, s.Padding, s.Dilation),
        Step = s.Stride,
        OutStep = 1,
        OutRow = 0,
        OutColumn = 0,
        Batch = s.Batch,
        Groups = s.Groups,
        SourceHeight = s.Height,
        SourceWidth = s.Width,
        SourceChannels = s.InChannels,
        Height = s.OutHeight,
        Width = s.OutWidth,
        Channels = s.OutChannels,
    };

    public static PhaseGeometry Backward(in ConvolutionShape s, int row, int column) => new()
    {
        Rows = TapAxis.Backward(s.Height, s.KernelHeight, s.Stride, s.Padding, s.Dilation, row),
        Columns = TapAxis.Backward(s.Width, s.KernelWidth, s.Stride, s.Padding, s.Dilation, column),
        Step = 1,
        OutStep = s.Stride,
        OutRow = row,
        OutColumn = column,
        Batch = s.Batch,
        Groups = s.Groups,
        SourceHeight = s.OutHeight,
        SourceWidth = s.OutWidth,
        SourceChannels = s.OutChannels,
        Height = s.Height,
        Width = s.Width,
        Channels = s.InChannels,
    };
}
