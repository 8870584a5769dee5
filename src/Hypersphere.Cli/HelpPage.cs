using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Hypersphere.Cli;

/// <summary>Help of a command: what it does, usage, examples, options, exit codes, within the width of the terminal.</summary>
internal sealed class HelpPage(Terminal terminal) : SynchronousCommandLineAction
{
    private const int Indent = 2, LongestName = 30;

    public override bool ClearsParseErrors => true;

    /// <summary>The command line that reaches <paramref name="command"/>.</summary>
    public static string PathOf(Command command) =>
        command is RootCommand || command.Parents.OfType<Command>().FirstOrDefault() is not { } parent
            ? CommandLine.Program : $"{PathOf(parent)} {command.Name}";

    /// <summary>What can be given to <paramref name="command"/>, inherited options last.</summary>
    public static IEnumerable<Option> OptionsOf(Command command) =>
        command.Options.Concat(command.Parents.OfType<Command>().SelectMany(OptionsOf).Where(o => o.Recursive)).Where(o => !o.Hidden);

    public override int Invoke(ParseResult parseResult)
    {
        Write(parseResult.CommandResult.Command);
        return ExitCode.Done;
    }

    private void Write(Command command)
    {
        Paragraph(command.Description!);
        if (command is CliCommand detailed && detailed.Details() is { Length: > 0 } details)
        {
            Line();
            Paragraph(details);
        }

        Heading("Usage");
        Line("  " + Usage(command));
        WriteExamples(command);
        Rows("Commands", command.Subcommands.Where(c => !c.Hidden).Select(c => new HelpRow(c.Name, c.Description!)));
        Rows("Arguments", command.Arguments.Select(a => new HelpRow(Label(a), a.Description!)));
        Rows("Options", OptionsOf(command).Where(o => o is not HelpOption).Concat(OptionsOf(command).OfType<HelpOption>()).Select(o => new HelpRow(Label(o), Describe(o))));
        Rows("Exit codes",
        [
            ("0", "done"),
            ("1", "what was asked for failed"),
            ("2", "the command line or an input file is wrong; one line says what to change"),
            .. IsStoppable(command) ? [new("130, 143", "stopped by Ctrl-C, by SIGTERM: saved first, --resume goes on")] : Array.Empty<HelpRow>(),
        ]);
        if (command is RootCommand)
        {
            Line();
            Paragraph($"“{CommandLine.Program} COMMAND --help” shows a command’s options and examples. New here? Run “{CommandLine.Program} quickstart”.");
        }
    }

    private static bool IsStoppable(Command command) => command.Options.Any(o => o.Name == "--resume");

    private static string Usage(Command command)
    {
        if (command.Subcommands.Count > 0)
        {
            return $"{PathOf(command)} COMMAND [options]";
        }

        IEnumerable<string> required = command.Options.Where(o => o.Required).Select(Label);
        return string.Join(' ', [PathOf(command), .. command.Arguments.Select(Label), .. required, "[options]"]);
    }

    private void WriteExamples(Command command)
    {
        IReadOnlyList<HelpRow> examples = (command as CliCommand)?.Examples ?? command.Subcommands.OfType<CliCommand>()
            .Where(c => c.Examples.Count > 0).Select(c => c.Examples[0]).ToArray();
        if (examples.Count == 0)
        {
            return;
        }

        Heading("Examples");
        foreach ((string line, string does) in examples)
        {
            Line($"  {CommandLine.Program} {line}");
            foreach (string part in Wrap(does, terminal.Width - 6))
            {
                Line("      " + part);
            }
        }
    }

    private static string Label(Argument argument) => argument.Arity.MinimumNumberOfValues switch
    {
        0 => $"[{argument.HelpName ?? argument.Name}]",
        _ => (argument.HelpName ?? argument.Name) + (argument.Arity.MaximumNumberOfValues > 1 ? " …" : ""),
    };

    private static string Label(Option option) =>
        string.Join(", ", [.. option.Aliases, option.Name]) + (option.HelpName is { } value ? " " + value : "");

    private static string Describe(Option option) =>
        option.HasDefaultValue && option.GetDefaultValue() is { } value and not false and not ""
            ? FormattableString.Invariant($"{option.Description} [{value}]") : option.Description ?? "";

    private void Rows(string heading, IEnumerable<HelpRow> rows)
    {
        HelpRow[] all = [.. rows];
        if (all.Length == 0)
        {
            return;
        }

        Heading(heading);
        int column = Math.Min(all.Max(r => r.Name.Length), LongestName);
        foreach ((string name, string text) in all)
        {
            string[] lines = [.. Wrap(text, terminal.Width - Indent - column - 2)];
            bool fits = name.Length <= column;
            Line("  " + (fits ? name.PadRight(column) + "  " + lines[0] : name).TrimEnd());
            foreach (string line in lines.Skip(fits ? 1 : 0))
            {
                Line(new string(' ', Indent + column + 2) + line);
            }
        }
    }

    private void Heading(string text)
    {
        Line();
        Line(text);
    }

    private void Paragraph(string text)
    {
        foreach (string line in text.Split('\n').SelectMany(l => Wrap(l, terminal.Width)))
        {
            Line(line);
        }
    }

    private void Line(string text = "") => terminal.Out.WriteLine(text);

    private static IEnumerable<string> Wrap(string text, int width)
    {
        string line = "";
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = word;
            }
            else
            {
                line = line.Length == 0 ? word : $"{line} {word}";
            }
        }

        yield return line;
    }
}
