using System.CommandLine;
using System.Text.Json;
using Hypersphere.Cli.Catalogue;
using Hypersphere.Registry;

namespace Hypersphere.Cli.Commands;

/// <summary>Lists the losses and what goes with them, or tells all about one.</summary>
internal static class LossCatalogue
{
    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string?>("loss") { HelpName = "LOSS", Description = "One loss, miner, distance, … to tell all about.", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> json = Options.Json();
        var command = new CliCommand("losses", "List losses, miners, distances, samplers; or one with formula, parameters, paper.")
        {
            Examples = [("losses", "All, a line each."), ("losses arcface", "One with its parameters, ranges, defaults."), ("losses --json", "All for a program.")],
        };
        command.Arguments.Add(name);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            IReadOnlyList<CatalogueEntry> asked = parsed.GetValue(name) is { } one
                ? CatalogueKind.Find(one) : [.. CatalogueKind.All.SelectMany(k => k.Entries.Select(e => new CatalogueEntry(k, e)))];
            terminal.Out.WriteLine(
                parsed.GetValue(json) ? Json.Array(w => WriteAll(w, asked))
                : parsed.GetValue(name) is null ? List()
                : string.Join("\n\n", asked.Select(a => string.Join('\n', CatalogueText.Tell(a.Kind, a.Component)))));
        });
        return command;
    }

    private static string List() =>
        string.Join('\n', [.. CatalogueText.List(CatalogueKind.All), $"“{CommandLine.Program} losses NAME” tells formula, parameters and paper."]);

    private static void WriteAll(Utf8JsonWriter json, IReadOnlyList<CatalogueEntry> entries)
    {
        foreach ((CatalogueKind kind, ComponentInfo entry) in entries)
        {
            json.WriteStartObject();
            json.WriteString("kind", kind.Title);
            json.WriteString("name", entry.Attribute.Name);
            json.WriteStartArray("aliases");
            foreach (string alias in entry.Names.Skip(1))
            {
                json.WriteStringValue(alias);
            }

            json.WriteEndArray();
            json.WriteString("summary", entry.Attribute.Summary);
            json.WriteString("equation", entry.Attribute.Equation);
            json.WriteString("paper", entry.Attribute.Paper);
            json.WriteString("peers", entry.Attribute.Peers);
            json.WriteString("detached", entry.Attribute.Detached);
            json.WriteString("cost", entry.Attribute.Cost);
            json.WriteStartArray("parameters");
            foreach (ComponentParameter p in entry.Parameters)
            {
                Write(json, p, entry.DefaultOf(p, kind.Context));
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }
    }

    private static void Write(Utf8JsonWriter json, ComponentParameter p, string value)
    {
        json.WriteStartObject();
        json.WriteString("name", p.Name);
        json.WritePropertyName("default");
        json.WriteRawValue(p.Default is bool or float or int ? value : $"\"{value}\"");
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
