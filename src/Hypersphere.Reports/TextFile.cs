using System.Text;

namespace Hypersphere.Reports;

/// <summary>Files that appear whole or not at all.</summary>
internal static class TextFile
{
    /// <summary>Writes to a temporary file beside the path, flushes it to disk, and renames it.</summary>
    /// <exception cref="InputException">The file cannot be written; nothing is left behind.</exception>
    public static void Write(string path, string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string full = Path.GetFullPath(path);
        string temporary = full + ".tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write))
            {
                stream.Write(Encoding.UTF8.GetBytes(text));
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(temporary))
            {
                File.Delete(temporary);
            }

            throw new InputException($"{path} cannot be written ({e.Message.TrimEnd('.')}); free space or choose another path", e);
        }
    }
}
