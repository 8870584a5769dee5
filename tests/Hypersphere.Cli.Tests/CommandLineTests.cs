using System.CommandLine;
using Hypersphere.Cli;

namespace Commands;

public class CommandLineTests
{
    public static TheoryData<string> CommandNames => new(AllCommands().Where(c => c.Length > 0));

    [Fact]
    public void NothingAskedShowsHelp()
    {
        Outcome bare = Cli.Run(), help = Cli.Run("--help");
        Assert.Equal(0, bare.Code);
        Assert.Equal(help.Out, bare.Out);
        Assert.Contains("quickstart", help.Out, StringComparison.Ordinal);
        Assert.Contains("Exit codes", help.Out, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(CommandNames))]
    public void EveryCommandHasHelpWithExamplesThatParse(string command)
    {
        string[] path = command.Split(' ');
        Outcome help = Cli.Run([.. path, "--help"]);
        Assert.Equal((0, ""), (help.Code, help.Error));
        Assert.Contains("Usage\n  hypersphere " + command, help.Out, StringComparison.Ordinal);
        string[] examples = [.. help.Out.Split('\n').SkipWhile(l => l != "Examples").Where(l => l.StartsWith("  hypersphere ", StringComparison.Ordinal))];
        Assert.NotEmpty(examples);
        RootCommand root = CommandLine.Build(new Terminal(TextWriter.Null, TextWriter.Null, 80, IsLive: false));
        Assert.All(examples, line => Assert.Empty(root.Parse(line.Trim()["hypersphere ".Length..]).Errors));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public void HelpStaysWithinTheTerminal(int width)
    {
        foreach (string command in AllCommands())
        {
            string[] path = command.Length == 0 ? [] : command.Split(' ');
            IEnumerable<string> tooLong = Cli.RunAt(width, [.. path, "--help"]).Out.Split('\n').Where(l => l.Length > width);
            Assert.DoesNotContain(tooLong, l => !l.Trim().StartsWith("hypersphere ", StringComparison.Ordinal)); // command lines stay whole
        }
    }

    [Theory]
    [InlineData("hypersphere: there is no command docto; did you mean doctor? See hypersphere --help.\n", "docto")]
    [InlineData("hypersphere: there is no command zzzzzzzz. See hypersphere --help.\n", "zzzzzzzz")]
    [InlineData("hypersphere: there is no option --jsn; did you mean --json? See hypersphere doctor --help.\n", "doctor", "--jsn")]
    [InlineData("hypersphere: there is no argument extra. See hypersphere doctor --help.\n", "doctor", "extra")]
    [InlineData("hypersphere: --threads must be in 1 … 4096 but is 0. See hypersphere doctor --help.\n", "doctor", "--threads", "0")]
    [InlineData("hypersphere: --threads must be a whole number but is “two”. See hypersphere doctor --help.\n", "doctor", "--threads", "two")]
    [InlineData("hypersphere: --threads needs a value: --threads N. See hypersphere doctor --help.\n", "doctor", "--threads")]
    public void WrongUseIsOneLineAndExitCode2(string error, params string[] arguments) =>
        Assert.Equal(new Outcome(2, "", error), Cli.Run(arguments));

    [Fact]
    public void VersionIsTheAssemblys() => Assert.Equal(new Outcome(0, "hypersphere 0.1.0\n", ""), Cli.Run("--version"));

    [Fact]
    public void ProcessAnswersLikeTheFunction()
    {
        Assert.Equal((0, "hypersphere 0.1.0"), (Cli.Start("--version").Code, Cli.Start("--version").Out.TrimEnd()));
        Outcome wrong = Cli.Start("docto");
        Assert.Equal((2, ""), (wrong.Code, wrong.Out));
        Assert.Single(wrong.Error.TrimEnd().Split('\n'));
    }

    private static IEnumerable<string> AllCommands() =>
        Descend(CommandLine.Build(new Terminal(TextWriter.Null, TextWriter.Null, 80, IsLive: false)), "");

    private static IEnumerable<string> Descend(Command command, string path) =>
        command.Subcommands.SelectMany(c => Descend(c, $"{path} {c.Name}".Trim())).Prepend(path);
}
