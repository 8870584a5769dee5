using System.Runtime.InteropServices;

namespace Hypersphere.Distributed;

/// <summary>The functions of MPI's C interface that are used here, and the constants that its headers would give.</summary>
/// <remarks>A handle is an address in Open MPI and a 32-bit number in MPICH; both are passed in a register, whose upper half MPICH does not
/// read, so that one signature does for both.</remarks>
internal sealed unsafe class MpiFunctions
{
    /// <summary>MPI_THREAD_SERIALIZED: calls from several threads, one at a time.</summary>
    public const int Serialized = 2;

    private const nint MpichWorld = 0x44000000, MpichByte = 0x4c00010d, MpichErrorsReturn = 0x54000001;
    private readonly nint _library;

    private MpiFunctions(nint library, MpiKind kind)
    {
        _library = library;
        bool open = kind == MpiKind.OpenMpi;
        World = open ? NativeLibrary.GetExport(library, "ompi_mpi_comm_world") : MpichWorld;
        Byte = open ? NativeLibrary.GetExport(library, "ompi_mpi_byte") : MpichByte;
        ErrorsReturn = open ? NativeLibrary.GetExport(library, "ompi_mpi_errors_return") : MpichErrorsReturn;
        InPlace = open ? 1 : -1;
        IgnoreStatus = open ? 0 : 1;
        Init = (delegate* unmanaged<int*, void*, int, int*, int>)Find("MPI_Init_thread");
        Finish = (delegate* unmanaged<int>)Find("MPI_Finalize");
        Rank = (delegate* unmanaged<nint, int*, int>)Find("MPI_Comm_rank");
        Size = (delegate* unmanaged<nint, int*, int>)Find("MPI_Comm_size");
        Name = (delegate* unmanaged<byte*, int*, int>)Find("MPI_Get_processor_name");
        Version = (delegate* unmanaged<byte*, int*, int>)Find("MPI_Get_library_version");
        SetErrorHandler = (delegate* unmanaged<nint, nint, int>)Find("MPI_Comm_set_errhandler");
        Abort = (delegate* unmanaged<nint, int, int>)Find("MPI_Abort");
        Barrier = (delegate* unmanaged<nint, nint*, int>)Find("MPI_Ibarrier");
        Broadcast = (delegate* unmanaged<void*, int, nint, int, nint, nint*, int>)Find("MPI_Ibcast");
        Gather = (delegate* unmanaged<nint, int, nint, void*, int*, int*, nint, nint, nint*, int>)Find("MPI_Iallgatherv");
        Exchange = (delegate* unmanaged<void*, int*, int*, nint, void*, int*, int*, nint, nint, nint*, int>)Find("MPI_Ialltoallv");
        Send = (delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int>)Find("MPI_Isend");
        Receive = (delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int>)Find("MPI_Irecv");
        Test = (delegate* unmanaged<nint*, int*, nint, int>)Find("MPI_Test");
    }

    /// <summary>MPI_COMM_WORLD.</summary>
    public nint World { get; }

    /// <summary>MPI_BYTE.</summary>
    public nint Byte { get; }

    /// <summary>MPI_ERRORS_RETURN.</summary>
    public nint ErrorsReturn { get; }

    /// <summary>MPI_IN_PLACE.</summary>
    public nint InPlace { get; }

    /// <summary>MPI_STATUS_IGNORE.</summary>
    public nint IgnoreStatus { get; }

    public delegate* unmanaged<int*, void*, int, int*, int> Init { get; }

    public delegate* unmanaged<int> Finish { get; }

    public delegate* unmanaged<nint, int*, int> Rank { get; }

    public delegate* unmanaged<nint, int*, int> Size { get; }

    public delegate* unmanaged<byte*, int*, int> Name { get; }

    public delegate* unmanaged<byte*, int*, int> Version { get; }

    public delegate* unmanaged<nint, nint, int> SetErrorHandler { get; }

    public delegate* unmanaged<nint, int, int> Abort { get; }

    public delegate* unmanaged<nint, nint*, int> Barrier { get; }

    public delegate* unmanaged<void*, int, nint, int, nint, nint*, int> Broadcast { get; }

    public delegate* unmanaged<nint, int, nint, void*, int*, int*, nint, nint, nint*, int> Gather { get; }

    public delegate* unmanaged<void*, int*, int*, nint, void*, int*, int*, nint, nint, nint*, int> Exchange { get; }

    public delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int> Send { get; }

    public delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int> Receive { get; }

    public delegate* unmanaged<nint*, int*, nint, int> Test { get; }

    /// <summary>Loads the library of the mpirun that started this process, or any that is there.</summary>
    /// <exception cref="InputException">There is none; the message says how to install it.</exception>
    public static MpiFunctions Load()
    {
        if (MpiLibrary.Load(MpiLaunch.Kind) is { } found)
        {
            return new(found.Handle, found.Kind);
        }

        throw new InputException((MpiLaunch.Kind, MpiLibrary.Load(null)?.File) switch
        {
            (MpiKind.OpenMpi, { } other) => $"started by Open MPI's mpirun, but of MPI only {other} is installed, which is MPICH's: {MpiLibrary.Remedy}",
            (MpiKind.Mpich, { } other) => $"started by MPICH's mpirun, but of MPI only {other} is installed, which is Open MPI's: start with mpirun.openmpi, or install MPICH (libmpich12)",
            _ => $"training over ranks needs Open MPI or MPICH, which is not installed: {MpiLibrary.Remedy}",
        });
    }

    private void* Find(string name) => (void*)NativeLibrary.GetExport(_library, name);
}
