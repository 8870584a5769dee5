using System.Reflection;
using System.Runtime.InteropServices;

namespace Hypersphere.Imaging;

/// <summary>The functions of libjpeg-turbo's TurboJPEG interface that are used here, and where the library is found.</summary>
internal static unsafe partial class TurboJpeg
{
    /// <summary>Pixel formats: TJPF_RGB, TJPF_GRAY, TJPF_CMYK.</summary>
    public const int Rgb = 0, Grey = 6, Cmyk = 11;

    /// <summary>Colour spaces: TJCS_GRAY, TJCS_CMYK, TJCS_YCCK.</summary>
    public const int GreySpace = 2, CmykSpace = 3, YcckSpace = 4;

    /// <summary>Chroma subsampling: TJSAMP_444, TJSAMP_420, TJSAMP_GRAY.</summary>
    public const int Subsampling444 = 0, Subsampling420 = 2, SubsamplingGrey = 3;

    /// <summary>TJFLAG_NOREALLOC: the output buffer is ours.</summary>
    public const int NoReallocation = 1024;

    private const string Library = "turbojpeg";
    private static readonly string[] Names = ["libturbojpeg.so.0", "libturbojpeg.so", "libturbojpeg.0.dylib", "libturbojpeg.dylib", "turbojpeg.dll", "libturbojpeg.dll"];
    private static readonly string[] Folders = ["", "/opt/homebrew/lib/", "/usr/local/lib/", "/opt/libjpeg-turbo/lib64/"];

    static TurboJpeg() => NativeLibrary.SetDllImportResolver(Assembly.GetExecutingAssembly(), (name, _, _) => name == Library ? Handle : 0);

    /// <summary>The file that was loaded; null where the library is not installed.</summary>
    public static string? Found { get; } = Load();

    /// <summary>How to install it on this system.</summary>
    public static string Remedy =>
        OperatingSystem.IsMacOS() ? "brew install jpeg-turbo"
        : OperatingSystem.IsWindows() ? "install libjpeg-turbo from libjpeg-turbo.org and put turbojpeg.dll on the PATH"
        : File.Exists("/usr/bin/apt-get") ? "sudo apt-get install libturbojpeg0"
        : File.Exists("/usr/bin/dnf") ? "sudo dnf install turbojpeg"
        : File.Exists("/sbin/apk") ? "apk add libjpeg-turbo"
        : "install your system's package of libjpeg-turbo with libturbojpeg";

    private static nint Handle { get; set; }

    /// <summary>Refuses to go on without the library.</summary>
    /// <exception cref="InputException">It is not installed; the message says how to install it.</exception>
    public static void Require(string name)
    {
        if (Found is null)
        {
            throw new InputException($"{name}: JPEG needs libjpeg-turbo, which is not installed: {Remedy}");
        }
    }

    [LibraryImport(Library)]
    public static partial nint tjInitDecompress();

    [LibraryImport(Library)]
    public static partial int tjDecompressHeader3(
        nint handle, byte* file, CULong length, out int width, out int height, out int subsampling, out int colorSpace);

    [LibraryImport(Library)]
    public static partial int tjDecompress2(
        nint handle, byte* file, CULong length, byte* pixels, int width, int pitch, int height, int format, int flags);

    [LibraryImport(Library)]
    public static partial nint tjInitCompress();

    [LibraryImport(Library)]
    public static partial int tjCompress2(
        nint handle, byte* pixels, int width, int pitch, int height, int format, byte** file, CULong* length, int subsampling, int quality, int flags);

    [LibraryImport(Library)]
    public static partial CULong tjBufSize(int width, int height, int subsampling);

    [LibraryImport(Library)]
    public static partial int tjDestroy(nint handle);

    [LibraryImport(Library)]
    private static partial nint tjGetErrorStr2(nint handle);

    /// <summary>What the last call found wrong.</summary>
    public static string Error(nint handle) => Marshal.PtrToStringUTF8(tjGetErrorStr2(handle)) ?? "unknown error";

    private static string? Load()
    {
        foreach (string name in Folders.SelectMany(f => Names.Select(n => f + n)))
        {
            if (NativeLibrary.TryLoad(name, out nint handle))
            {
                Handle = handle;
                return name;
            }
        }

        return null;
    }
}
