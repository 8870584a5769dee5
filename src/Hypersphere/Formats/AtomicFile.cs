using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Hypersphere.Formats;

/// <summary>Writes a file so that, whatever happens, its path holds either the old contents or the new ones, whole.</summary>
/// <remarks>The bytes go to <c>path.tmp</c> in the same folder, are flushed to the disk, and the finished file is renamed over the old one.
/// A process that is killed leaves at most <c>path.tmp</c>, which the next write of the same path takes over.</remarks>
public static partial class AtomicFile
{
    private const string TemporarySuffix = ".tmp";

    /// <summary>Replaces the file at <paramref name="path"/> by what <paramref name="write"/> writes.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="write">Writes the whole contents to the stream it is given.</param>
    /// <exception cref="InputException">The disk is full, the folder cannot be written, …: the previous file is as it was, nothing else
    /// remains.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        path = Path.GetFullPath(path);
        string temporary = path + TemporarySuffix;
        bool created = false;
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16))
            {
                created = true;
                write(file);
                file.Flush(flushToDisk: true);
                if (!OperatingSystem.IsWindows())
                {
                    File.Move(temporary, path, overwrite: true); // still open, so that its lock keeps other writers out
                }
            }

            if (OperatingSystem.IsWindows())
            {
                File.Move(temporary, path, overwrite: true);
            }

            created = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(path, e, File.Exists(path) ? "; the previous file is intact" : "; nothing was left behind");
        }
        finally
        {
            if (created)
            {
                Remove(temporary);
            }
        }

        FlushFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>The one way in which a failed write is told.</summary>
    internal static InputException CannotWrite(string path, Exception cause, string consequence = "")
    {
        string reason = cause.Message.Split('\n')[0].TrimEnd('.', ' ', '\r').Replace($" : '{path}{TemporarySuffix}'", "", StringComparison.Ordinal)
            .Replace($" '{path}{TemporarySuffix}'", "", StringComparison.Ordinal);
        return new InputException(
            $"{path}: could not be saved: {reason}{consequence}. Free some space or choose a folder that can be written.", cause);
    }

    private static void Remove(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // the failure that is already on its way says what is wrong with this folder
        }
    }

    /// <summary>Makes the rename itself survive a power cut, where the system lets a folder be flushed.</summary>
    private static void FlushFolder(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        const int ReadOnlyCloseOnExec = 0x80000;
        using SafeFileHandle handle = Open(folder, ReadOnlyCloseOnExec);
        if (!handle.IsInvalid)
        {
            _ = Flush(handle);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Flush(SafeFileHandle file);
}
