using System.Text.Json;

namespace Hypersphere.Conformance;

/// <summary>Runs a list of cases: one JSON line a case, on after an error.</summary>
/// <remarks>The list is JSON: [{"verb": "loss|mine|eval|partial-fc", "name": …, "in": npz, "hyper": {…}, "out": npz}, …]. A line says
/// {"out": …, "status": "ok|not-implemented|error", "message": …}.</remarks>
internal static class CaseList
{
    /// <summary>Runs the list that the only argument names.</summary>
    /// <returns>0 when it got through the list, whatever its cases said; 2 when there is no list to go through.</returns>
    public static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter errors)
    {
        if (arguments.Count != 1)
        {
            errors.WriteLine("usage: Hypersphere.Conformance CASES.json");
            return 2;
        }

        try
        {
            using JsonDocument list = Read(arguments[0]);
            foreach (JsonElement entry in list.RootElement.EnumerateArray())
            {
                output.WriteLine(JsonSerializer.Serialize(Answer(entry), JsonSerializerOptions.Web));
                output.Flush();
            }

            return 0;
        }
        catch (InputException e)
        {
            errors.WriteLine(e.Message);
            return 2;
        }
    }

    private static JsonDocument Read(string path)
    {
        JsonDocument list;
        try
        {
            list = JsonDocument.Parse(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read ({e.Message})", e);
        }
        catch (JsonException e)
        {
            throw new InputException($"{path}: not JSON ({e.Message})", e);
        }

        return list.RootElement.ValueKind == JsonValueKind.Array ? list : throw new InputException($"{path}: is no list of cases");
    }

    private static CaseAnswer Answer(JsonElement entry)
    {
        string? path = null;
        try
        {
            path = Text(entry, "out");
            CaseFunction function = Catalogue.Find(Text(entry, "verb"), Text(entry, "name"));
            function(Case.Load(Text(entry, "in"), entry.Member("hyper") ?? default)).Save(path);
            return new(path, "ok");
        }
        catch (NotImplementedException e)
        {
            return new(path, "not-implemented", e.Message);
        }
        catch (Exception e)
        {
            return new(path, "error", $"{e.GetType().Name}: {e.Message}");
        }
    }

    private static string Text(JsonElement entry, string name) =>
        entry.Member(name)?.GetString() ?? throw new InputException($"a case has no \"{name}\"");

    private sealed record CaseAnswer(string? Out, string Status, string Message = "");
}
