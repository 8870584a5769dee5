using System.Diagnostics;
using System.Text.Json;
using Hypersphere.Formats;

namespace Hypersphere.Conformance.Tests;

/// <summary>What the tool said about one case.</summary>
internal sealed record Answer(string? Out, string Status, string Message)
{
    public static Answer[] All(string lines) =>
        [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];

    private static Answer Parse(string line) => JsonSerializer.Deserialize<Answer>(line, JsonSerializerOptions.Web)!;
}

/// <summary>An empty folder in which the tool runs; it goes away with the test.</summary>
internal sealed class ToolFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hypersphere-conformance-");

    public string File(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>A case with its arrays written beside it.</summary>
    public object Entry(string verb, string name, JsonElement hyper, Arrays arrays, string id = "case")
    {
        NpzWriter.Save(File(id + ".in.npz"), compress: false, [.. arrays.Select(a => (a.Key, a.Value))]);
        return new { verb, name, @in = File(id + ".in.npz"), hyper, @out = File(id + ".out.npz") };
    }

    public string List(params object[] entries)
    {
        System.IO.File.WriteAllText(File("cases.json"), JsonSerializer.Serialize(entries));
        return File("cases.json");
    }

    /// <summary>Runs one case inside the test.</summary>
    public Answer Run(object entry)
    {
        using StringWriter output = new(), errors = new();
        Assert.Equal(0, CaseList.Run([List(entry)], output, errors));
        Assert.Empty(errors.ToString());
        return Assert.Single(Answer.All(output.ToString()));
    }

    /// <summary>Runs the tool as a process of its own.</summary>
    public static (int Code, string Out, string Error) Start(params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "Hypersphere.Conformance.dll"), .. arguments])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    /// <summary>All arrays of a file whose names begin with a prefix, without it.</summary>
    public static Arrays Read(string path, string prefix = "")
    {
        using NpzReader npz = new(path);
        return npz.Names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(n => n[prefix.Length..], npz.Read, StringComparer.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
