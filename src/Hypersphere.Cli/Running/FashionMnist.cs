using System.IO.Compression;
using System.Security.Cryptography;
using Hypersphere.Formats;

namespace Hypersphere.Cli.Running;

/// <summary>Finds Fashion-MNIST on this machine, or downloads it.</summary>
/// <param name="address">Where the four files are published.</param>
/// <param name="cache">Where downloaded ones are kept.</param>
internal sealed class FashionMnist(Uri address, string cache)
{
    private const string SystemFolder = "/usr/share/datasets/fashion-mnist";

    /// <summary>What the classes are called where the data set is published.</summary>
    public static IReadOnlyList<string> ClassNames { get; } =
        ["T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"];

    private static readonly (string Name, long Bytes, string Sha256)[] Files =
    [
        ("train-images-idx3-ubyte", 47_040_016, "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
        ("train-labels-idx1-ubyte", 60_008, "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
        ("t10k-images-idx3-ubyte", 7_840_016, "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
        ("t10k-labels-idx1-ubyte", 10_008, "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
    ];

    /// <summary>The published files, kept in the user's cache.</summary>
    public static FashionMnist Published { get; } = new(new Uri("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"), CacheFolder());

    /// <summary>Where the system's package puts it, or null.</summary>
    public static string? Installed => IsComplete(SystemFolder) ? SystemFolder : null;

    /// <summary>A folder with the four files: installed, downloaded before, or downloaded now.</summary>
    /// <param name="terminal">Told of a download.</param>
    /// <exception cref="InputException">It cannot be downloaded, or what came is not what was published.</exception>
    public string Locate(Terminal terminal) => Installed ?? (IsComplete(cache) ? cache : Download(terminal));

    /// <summary>Downloads the files into the cache and checks them.</summary>
    /// <inheritdoc cref="Locate"/>
    public string Download(Terminal terminal)
    {
        terminal.Out.WriteLine($"data   downloading Fashion-MNIST (31 MB) from {address} to {cache}");
        try
        {
            Directory.CreateDirectory(cache);
            using var client = new HttpClient { Timeout = TimeSpan.FromMinutes(5) };
            foreach ((string name, long bytes, string sha256) in Files)
            {
                AtomicFile.Write(Path.Combine(cache, name), file => Fetch(client, name, bytes, sha256, file));
            }
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException or UnauthorizedAccessException)
        {
            throw new InputException($"Fashion-MNIST could not be downloaded from {address}: {e.Message} Give a copy with --data idx:DIR.", e);
        }

        return cache;
    }

    private void Fetch(HttpClient client, string name, long bytes, string sha256, Stream file)
    {
        string packed = name + ".gz";
        using HttpResponseMessage answer = client.Send(new HttpRequestMessage(HttpMethod.Get, new Uri(address, packed)), HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        try
        {
            using var unpacked = new GZipStream(answer.Content.ReadAsStream(), CompressionMode.Decompress);
            byte[] buffer = new byte[1 << 16];
            long total = 0;
            for (int read; (read = unpacked.Read(buffer)) > 0 && (total += read) <= bytes;)
            {
                hash.AppendData(buffer, 0, read);
                file.Write(buffer, 0, read);
            }
        }
        catch (InvalidDataException e)
        {
            throw NotAsPublished(packed, e);
        }

        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != sha256)
        {
            throw NotAsPublished(packed);
        }
    }

    private InputException NotAsPublished(string file, Exception? cause = null) =>
        new($"{new Uri(address, file)}: is not the file that was published (its SHA-256 differs). Give a copy with --data idx:DIR.", cause);

    private static bool IsComplete(string folder) =>
        Files.All(f => File.Exists(Path.Combine(folder, f.Name)) || File.Exists(Path.Combine(folder, f.Name + ".gz")));

    private static string CacheFolder()
    {
        string? home = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set ? set
            : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } profile ? Path.Combine(profile, ".cache") : Path.GetTempPath();
        return Path.Combine(home, "hypersphere", "fashion-mnist");
    }
}
