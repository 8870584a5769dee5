namespace Hypersphere.Data;

/// <summary>In which order a network takes the channels of a pixel.</summary>
public enum ChannelOrder
{
    /// <summary>A single channel.</summary>
    Grey,

    /// <summary>Red, green, blue: as images are read here.</summary>
    Rgb,

    /// <summary>Blue, green, red: as OpenCV reads images, and networks that were trained on it take them.</summary>
    Bgr,
}
