namespace Hypersphere.Tests.Architecture;

public sealed class ReadmeTests
{
    [Fact]
    public void The_samples_in_the_readme_are_those_that_compile()
    {
        Assert.Contains(Repository.Read("samples/TwentyLines/Program.cs"), Repository.Read("README.md"), StringComparison.Ordinal);
        Assert.Contains(Repository.Read("samples/OwnMargin/HalfArc.cs").Split("namespace OwnMargin;\n\n")[1], Repository.Read("README.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_linked_file_exists()
    {
        foreach (string page in new[] { "README.md", "CONTRIBUTING.md", "docs/ARCHITECTURE.md", "docs/LAYOUT.md" })
        {
            string folder = Path.GetDirectoryName(page)!;
            IEnumerable<string> targets = Repository.Read(page).Split("](").Skip(1).Select(part => part.Split(')')[0])
                .Where(t => !t.StartsWith("http", StringComparison.Ordinal));
            Assert.All(targets, t => Assert.True(File.Exists(Path.Combine(Repository.Root, folder, t)), $"{page} links {t}"));
        }
    }
}
