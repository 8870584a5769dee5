namespace Hypersphere.Oracles;

/// <summary>Where cases of other implementations lie, if a checkout of them is beside the repository.</summary>
public static class GoldenFolder
{
    /// <summary>The folder that holds manifest.json, or null: then tests of the cases have nothing to do.</summary>
    public static string? Path { get; } = Find();

    private static string? Find()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string candidate = System.IO.Path.Combine(at.FullName, "shared", "golden");
            if (File.Exists(System.IO.Path.Combine(candidate, "manifest.json")))
            {
                return candidate;
            }
        }

        return null;
    }
}
