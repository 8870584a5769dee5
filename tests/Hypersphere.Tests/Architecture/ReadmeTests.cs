namespace Hypersphere.Tests.Architecture;

public sealed class ReadmeTests
{
    [Fact]
    public void The_samples_in_the_readme_are_those_that_compile()
    {
        Assert.Contains(Repository.Read("samples/TwentyLines/Program.cs"), Repository.Read("README.md"), StringComparison.Ordinal);
        string margin = Repository.Read("samples/OwnMargin/HalfArc.cs").Split("namespace OwnMargin;\n\n")[1];
        Assert.InRange(margin.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, 1, 15);
        Assert.All(["README.md", "docs/adding-a-loss.md"], page => Assert.Contains(margin, Repository.Read(page), StringComparison.Ordinal));
        Assert.Contains(
            string.Join('\n', Repository.Read("samples/OwnMargin/Program.cs").Split('\n')[^3..]), Repository.Read("docs/adding-a-loss.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_linked_file_exists()
    {
        foreach (string page in new[] { "README.md", "CONTRIBUTING.md", "docs/ARCHITECTURE.md", "docs/LAYOUT.md", "docs/adding-a-loss.md", "docs/traps.md", "docs/losses.md" })
        {
            string folder = Path.GetDirectoryName(page)!;
            IEnumerable<string> targets = Repository.Read(page).Split("](").Skip(1).Select(part => part.Split(')')[0])
                .Where(t => !t.StartsWith("http", StringComparison.Ordinal));
            Assert.All(targets, t => Assert.True(
                t.StartsWith('#') ? Repository.Read(page).Contains($"<a id=\"{t[1..]}\">", StringComparison.Ordinal) : File.Exists(Path.Combine(Repository.Root, folder, t)),
                $"{page} links {t}"));
        }
    }
}
