using System.Runtime.InteropServices;
using Hypersphere.Formats;

namespace Hypersphere.Imaging;

/// <summary>Writes JPEG through libjpeg-turbo.</summary>
public static unsafe class JpegEncoder
{
    /// <summary>Encodes an image: grey as it is, colour with 4:2:0 chroma below quality 90 and full chroma from there.</summary>
    /// <param name="image">The image.</param>
    /// <param name="quality">1 … 100.</param>
    /// <exception cref="InputException">libjpeg-turbo is not installed, or the image is larger than JPEG allows (65,535 pixels a side).</exception>
    public static byte[] Encode(RasterImage image, int quality = 90)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfNotEqual(quality is >= 1 and <= 100, true, nameof(quality));
        TurboJpeg.Require("JPEG");
        (int format, int subsampling) = image.Channels == 1 ? (TurboJpeg.Grey, TurboJpeg.SubsamplingGrey)
            : (TurboJpeg.Rgb, quality >= 90 ? TurboJpeg.Subsampling444 : TurboJpeg.Subsampling420);
        using Codec codec = Codec.Compressor();
        nint handle = codec.Handle;
        byte[] file = new byte[(int)TurboJpeg.tjBufSize(image.Width, image.Height, subsampling).Value];
        CULong length = new((nuint)file.Length);
        fixed (byte* pixels = image.Pixels)
        fixed (byte* buffer = file)
        {
            byte* output = buffer;
            if (TurboJpeg.tjCompress2(
                handle, pixels, image.Width, 0, image.Height, format, &output, &length, subsampling, quality, TurboJpeg.NoReallocation) != 0)
            {
                throw new InputException($"an image of {image.Height}×{image.Width} cannot be written as JPEG ({TurboJpeg.Error(handle)})");
            }
        }

        return file[..(int)length.Value];
    }
}
