using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Reflection;
using Hypersphere.Cli.Commands;
using Hypersphere.Cli.Running;
using Hypersphere.Imaging;
using Hypersphere.Onnx;
using Hypersphere.Training;

namespace Hypersphere.Cli;

/// <summary>The whole program as a function: arguments and a terminal in, an exit code out.</summary>
internal static class CommandLine
{
    /// <summary>What a person types to start this program; the script at the root of the sources says how it was called.</summary>
    public static readonly string Program = Environment.GetEnvironmentVariable("HYPERSPHERE_COMMAND") is { Length: > 0 } typed ? typed : "hypersphere";

    private static readonly Option<bool> Verbose = new("--verbose")
    {
        Description = "Show the stack trace of an error.", Recursive = true,
    };

    private static readonly Option<bool> ShowVersion = new("--version") { Description = "Show the version." };

    public static string Version { get; } =
        typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static int Run(IReadOnlyList<string> arguments, Terminal terminal)
    {
        JpegDecoder.Register();
        OnnxNetwork.Register();
        RootCommand root = Build(terminal);
        ParseResult parsed = root.Parse(arguments, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        try
        {
            if (parsed.Errors.Count > 0 && parsed.Action is not HelpPage)
            {
                throw UsageError(parsed);
            }

            return parsed.Invoke(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null, Output = terminal.Out, Error = terminal.Error,
            });
        }
        catch (Exception e)
        {
            return Report(e, parsed.GetValue(Verbose), terminal);
        }
    }

    public static RootCommand Build(Terminal terminal)
    {
        var root = new RootCommand("Deep metric learning on the hypersphere: train networks that turn images into embeddings, and measure them.")
        {
            Quickstart.Create(terminal),
            Train.Create(terminal),
            Compare.Create(terminal),
            Evaluate.Create(terminal),
            Verify.Create(terminal),
            Identify.Create(terminal),
            Align.Create(terminal),
            DataTools.Create(terminal),
            Embed.Create(terminal),
            Export.Create(terminal),
            LossCatalogue.Create(terminal),
            BackboneCatalogue.Create(terminal),
            Curve.Create(terminal),
            Plot.Create(terminal),
            Plan.Create(terminal),
            Bench.Create(terminal),
            Doctor.Create(terminal),
        };
        root.Options.Remove(root.Options.OfType<VersionOption>().Single());
        root.Options.Add(ShowVersion);
        root.Options.Add(Verbose);
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Description = "Show this page, or that of a command.";
        help.Aliases.Clear();
        help.Aliases.Add("-h");
        var page = new HelpPage(terminal);
        help.Action = page;
        root.SetAction(parsed =>
        {
            if (!parsed.GetValue(ShowVersion))
            {
                return page.Invoke(parsed);
            }

            terminal.Out.WriteLine($"hypersphere {Version}");
            return ExitCode.Done;
        });
        return root;
    }

    private static InputException UsageError(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string path = HelpPage.PathOf(command);
        ParseError error = parsed.Errors[0];
        string message = error.Message.Replace("'", "", StringComparison.Ordinal).TrimEnd('.');
        if (parsed.UnmatchedTokens is [string unknown, ..])
        {
            bool isOption = unknown.StartsWith('-');
            IEnumerable<string> known = isOption
                ? HelpPage.OptionsOf(command).Select(o => o.Name) : command.Subcommands.Select(c => c.Name);
            string kind = isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
            message = $"there is no {kind} {unknown}{Suggestion.For(unknown, known)}";
        }

        else if (error.SymbolResult is OptionResult { Tokens.Count: 0, Option: { HelpName: { } value } option })
        {
            message = $"{option.Name} needs a value: {option.Name} {value}";
        }

        return new InputException($"{message}{(message.EndsWith('?') ? "" : ".")} See {path} --help.");
    }

    private static int Report(Exception e, bool verbose, Terminal terminal)
    {
        if (verbose)
        {
            terminal.Error.WriteLine(e.ToString());
        }

        (int code, string message) = Describe(e);
        terminal.Error.WriteLine($"hypersphere: {message}");
        return code;
    }

    /// <summary>What the process answers to a failure, and the line that tells it.</summary>
    public static (int Code, string Message) Describe(Exception e)
    {
        (int code, string message) = e switch
        {
            StoppedException stopped => (stopped.ExitCode, e.Message),
            NonFiniteException => (ExitCode.Failed, e.Message),
            InputException => (ExitCode.BadInput, e.Message),
            IOException or UnauthorizedAccessException => (ExitCode.BadInput, e.Message),
            OperationCanceledException => (ExitCode.Interrupted, "interrupted."),
            OutOfMemoryException => (ExitCode.Failed, "out of memory; try a smaller --batch."),
            _ => (ExitCode.Failed, $"{e.Message} ({e.GetType().Name}; --verbose shows where)"),
        };
        return (code, string.Join(' ', message.Split('\n', StringSplitOptions.TrimEntries)));
    }
}
