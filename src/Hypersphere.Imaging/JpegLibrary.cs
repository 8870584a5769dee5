namespace Hypersphere.Imaging;

/// <summary>Whether libjpeg-turbo is on this machine.</summary>
public static class JpegLibrary
{
    /// <summary>The library's file; null where it is not installed.</summary>
    public static string? Found => TurboJpeg.Found;

    /// <summary>The command that installs it on this system.</summary>
    public static string Remedy => TurboJpeg.Remedy;
}
