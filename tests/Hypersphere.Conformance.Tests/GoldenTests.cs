namespace Hypersphere.Conformance.Tests;

/// <summary>Other implementations' numbers against the library's, where the cases lie beside the repository.</summary>
public sealed class GoldenTests
{
    /// <summary>Functions, and single cases, that nothing stands in for yet.</summary>
    private static readonly HashSet<string> _missing =
    [
        "circle_pair",
        "partial_fc",
        "pml_angular",
        "pml_circle",
        "pml_contrastive",
        "pml_cross_batch_memory",
        "pml_dynamic_soft_margin",
        "pml_fastap",
        "pml_generalized_lifted_structure",
        "pml_histogram",
        "pml_instance",
        "pml_intra_pair_variance",
        "pml_lifted_structure",
        "pml_manifold",
        "pml_margin",
        "pml_multi_similarity",
        "pml_nca",
        "pml_npairs",
        "pml_ntxent",
        "pml_pnp",
        "pml_ranked_list",
        "pml_snr_contrastive",
        "pml_supcon",
        "pml_tcm",
        "pml_triplet",
        "pml_tuplet_margin",
        "pml_vicreg",
    ];

    public static TheoryData<string> Names => [.. GoldenCase.Names];

    [GoldenTheory]
    [MemberData(nameof(Names))]
    public void The_library_agrees(string name)
    {
        GoldenCase golden = GoldenCase.Of(name);
        using ToolFolder folder = new();
        Answer answer = folder.Run(folder.Entry(golden.Verb, golden.Function, golden.Hyper, golden.Inputs));
        if (_missing.Contains(golden.Function) || _missing.Contains(name))
        {
            Assert.Equal("not-implemented", answer.Status);
            return;
        }

        Assert.Equal("ok", answer.Status + answer.Message);
        Assert.Empty(golden.Differences(ToolFolder.Read(answer.Out!)));
    }
}
