using System.Runtime.InteropServices;
using Hypersphere.Data;
using Hypersphere.Formats;
using Hypersphere.Registry;

namespace Hypersphere.Imaging;

/// <summary>JPEG through libjpeg-turbo, which must be installed (Debian: libturbojpeg0).</summary>
/// <remarks>Baseline and progressive, grey, colour and CMYK. A file that ends early is refused; lesser oddities that the library only
/// warns of are not. A photograph is turned as its Exif orientation says. May be used from several threads at once.</remarks>
public sealed unsafe class JpegDecoder : ImageDecoder
{
    /// <inheritdoc/>
    public override string Name => "JPEG";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Extensions { get; } = [".jpg", ".jpeg", ".jpe"];

    /// <summary>Makes folders of JPEG files readable everywhere in this process.</summary>
    public static void Register()
    {
        ImageDecoders.Register(new JpegDecoder());
        Registry<Augmentation>.Register<JpegQuality>();
    }

    /// <inheritdoc/>
    public override bool Matches(ReadOnlySpan<byte> head) => head is [0xFF, 0xD8, 0xFF, ..];

    /// <inheritdoc/>
    public override ImageInfo Identify(ReadOnlySpan<byte> file, string name)
    {
        TurboJpeg.Require(name);
        using Codec codec = Codec.Decompressor();
        (int height, int width, int space) = Header(codec.Handle, file, name);
        bool turned = JpegOrientation.Of(file) >= 5;
        return new ImageInfo(turned ? width : height, turned ? height : width, space == TurboJpeg.GreySpace ? 1 : 3);
    }

    /// <inheritdoc/>
    public override RasterImage Decode(ReadOnlySpan<byte> file, string name) => Decode(file, name, int.MaxValue, int.MaxValue);

    /// <inheritdoc/>
    /// <remarks>To a half, a quarter or an eighth of its size, which libjpeg-turbo computes from so many fewer frequencies.</remarks>
    public override RasterImage DecodeReduced(ReadOnlySpan<byte> file, string name, int height, int width)
    {
        bool turned = JpegOrientation.Of(file) >= 5;
        return turned ? Decode(file, name, width, height) : Decode(file, name, height, width);
    }

    /// <param name="file">The whole file.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="neededHeight">Rows needed of the picture as it is stored.</param>
    /// <param name="neededWidth">Columns needed of it.</param>
    private static RasterImage Decode(ReadOnlySpan<byte> file, string name, int neededHeight, int neededWidth)
    {
        TurboJpeg.Require(name);
        using Codec codec = Codec.Decompressor();
        nint handle = codec.Handle;
        (int height, int width, int space) = Header(handle, file, name);
        for (int halvings = 0; halvings < 3 && height / 4 >= neededHeight && width / 4 >= neededWidth; halvings++)
        {
            (height, width) = ((height + 1) / 2, (width + 1) / 2);
        }

        (int format, int channels) = space switch
        {
            TurboJpeg.GreySpace => (TurboJpeg.Grey, 1),
            TurboJpeg.CmykSpace or TurboJpeg.YcckSpace => (TurboJpeg.Cmyk, 4),
            _ => (TurboJpeg.Rgb, 3),
        };
        byte[] pixels = new byte[height * width * channels];
        fixed (byte* input = file)
        fixed (byte* output = pixels)
        {
            if (TurboJpeg.tjDecompress2(handle, input, new CULong((nuint)file.Length), output, width, 0, height, format, 0) != 0)
            {
                string error = TurboJpeg.Error(handle);
                if (!IsHarmless(error))
                {
                    throw Damaged(name, error);
                }
            }
        }

        RasterImage image = channels == 4 ? FromInvertedCmyk(height, width, pixels) : new RasterImage(height, width, channels, pixels);
        return JpegOrientation.Apply(image, JpegOrientation.Of(file));
    }

    private static (int Height, int Width, int Space) Header(nint handle, ReadOnlySpan<byte> file, string name)
    {
        int width, height, space;
        fixed (byte* input = file)
        {
            if (TurboJpeg.tjDecompressHeader3(handle, input, new CULong((nuint)file.Length), out width, out height, out _, out space) != 0
                && !IsHarmless(TurboJpeg.Error(handle)))
            {
                throw Damaged(name, TurboJpeg.Error(handle));
            }
        }

        return width < 1 || height < 1 || (long)width * height > RasterImage.MaxPixels
            ? throw new InputException($"{name}: the JPEG header claims {height}×{width} pixels; at most {RasterImage.MaxPixels} can be read")
            : (height, width, space);
    }

    /// <summary>The library decodes on after such findings, and pixels are complete.</summary>
    private static bool IsHarmless(string error) =>
        error.Contains("extraneous bytes", StringComparison.OrdinalIgnoreCase)
        || error.Contains("Unknown Adobe color transform", StringComparison.OrdinalIgnoreCase)
        || error.Contains("Invalid SOS parameters", StringComparison.OrdinalIgnoreCase);

    private static InputException Damaged(string name, string error) => new($"{name}: the JPEG data are damaged ({error}); get the file again");

    /// <summary>Adobe's programs, which write nearly all such files, store 255 − ink.</summary>
    private static RasterImage FromInvertedCmyk(int height, int width, byte[] cmyk)
    {
        byte[] rgb = new byte[height * width * 3];
        for (int i = 0; i < height * width; i++)
        {
            int black = cmyk[(4 * i) + 3];
            for (int c = 0; c < 3; c++)
            {
                rgb[(3 * i) + c] = (byte)(((cmyk[(4 * i) + c] * black) + 127) / 255);
            }
        }

        return new RasterImage(height, width, 3, rgb);
    }
}
