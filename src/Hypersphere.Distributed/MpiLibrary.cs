using System.Runtime.InteropServices;

namespace Hypersphere.Distributed;

/// <summary>Which MPI libraries are on this machine, and which of them started this process.</summary>
public static class MpiLibrary
{
    /// <summary>The library that would be used; null where none is installed.</summary>
    public static string? Found { get; } = Load(MpiLaunch.Kind)?.File;

    /// <summary>The command that installs one on this system.</summary>
    public static string Remedy =>
        OperatingSystem.IsMacOS() ? "brew install open-mpi"
        : File.Exists("/usr/bin/apt-get") ? "sudo apt-get install openmpi-bin libopenmpi3"
        : File.Exists("/usr/bin/dnf") ? "sudo dnf install openmpi"
        : File.Exists("/sbin/apk") ? "apk add openmpi"
        : "install your system's package of Open MPI or MPICH";

    /// <summary>Loads the library of the kind that started this process, or any.</summary>
    internal static (string File, nint Handle, MpiKind Kind)? Load(MpiKind? wanted)
    {
        foreach (string file in Names())
        {
            if (NativeLibrary.TryLoad(file, out nint handle))
            {
                MpiKind kind = NativeLibrary.TryGetExport(handle, "ompi_mpi_comm_world", out _) ? MpiKind.OpenMpi : MpiKind.Mpich;
                if (wanted is null || wanted == kind)
                {
                    return (file, handle, kind);
                }

                NativeLibrary.Free(handle);
            }
        }

        return null;
    }

    private static IEnumerable<string> Names() =>
        Environment.GetEnvironmentVariable("HYPERSPHERE_MPI") is { Length: > 0 } given ? [given]
        : OperatingSystem.IsMacOS()
            ? ["libmpi.dylib", "/opt/homebrew/lib/libmpi.dylib", "/usr/local/lib/libmpi.dylib"]
            : ["libmpi.so.40", "libmpich.so.12", "libmpi.so.12", "libmpi.so.80", "libmpi.so"];
}

/// <summary>The two families of MPI: what a program must know of a library when it is not compiled against its header.</summary>
internal enum MpiKind
{
    /// <summary>Open MPI and its relatives: handles are addresses.</summary>
    OpenMpi,

    /// <summary>MPICH, MVAPICH and Intel MPI: handles are numbers.</summary>
    Mpich,
}
