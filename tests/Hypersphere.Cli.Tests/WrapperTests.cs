namespace Commands;

/// <summary>The ./hypersphere script beside a stand-in dotnet that notes what is built and makes a program that echoes.</summary>
public sealed class WrapperTests : IDisposable
{
    private const string FakeDotnet = """
        #!/bin/sh
        if [ "$1" = --list-sdks ]; then cat "$(dirname "$0")/sdks"; exit 0; fi
        echo "$@" >> "$(dirname "$0")/log"
        [ -e "$(dirname "$0")/broken" ] && { echo 'X.cs(1,1): error CS1: no good'; exit 1; }
        sleep 0.3
        mkdir -p artifacts/program
        printf '#!/bin/sh\nfor a in "$@"; do echo "[$a]"; done\nexit 7\n' > artifacts/program/Hypersphere.Cli
        chmod +x artifacts/program/Hypersphere.Cli
        """;

    private readonly TemporaryFolder _folder = new();

    public WrapperTests()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Directory.CreateDirectory(_folder.File("repo/src/Hypersphere.Cli"));
        Directory.CreateDirectory(_folder.File("bin"));
        Put("repo/src/Hypersphere.Cli/Program.cs", "//");
        Put("repo/Directory.Build.props", "<Project/>");
        Put("repo/global.json", "{}");
        Put("repo/.editorconfig", "");
        File.Copy(Path.Combine(Cli.Root, "hypersphere"), _folder.File("repo/hypersphere"));
        Script("bin/dotnet", FakeDotnet);
        Put("bin/sdks", "10.0.100 [/x]\n");
    }

    public void Dispose() => _folder.Dispose();

    [UnixFact]
    public void BuildsOnceThenOnlyWhenSourcesChange()
    {
        Outcome first = Run("a b", "--c");
        Assert.Equal((7, "[a b]\n[--c]\n", "hypersphere: building…\n"), (first.Code, first.Out, first.Error));
        Assert.Equal("", Run().Error);
        Put("repo/src/Hypersphere.Cli/New.cs", "//");
        Assert.Equal("hypersphere: building…\n", Run().Error);
        File.Delete(_folder.File("repo/src/Hypersphere.Cli/New.cs"));
        Assert.Equal("hypersphere: building…\n", Run().Error);
        Assert.Equal("", Run().Error);
        Assert.Equal(3, Builds());
    }

    [UnixFact]
    public void FailedBuildShowsItsErrorsAndIsTriedAgain()
    {
        Put("bin/broken", "");
        Outcome failed = Run();
        Assert.Equal(1, failed.Code);
        Assert.Contains("error CS1: no good", failed.Error, StringComparison.Ordinal);
        File.Delete(_folder.File("bin/broken"));
        Assert.Equal(7, Run().Code);
    }

    [UnixFact]
    public void TwoAtOnceBuildOnce()
    {
        Task<Outcome>[] both = [Task.Run(() => Run("1")), Task.Run(() => Run("2"))];
        Task.WaitAll(both);
        Assert.Equal(["[1]\n", "[2]\n"], both.Select(t => t.Result.Out));
        Assert.Equal(1, Builds());
    }

    [UnixFact]
    public void WorksThroughALinkWithoutHome()
    {
        File.CreateSymbolicLink(_folder.File("bin/one"), "../repo/hypersphere");
        File.CreateSymbolicLink(_folder.File("two"), _folder.File("bin/one"));
        Outcome outcome = Cli.Process("bash", Environment(("HOME", null)), _folder.File("two"), "x");
        Assert.Equal((7, "[x]\n"), (outcome.Code, outcome.Out));
    }

    [UnixFact]
    public void MissingOrOldSdkIsSaid()
    {
        Put("bin/sdks", "8.0.400 [/x]\n");
        Outcome old = Run();
        Assert.Equal(2, old.Code);
        Assert.Contains("needs the .NET 10 SDK", old.Error, StringComparison.Ordinal);
        Assert.Contains("8.0.400", old.Error, StringComparison.Ordinal);
    }

    [UnixFact]
    public void QuickstartInstallsItsDataSayingSoFirst()
    {
        if (!IsDebian())
        {
            return;
        }

        Script("bin/apt-get", $"#!/bin/sh\necho \"$@\" >> {_folder.File("apt")}\n");
        Script("bin/id", "#!/bin/sh\necho 0\n");
        Assert.Contains("installing the system package dataset-fashion-mnist", Run("quickstart").Error, StringComparison.Ordinal);
        Assert.Equal("install -y -q --no-install-recommends dataset-fashion-mnist\n", File.ReadAllText(_folder.File("apt")));

        Script("bin/id", "#!/bin/sh\necho 1000\n");
        Script("bin/sudo", $"#!/bin/sh\necho sudo >> {_folder.File("apt")}\nexec \"$@\"\n");
        Run("quickstart");
        Assert.EndsWith("sudo\ninstall -y -q --no-install-recommends dataset-fashion-mnist\n", File.ReadAllText(_folder.File("apt")), StringComparison.Ordinal);
    }

    [UnixFact]
    public void NoInstallRefusesAndHelpOrOwnDataNeedNothing()
    {
        Outcome refused = Cli.Process(
            "bash", Environment(("HYPERSPHERE_NO_INSTALL", "1")), _folder.File("repo/hypersphere"), "quickstart");
        Assert.True(!IsDebian() || (refused.Code == 2 && refused.Error.Contains("apt-get install dataset-fashion-mnist", StringComparison.Ordinal)));
        Script("bin/apt-get", $"#!/bin/sh\ntouch {_folder.File("apt")}\n");
        Run("quickstart", "--help");
        Run("quickstart", "--data", "idx:x");
        Run("quickstart", "--data=idx:x");
        Run("train", "quickstart");
        Assert.False(File.Exists(_folder.File("apt")));
    }

    private static bool IsDebian() =>
        File.Exists("/etc/os-release") && File.ReadAllText("/etc/os-release") is var text
        && (text.Contains("debian", StringComparison.Ordinal) || text.Contains("ubuntu", StringComparison.Ordinal));

    private Outcome Run(params string[] arguments) => Cli.Process("bash", Environment(), [_folder.File("repo/hypersphere"), .. arguments]);

    private Dictionary<string, string?> Environment(params (string Name, string? Value)[] more)
    {
        var environment = new Dictionary<string, string?>
        {
            ["PATH"] = $"{_folder.File("bin")}:{System.Environment.GetEnvironmentVariable("PATH")}",
            ["DOTNET_ROOT"] = _folder.File("bin"),
            ["HYPERSPHERE_DATASETS"] = _folder.File("no-datasets"),
            ["HYPERSPHERE_NO_INSTALL"] = null,
        };
        foreach ((string name, string? value) in more)
        {
            environment[name] = value;
        }

        return environment;
    }

    private int Builds() => File.ReadAllLines(_folder.File("bin/log")).Length;

    private void Put(string name, string text) => File.WriteAllText(_folder.File(name), text);

    private void Script(string name, string text)
    {
        Put(name, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder.File(name), (UnixFileMode)0b111_101_101);
        }
    }
}
