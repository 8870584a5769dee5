namespace Hypersphere.Data;

/// <summary>What lies around an image that is cropped past its border.</summary>
public enum CropFill
{
    /// <summary>Black: bytes of 0, as torchvision's RandomCrop pads.</summary>
    Zero,

    /// <summary>The nearest pixel of the image.</summary>
    Edge,
}
