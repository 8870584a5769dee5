using System.Net;
using Hypersphere;
using Hypersphere.Cli;
using Hypersphere.Cli.Running;

namespace Commands;

/// <summary>The download, from a server inside the test.</summary>
public sealed class FashionMnistTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpListener _server = new();
    private readonly string _address;
    private Func<string, byte[]?> _serve = _ => null;

    public FashionMnistTests()
    {
        using (var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            _address = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/";
        }

        _server.Prefixes.Add(_address);
        _server.Start();
        _ = Task.Run(Answer);
    }

    public void Dispose()
    {
        _server.Close();
        _folder.Dispose();
    }

    [Fact]
    public void PublishedFilesAreKept()
    {
        if (FashionMnist.Installed is not { } installed)
        {
            return;
        }

        _serve = name => File.ReadAllBytes(Path.Combine(installed, name));
        string folder = Download();
        Assert.Equal(_folder.File("cache"), folder);
        Assert.Equal(47_040_016, new FileInfo(Path.Combine(folder, "train-images-idx3-ubyte")).Length);
        Assert.Equal(4, Directory.GetFiles(folder).Length);
    }

    [Fact]
    public void OtherFilesAreRefused()
    {
        _serve = _ => Convert.FromHexString("1f8b0800000000000003cb48cdc9c9070086a6103605000000"); // “hello”
        Assert.Contains("SHA-256", Refused(), StringComparison.Ordinal);
        _serve = _ => [1, 2, 3];
        Assert.Contains("SHA-256", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void MissingServerIsOneLine() => Assert.Contains("could not be downloaded", Refused(), StringComparison.Ordinal);

    private string Refused()
    {
        string message = Assert.Throws<InputException>(Download).Message;
        Assert.DoesNotContain('\n', message);
        Assert.Contains("--data idx:DIR", message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.File("cache")));
        return message;
    }

    private string Download() =>
        new FashionMnist(new Uri(_address), _folder.File("cache")).Download(new Terminal(TextWriter.Null, TextWriter.Null, 80, IsLive: false));

    private async Task Answer()
    {
        while (_server.IsListening)
        {
            HttpListenerContext context = await _server.GetContextAsync();
            byte[]? body = _serve(context.Request.Url!.AbsolutePath.TrimStart('/'));
            context.Response.StatusCode = body is null ? 404 : 200;
            if (body is not null)
            {
                await context.Response.OutputStream.WriteAsync(body);
            }

            context.Response.Close();
        }
    }
}
