using Hypersphere.Formats;

namespace Hypersphere.Conformance.Tests;

/// <summary>Every loss with prototypes on the inputs of the others' cases: it answers, and nothing is NaN or infinite.</summary>
public sealed class CrossTests
{
    public static TheoryData<string> Functions => [.. Classification.Select(c => c.Function).Distinct()];

    /// <summary>One of every sort of small batch.</summary>
    private static readonly Lazy<Arrays[]> _batches = new(() =>
    [
        .. Classification.Where(c => Classes(c) == c.Inputs["weights"].Shape[0]).Select(c => c.Inputs)
            .Where(i => i["embeddings"].Shape[0] <= 16 && i["weights"].Shape[0] <= 16)
            .DistinctBy(i => (i["embeddings"].Shape[0], i["weights"].Shape[0])),
    ]);

    private static IEnumerable<GoldenCase> Classification => GoldenCase.Names.Select(GoldenCase.Of).Where(c => c.Family == "classification");

    [GoldenTheory]
    [MemberData(nameof(Functions))]
    public void Every_mapping_answers_with_finite_numbers_whatever_the_batch(string function)
    {
        GoldenCase own = Classification.First(c => c.Function == function);
        Arrays template = own.Inputs;
        int centers = template["weights"].Shape[0] / Classes(own);
        using ToolFolder folder = new();
        foreach (Arrays batch in _batches.Value)
        {
            Answer answer = folder.Run(folder.Entry("loss", function, own.Hyper, Fit(batch, template, centers)));
            Assert.Equal("ok", answer.Status + answer.Message);
            Assert.All(ToolFolder.Read(answer.Out!), o => Assert.True(Rule.Doubles(o.Value).All(double.IsFinite), o.Key));
        }
    }

    private static int Classes(GoldenCase c) =>
        c.Inputs["weights"].Shape[0] / ((c.Hyper.Member("sub_centers") ?? c.Hyper.Member("centers_per_class"))?.GetInt32() ?? 1);

    /// <summary>Embeddings, labels and weights of one case with what else another function takes.</summary>
    private static Arrays Fit(Arrays from, Arrays template, int centers)
    {
        (int classes, int size) = (from["weights"].Shape[0], from["weights"].Shape[1]);
        double[][] rows = [.. from["weights"].Values<double>().Chunk(size)];
        double[] weights = [.. rows.SelectMany(r => Enumerable.Range(0, centers).SelectMany(k => r.Select((v, d) => v + (k * 0.1 * (d % 3)))))];
        long[] labels = Array.ConvertAll(from["labels"].Values<long>(), l => Math.Max(l, 0));
        Arrays inputs = new()
        {
            ["embeddings"] = from["embeddings"],
            ["labels"] = NpyArray.Of(labels),
            ["weights"] = NpyArray.Of(weights, classes * centers, size),
        };
        if (template.TryGetValue("margins", out _))
        {
            inputs["margins"] = NpyArray.Of([.. labels.Select((_, i) => 0.3 + (0.01 * i))], labels.Length);
        }

        if (template.TryGetValue("bias", out NpyArray? bias))
        {
            inputs["bias"] = bias.Shape.Count == 1 ? bias : NpyArray.Of(Enumerable.Repeat(5.0, classes).ToArray(), 1, classes);
            inputs["partial_index"] = NpyArray.Of([.. Enumerable.Range(0, classes).Select(c => (long)c)]);
        }

        return inputs;
    }
}
