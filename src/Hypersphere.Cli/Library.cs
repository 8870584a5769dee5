using Hypersphere.Cli.Running;
using Hypersphere.Distributed;
using Hypersphere.Imaging;

namespace Hypersphere.Cli;

/// <summary>Something optional that the system may have.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Purpose">What it is good for here.</param>
/// <param name="Found">Where it is, or null.</param>
/// <param name="Remedy">How to get it.</param>
internal sealed record Library(string Name, string Purpose, string? Found, string Remedy)
{
    /// <summary>Looks for everything optional.</summary>
    public static IReadOnlyList<Library> Optional() =>
    [
        new("libturbojpeg", "JPEG images", JpegLibrary.Found, JpegLibrary.Remedy),
        new("MPI", "training on several machines", MpiLibrary.Found, MpiLibrary.Remedy),
        new("Fashion-MNIST", "the data of quickstart", FashionMnist.Installed,
            System("dataset-fashion-mnist", "quickstart downloads it", "quickstart downloads it")),
    ];

    private static string System(string debian, string mac, string windows) =>
        OperatingSystem.IsMacOS() ? mac : OperatingSystem.IsWindows() ? windows
        : File.Exists("/usr/bin/apt-get") ? $"sudo apt-get install {debian}" : $"install the package that holds {debian}";
}
