using Hypersphere.Cli.Catalogue;
using Hypersphere.Losses;
using Hypersphere.Registry;

namespace Commands;

public sealed class CatalogueTests
{
    [Fact]
    public void The_page_is_what_the_components_say()
    {
        string path = Path.Combine(Cli.Root, "docs", "losses.md"), page = CatalogueText.Page(CatalogueKind.All);
        if (Environment.GetEnvironmentVariable("HYPERSPHERE_UPDATE") == "1")
        {
            File.WriteAllText(path, page);
        }

        Assert.Equal(page, File.ReadAllText(path));
    }

    [Fact]
    public void Every_loss_tells_formula_paper_peers_and_cost() =>
        Assert.All(Registry<Loss>.All.Where(l => l.Type.Assembly == typeof(Loss).Assembly), l =>
            Assert.All(
                new[] { l.Attribute.Summary, l.Attribute.Equation, l.Attribute.Paper, l.Attribute.Peers, l.Attribute.Cost },
                text => Assert.False(string.IsNullOrWhiteSpace(text), $"{l.Attribute.Name} leaves a fact out")));

    [Fact]
    public void Every_parameter_has_a_meaning() =>
        Assert.All(CatalogueKind.All.SelectMany(k => k.Entries), e => Assert.All(e.Parameters, p => Assert.NotEmpty(p.Description)));
}
