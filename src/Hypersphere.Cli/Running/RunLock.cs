namespace Hypersphere.Cli.Running;

/// <summary>Keeps a second process out of a run's folder; the system lets go of it when this process ends, however it ends.</summary>
internal sealed class RunLock : IDisposable
{
    private readonly FileStream _file;

    /// <summary>Takes the folder, making it if need be.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <exception cref="InputException">Another process trains there, or the folder cannot be made.</exception>
    public RunLock(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{folder}: the folder cannot be made ({e.Message.TrimEnd('.')}); choose another --out.", e);
        }

        try
        {
            _file = new FileStream(
                Path.Combine(folder, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{folder}: another training runs here, or it cannot be written; wait for its end or choose another --out.", e);
        }
    }

    public void Dispose() => _file.Dispose();
}
