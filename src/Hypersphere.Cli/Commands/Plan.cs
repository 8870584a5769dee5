using System.CommandLine;
using System.Globalization;
using Hypersphere.Backbones;
using Hypersphere.Cli.Planning;
using Hypersphere.Registry;

namespace Hypersphere.Cli.Commands;

/// <summary>Says beforehand what a training over many machines will cost.</summary>
internal static class Plan
{
    private const double Giga = 1e9, Gibi = 1 << 30, BitsOfByte = 8;

    public static Command Create(Terminal terminal)
    {
        Node usual = new();
        Option<string> identities = Options.Text("--identities", "C", "Identities; several, with commas, for a line each.", required: true),
            nodes = Options.Text("--nodes", "W", "Machines, one rank each; several, with commas, for a line each.", "1"),
            network = Options.Text("--network", "GBIT", "Speed of each machine’s link in Gb/s; several, with commas, for a line each.", "10"),
            backbone = Options.Text("--backbone", "NAME", "The network, on images of 112×112; none for the head alone, with D 512.", "iresnet50");
        Option<double> rate = Options.Real("--partial-fc", "RATE", "Share of the identities that a step compares with; without it, what is best.", minimum: 1e-9, maximum: 1),
            gflops = Options.Real("--gflops", "X", "Speed of a machine as “bench head” measures it, GF/s.", usual.Flops / Giga, minimum: 1e-3),
            bandwidth = Options.Real("--bandwidth", "X", "Memory speed of a machine as “bench memory” measures it, GB/s.", usual.Bandwidth / Giga, minimum: 1e-3),
            memory = Options.Real("--memory", "GIB", "Memory of a machine.", usual.Memory / Gibi, minimum: 1e-3),
            latency = Options.Real("--latency", "µs", "Time that the shortest message takes.", usual.Latency * 1e6);
        Option<int> batch = Options.Whole("--batch", "N", "Images that each machine takes in a step.", 64);
        Option<bool> json = Options.Flag("--json", "Print a JSON object a case and rate, in seconds and bytes.");
        var command = new CliCommand("plan", "Tell memory, time and network of a training over many machines, and what to choose.")
        {
            Details = () => "The model and its constants: docs/SCALING.md. Momentum SGD, float32, classes split over the machines, batches too.",
            Examples =
            [
                ("plan --identities 10000000 --nodes 16 --network 100", "Ten million people on 16 machines with links of 100 Gb/s."),
                ("plan --identities 1000000,100000000 --nodes 8,64,512 --network 10,100", "A table of all combinations."),
            ],
        };
        foreach (Option option in (Option[])[identities, nodes, network, batch, backbone, rate, gflops, bandwidth, memory, latency, json])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            Backbone? body = parsed.GetValue(backbone) is var named && named == "none"
                ? null
                : Registry<Backbone>.Create(named!, new BackboneContext(112, 112, 3, new Rng(0)));
            Node machine = new()
            {
                Flops = parsed.GetValue(gflops) * Giga, Bandwidth = parsed.GetValue(bandwidth) * Giga, Memory = parsed.GetValue(memory) * Gibi,
                Latency = parsed.GetValue(latency) * 1e-6,
            };
            Workload work = new(0, body?.Embedding ?? 512, parsed.GetValue(batch), Rate: 1, body is null ? default : NetworkSize.Of(body));
            (Workload Work, int Ranks, Node Node)[] cases =
            [
                .. from c in List(identities, parsed, 1e9) from w in List(nodes, parsed, 1 << 16) from n in List(network, parsed, 1e5)
                   select (work with { Identities = (long)c }, (int)w, machine with { Network = n * Giga / BitsOfByte }),
            ];
            double? given = parsed.GetResult(rate) is null ? null : parsed.GetValue(rate);
            double[] rates = given is { } one ? [one] : Choice.Rates;
            IEnumerable<string> lines = parsed.GetValue(json)
                ? from c in cases from r in rates select ToJson(c.Work with { Rate = r }, c.Ranks, c.Node)
                : [Header(work, machine, body?.ToString() ?? "no network"), .. cases is [var only] ? One(only.Work, only.Ranks, only.Node, rates, given) : Many(cases, given)];
            foreach (string line in lines)
            {
                terminal.Out.WriteLine(line);
            }
        });
        return command;
    }

    private static string Header(Workload work, Node node, string backbone) => Text(
        $"each machine  {node.Flops / Giga:0} GF/s, {node.Bandwidth / Giga:0.#} GB/s, {node.Memory / Gibi:0.#} GiB; {work.Batch} images a step on {backbone}, D {work.Dimension}, {work.Network.Parameters / 1e6:0.0} M parameters, {work.Network.Flops / Giga:0.0} GFLOPs an image\n");

    private static IEnumerable<string> One(Workload work, int ranks, Node node, double[] rates, double? given)
    {
        StepCost[] costs = [.. rates.Select(r => new StepCost(work with { Rate = r }, ranks, node))];
        string[] heading = ["rate", "rows a rank", "memory a rank", "compute", "memory", "network", "step", "images/s"];
        IEnumerable<string[]> rows = costs.Select((c, i) => (string[])[Text($"{rates[i]:0.####}"), Text($"{c.SampledRows:N0}"), .. Cells(c)]);
        return [.. TextTable.Lines(heading, rows), "", Advice(work with { Rate = given ?? 0.1 }, ranks, node, given)];
    }

    private static IEnumerable<string> Many(IEnumerable<(Workload Work, int Ranks, Node Node)> cases, double? given)
    {
        string[] heading = ["identities", "nodes", "Gb/s", "rate", "memory a rank", "compute", "memory", "network", "step", "images/s"];
        return TextTable.Lines(heading, cases.Select(c =>
        {
            double? rate = given ?? Choice.Rate(c.Work, c.Ranks, c.Node);
            var cost = new StepCost(c.Work with { Rate = rate ?? Choice.Rates[^1] }, c.Ranks, c.Node);
            string[] cells = cost.Obstacle is { } obstacle ? [Size(cost.Memory), obstacle, "–", "–", "–", "–"] : Cells(cost);
            return (string[])[Text($"{c.Work.Identities:N0}"), Text($"{c.Ranks}"), Text($"{c.Node.Network * BitsOfByte / Giga:0.#}"), Text($"{rate ?? Choice.Rates[^1]:0.####}"), .. cells];
        }));
    }

    private static string ToJson(Workload work, int ranks, Node node)
    {
        var cost = new StepCost(work, ranks, node);
        (string Name, double Value)[] numbers =
        [
            ("identities", work.Identities), ("ranks", ranks), ("gbit", node.Network * BitsOfByte / Giga), ("rate", work.Rate), ("memory_bytes", cost.Memory),
            ("compute", cost.Compute), ("streaming", cost.Streaming), ("network", cost.Waiting), ("seconds", cost.Seconds),
        ];
        return Json.Object(json => Array.ForEach(numbers, n => json.WriteNumber(n.Name, n.Value)), indented: false);
    }

    private static string[] Cells(StepCost c) =>
        [Size(c.Memory) + (c.Obstacle is null ? "" : " (!)"), Time(c.Compute), Time(c.Streaming), Time(c.Waiting), Time(c.Seconds), Text($"{c.Images / c.Seconds:N0}")];

    private static string Advice(Workload work, int ranks, Node node, double? given)
    {
        string needed = Choice.Ranks(work, node) is { } fewest ? Text($"needs {fewest:N0} such machines or more at rate {work.Rate:0.####}") : "does not fit any number of such machines";
        double? best = given is { } rate ? (new StepCost(work, ranks, node).Obstacle is null ? rate : null) : Choice.Rate(work, ranks, node);
        return best is null
            ? $"too much for a rank: it {needed}"
            : Text($"choose --partial-fc {best:0.####}: {HeadShare(work with { Rate = best.Value }, ranks, node):0 %} of the arithmetic is the head’s; it {needed}");
    }

    private static double HeadShare(Workload work, int ranks, Node node) => new StepCost(work, ranks, node).HeadShare;

    private static IEnumerable<double> List(Option<string> option, ParseResult parsed, double largest) => parsed.GetValue(option)!.Split(',').Select(part =>
        double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= 1 && value <= largest
            ? value
            : throw new InputException($"{option.Name} must be numbers from 1 to {largest:N0} with commas between them, but holds “{part}”."));

    private static string Size(double bytes) => Text($"{bytes / Gibi:0.0} GiB");

    private static string Time(double seconds) => seconds < 1 ? Text($"{seconds * 1e3:0.0} ms") : Text($"{seconds:0.00} s");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
