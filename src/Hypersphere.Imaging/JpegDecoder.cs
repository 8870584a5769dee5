using System.Runtime.InteropServices;
using Hypersphere.Formats;

namespace Hypersphere.Imaging;

/// <summary>JPEG through libjpeg-turbo, which must be installed (Debian: libturbojpeg0).</summary>
/// <remarks>Baseline and progressive, grey, colour and CMYK. A file that ends early is refused; lesser oddities that the library only
/// warns of are not. May be used from several threads at once.</remarks>
public sealed unsafe class JpegDecoder : ImageDecoder
{
    [ThreadStatic]
    private static Codec? _codec;

    /// <inheritdoc/>
    public override string Name => "JPEG";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Extensions { get; } = [".jpg", ".jpeg", ".jpe"];

    /// <summary>Makes folders of JPEG files readable everywhere in this process.</summary>
    public static void Register() => ImageDecoders.Register(new JpegDecoder());

    /// <inheritdoc/>
    public override bool Matches(ReadOnlySpan<byte> head) => head is [0xFF, 0xD8, 0xFF, ..];

    /// <inheritdoc/>
    public override ImageInfo Identify(ReadOnlySpan<byte> file, string name)
    {
        (int height, int width, int space) = Header(file, name);
        return new ImageInfo(height, width, space == TurboJpeg.GreySpace ? 1 : 3);
    }

    /// <inheritdoc/>
    public override RasterImage Decode(ReadOnlySpan<byte> file, string name)
    {
        (int height, int width, int space) = Header(file, name);
        (int format, int channels) = space switch
        {
            TurboJpeg.GreySpace => (TurboJpeg.Grey, 1),
            TurboJpeg.CmykSpace or TurboJpeg.YcckSpace => (TurboJpeg.Cmyk, 4),
            _ => (TurboJpeg.Rgb, 3),
        };
        byte[] pixels = new byte[height * width * channels];
        nint handle = Handle;
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

        return channels == 4 ? FromInvertedCmyk(height, width, pixels) : new RasterImage(height, width, channels, pixels);
    }

    private static nint Handle => (_codec ??= new Codec(TurboJpeg.tjInitDecompress())).DangerousGetHandle();

    private static (int Height, int Width, int Space) Header(ReadOnlySpan<byte> file, string name)
    {
        TurboJpeg.Require(name);
        nint handle = Handle;
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

    /// <summary>A decompressor of one thread; freed when the thread is gone.</summary>
    private sealed class Codec : SafeHandle
    {
        public Codec(nint handle)
            : base(0, ownsHandle: true) => SetHandle(handle);

        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle() => TurboJpeg.tjDestroy(handle) == 0;
    }
}
