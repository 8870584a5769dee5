using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Hypersphere.Backbones;
using Hypersphere.Layers;
using Hypersphere.Registry;
using Hypersphere.Tensors;

namespace Hypersphere.Cli.Commands;

/// <summary>Lists the networks with what they cost, or tells one layer by layer.</summary>
internal static class BackboneCatalogue
{
    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string?>("backbone")
        {
            HelpName = "BACKBONE", Description = "One network to tell layer by layer, such as “iresnet(width=32)” or onnx:FILE.", Arity = ArgumentArity.ZeroOrOne,
        };
        Option<(int Height, int Width)?> size = DataArguments.SizeOption("Size of the images; 112x112 when not given.");
        Option<bool> grey = Options.Flag("--grey", "Grey images."), json = Options.Json();
        var command = new CliCommand("backbones", "List networks with parameters and flops; or one layer by layer.")
        {
            Details = () => "FLOPs are of convolutions and linear layers for one image, two for each multiply and add.",
            Examples =
            [
                ("backbones", "All, a line each, for images of 112×112."),
                ("backbones \"mobilefacenet(embedding=128)\"", "One, layer by layer, with its parameters."),
                ("backbones small-resnet --size 28x28 --grey", "For other images."),
            ],
        };
        command.Arguments.Add(name);
        command.Options.Add(size);
        command.Options.Add(grey);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            (int height, int width) = parsed.GetValue(size) ?? (112, 112);
            BackboneContext context = new(height, width, parsed.GetValue(grey) ? 1 : 3, new Rng(0));
            bool program = parsed.GetValue(json);
            terminal.Out.WriteLine(parsed.GetValue(name) is { } one
                ? Tell(BackboneFiles.Open(one, context.Random) ?? Registry<Backbone>.Create(one, context), program)
                : List(context, program));
        });
        return command;
    }

    private static string List(BackboneContext context, bool program)
    {
        (ComponentInfo Entry, Backbone? Network)[] all =
            [.. Registry<Backbone>.All.Where(e => !BackboneFiles.Knows($"{e.Attribute.Name}:")).Select(e => (e, Try(e, context)))];
        if (program)
        {
            return Json.Array(json =>
            {
                foreach ((ComponentInfo entry, Backbone? network) in all)
                {
                    json.WriteStartObject();
                    json.WriteString("name", entry.Attribute.Name);
                    json.WriteString("summary", entry.Attribute.Summary);
                    Write(json, network);
                    json.WriteEndObject();
                }
            });
        }

        IEnumerable<string[]> rows = all.Select(a => (string[])[a.Entry.Attribute.Name, .. Numbers(a.Network), a.Entry.Attribute.Summary]);
        string input = string.Create(CultureInfo.InvariantCulture, $"images of {context.Height}×{context.Width}×{context.Channels}");
        return string.Join('\n', TextTable.Lines(["network", "parameters", "flops", "D", input], rows, numbers: false));
    }

    private static string Tell(Backbone network, bool program)
    {
        NetworkGraph graph = NetworkGraph.Trace(network, Input(network));
        if (program)
        {
            return Json.Object(json =>
            {
                json.WriteString("name", network.ToString());
                Write(json, network);
                json.WriteStartArray("layers");
                foreach (GraphNode node in graph.Nodes)
                {
                    NetworkCost cost = NetworkCost.Of(node);
                    json.WriteStartObject();
                    json.WriteString("layer", node.Module.GetType().Name);
                    json.WriteString("output", node.Output.ToString());
                    json.WriteNumber("parameters", cost.Parameters);
                    json.WriteNumber("flops", cost.Flops);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            });
        }

        IEnumerable<string[]> rows = graph.Nodes.Select(n => (string[])[n.Module.GetType().Name, n.Output.ToString(), .. Numbers(NetworkCost.Of(n))]);
        string[] total = ["sum", graph.Nodes[graph.Output - 1].Output.ToString(), .. Numbers(network)[..2]];
        return string.Join('\n', [$"{network} for images of {graph.Input}", "", .. TextTable.Lines(["layer", "output", "parameters", "flops"], rows.Append(total))]);
    }

    private static void Write(Utf8JsonWriter json, Backbone? network)
    {
        if (network is not null)
        {
            NetworkCost cost = NetworkCost.Of(network, Input(network));
            json.WriteNumber("embedding", network.Embedding);
            json.WriteNumber("parameters", cost.Parameters);
            json.WriteNumber("flops", cost.Flops);
        }
    }

    /// <summary>Null where the network does not take such images.</summary>
    private static Backbone? Try(ComponentInfo entry, BackboneContext context)
    {
        try
        {
            return Registry<Backbone>.Create(entry.Attribute.Name, context);
        }
        catch (InputException)
        {
            return null;
        }
    }

    private static string[] Numbers(Backbone? network)
    {
        if (network is null)
        {
            return ["–", "not for this size", "–"];
        }

        return [.. Numbers(NetworkCost.Of(network, Input(network))), network.Embedding.ToString(CultureInfo.InvariantCulture)];
    }

    private static string[] Numbers(NetworkCost cost) => [cost.Parameters.ToString("N0", CultureInfo.InvariantCulture), Flops(cost.Flops)];

    internal static string Flops(long flops) => flops == 0 ? "" : flops < 1e9
        ? string.Create(CultureInfo.InvariantCulture, $"{flops / 1e6:0.0} M") : string.Create(CultureInfo.InvariantCulture, $"{flops / 1e9:0.00} G");

    private static Shape Input(Backbone network) => new(1, network.Context.Height, network.Context.Width, network.Context.Channels);
}
