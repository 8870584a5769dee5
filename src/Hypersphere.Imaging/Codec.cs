using System.Runtime.InteropServices;

namespace Hypersphere.Imaging;

/// <summary>A compressor or decompressor for one image: one that has met a damaged file remembers its tables.</summary>
internal sealed class Codec : SafeHandle
{
    private Codec(nint handle)
        : base(0, ownsHandle: true) => SetHandle(handle);

    public override bool IsInvalid => handle == 0;

    public nint Handle => DangerousGetHandle();

    public static Codec Compressor() => new(TurboJpeg.tjInitCompress());

    public static Codec Decompressor() => new(TurboJpeg.tjInitDecompress());

    protected override bool ReleaseHandle() => TurboJpeg.tjDestroy(handle) == 0;
}
