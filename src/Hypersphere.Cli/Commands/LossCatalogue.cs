using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Hypersphere.Losses;
using Hypersphere.Registry;

namespace Hypersphere.Cli.Commands;

/// <summary>Lists the losses, or tells all about one.</summary>
internal static class LossCatalogue
{
    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string?>("loss") { HelpName = "LOSS", Description = "One loss to tell all about.", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> json = Options.Json();
        var command = new CliCommand("losses", "List the losses; or one with its formula, parameters, ranges, defaults, paper.")
        {
            Examples = [("losses", "All losses, a line each."), ("losses arcface", "One with its parameters."), ("losses --json", "All for a program.")],
        };
        command.Arguments.Add(name);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            ComponentInfo[] asked = parsed.GetValue(name) is { } one ? [Registry<Loss>.Find(one)] : [.. Registry<Loss>.All];
            terminal.Out.WriteLine(
                parsed.GetValue(json) ? Json.Array(w => WriteAll(w, asked))
                : parsed.GetValue(name) is null ? List(asked) : string.Join('\n', Tell(asked[0])));
        });
        return command;
    }

    private static string List(ComponentInfo[] losses)
    {
        IEnumerable<string> lines = TextTable.Lines(
            ["loss", "what it does"], losses.Select(l => (string[])[l.Attribute.Name, l.Attribute.Summary]), numbers: false);
        return string.Join('\n', [.. lines, "", $"“{CommandLine.Program} losses NAME” tells formula, parameters and paper."]);
    }

    private static IEnumerable<string> Tell(ComponentInfo loss)
    {
        yield return $"{string.Join(", ", loss.Names)}: {loss.Attribute.Summary}";
        yield return $"  {loss.Attribute.Equation}";
        yield return $"  {loss.Attribute.Paper}";
        if (loss.Parameters.Count > 0)
        {
            yield return "";
            foreach (string line in TextTable.Lines(
                ["parameter", "default", "range", "meaning"],
                loss.Parameters.Select(p => (string[])[p.Name, Default(p), p.Range, p.Description]), numbers: false))
            {
                yield return line;
            }
        }

        yield return "";
        yield return $"{CommandLine.Program} train --data DIR --loss \"{Specification(loss)}\"";
    }

    private static string Specification(ComponentInfo loss) => loss.Parameters.Count == 0
        ? loss.Attribute.Name
        : $"{loss.Attribute.Name}({string.Join(", ", loss.Parameters.Take(2).Select(p => $"{p.Name}={Default(p)}"))})";

    private static string Default(ComponentParameter p) => p.Default switch
    {
        bool b => b ? "true" : "false",
        Enum e => p.Range.Split(" | ")[Array.IndexOf(Enum.GetValues(p.Type), e)],
        var value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static void WriteAll(Utf8JsonWriter json, ComponentInfo[] losses)
    {
        foreach (ComponentInfo loss in losses)
        {
            json.WriteStartObject();
            json.WriteString("name", loss.Attribute.Name);
            json.WriteStartArray("aliases");
            foreach (string alias in loss.Names.Skip(1))
            {
                json.WriteStringValue(alias);
            }

            json.WriteEndArray();
            json.WriteString("summary", loss.Attribute.Summary);
            json.WriteString("equation", loss.Attribute.Equation);
            json.WriteString("paper", loss.Attribute.Paper);
            json.WriteStartArray("parameters");
            foreach (ComponentParameter p in loss.Parameters)
            {
                Write(json, p);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }
    }

    private static void Write(Utf8JsonWriter json, ComponentParameter p)
    {
        json.WriteStartObject();
        json.WriteString("name", p.Name);
        json.WritePropertyName("default");
        json.WriteRawValue(p.Default is bool or float or int ? Default(p) : $"\"{Default(p)}\"");
        if (p.Minimum is { } low && p.Maximum is { } high)
        {
            json.WriteNumber("minimum", low);
            json.WriteNumber("maximum", high);
        }

        json.WriteString("range", p.Range);
        json.WriteString("description", p.Description);
        json.WriteEndObject();
    }
}
