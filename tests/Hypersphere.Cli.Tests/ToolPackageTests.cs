namespace Commands;

/// <summary>Packs everything, installs the tool from the local folder alone, and runs it.</summary>
public sealed class ToolPackageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void PackagesAreCompleteAndTheToolRuns()
    {
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, packages = _folder.File("packages");
        Dotnet("pack", Path.Combine(Cli.Root, "Hypersphere.slnx"), "--no-build", "-c", configuration, "-o", packages, "--nologo", "-v", "quiet");
        Assert.Equal(
            ["Hypersphere.0.1.0", "Hypersphere.Distributed.0.1.0", "Hypersphere.Imaging.0.1.0", "Hypersphere.Kernels.0.1.0", "Hypersphere.Onnx.0.1.0", "Hypersphere.Reports.0.1.0", "Hypersphere.Tool.0.1.0"],
            Directory.GetFiles(packages, "*.nupkg").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));
        Assert.Equal(7, Directory.GetFiles(packages, "*.snupkg").Length);

        string sources = _folder.File("nuget.config"), tools = _folder.File("tools");
        File.WriteAllText(
            sources,
            $"""<configuration><packageSources><clear /><add key="local" value="{packages}" /></packageSources></configuration>""");
        Dotnet("tool", "install", "Hypersphere.Tool", "--tool-path", tools, "--add-source", packages, "--configfile", sources, "--no-cache");
        Outcome version = Cli.Process(Path.Combine(tools, OperatingSystem.IsWindows() ? "hypersphere.exe" : "hypersphere"), null, "--version");
        Assert.Equal((0, "hypersphere 0.1.0"), (version.Code, version.Out.TrimEnd()));
    }

    private void Dotnet(params string[] arguments)
    {
        var environment = new Dictionary<string, string?> { ["NUGET_PACKAGES"] = _folder.File("cache"), ["MSBUILDDISABLENODEREUSE"] = "1" };
        if (arguments[0] == "pack")
        {
            environment.Remove("NUGET_PACKAGES");
        }

        Outcome outcome = Cli.Process("dotnet", environment, arguments);
        Assert.True(outcome.Code == 0, $"dotnet {arguments[0]} failed: {outcome.Out} {outcome.Error}");
    }
}
