using System.Globalization;

namespace Hypersphere.Distributed;

/// <summary>What the variables that mpirun sets tell of this process, before any library is loaded.</summary>
public static class MpiLaunch
{
    private static readonly string[] OpenMpi = ["OMPI_COMM_WORLD_SIZE", "PMIX_RANK"], Mpich = ["PMI_SIZE", "PMI_RANK", "PMI_FD"];

    /// <summary>Whether mpirun, or a batch system in its place, started this process.</summary>
    public static bool IsLaunched => Kind is not null;

    /// <summary>Processes of this training on this machine; 1 if that is not known.</summary>
    public static int OnThisMachine => Number("OMPI_COMM_WORLD_LOCAL_SIZE") ?? Number("MPI_LOCALNRANKS") ?? 1;

    /// <summary>Processes in all; null if that is not known.</summary>
    internal static int? Size => Number("OMPI_COMM_WORLD_SIZE") ?? Number("PMI_SIZE");

    /// <summary>Whose mpirun it was; null if there was none.</summary>
    internal static MpiKind? Kind => Array.Exists(OpenMpi, IsSet) ? MpiKind.OpenMpi : Array.Exists(Mpich, IsSet) ? MpiKind.Mpich : null;

    private static bool IsSet(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 };

    private static int? Number(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int number) && number > 0 ? number : null;
}
