namespace Commands;

/// <summary>The scripts of tests/acceptance, which handle the program as a process.</summary>
[Collection(Computing.Name)]
public class AcceptanceTests
{
    [UnixFact]
    public void KilledTrainingsEndInTheSameBits() => Passes("kill-resume.sh", "4");

    [UnixFact]
    public void FullDiskLeavesWholeFiles()
    {
        if (OperatingSystem.IsLinux())
        {
            Passes("full-disk.sh");
        }
    }

    private static void Passes(string script, params string[] arguments)
    {
        var environment = new Dictionary<string, string?> { ["HYPERSPHERE_PROGRAM"] = Path.Combine(AppContext.BaseDirectory, "Hypersphere.Cli") };
        Outcome outcome = Cli.Process("bash", environment, [Path.Combine(Cli.Root, "tests/acceptance", script), .. arguments]);
        Assert.True(outcome.Code == 0 && outcome.Out.EndsWith("ok\n", StringComparison.Ordinal), outcome.Out + outcome.Error);
    }
}
