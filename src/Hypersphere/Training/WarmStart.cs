using Hypersphere.Data;
using Hypersphere.Formats;
using Hypersphere.Tensors;

namespace Hypersphere.Training;

/// <summary>A stored network for a training to begin with: one of this program, or a state dictionary from elsewhere.</summary>
internal sealed class WarmStart : IDisposable
{
    private static readonly string[] Prefixes = ["backbone.", "", "module.", "model.", "net.", "module.backbone."];

    private readonly string _path;
    private readonly SafetensorsFile _file;

    private WarmStart(string path, SafetensorsFile file) => (_path, _file) = (path, file);

    /// <summary>What its images were prepared with, if it says so.</summary>
    public Preprocessing? Preprocessing =>
        _file.Metadata.TryGetValue("preprocessing", out string? text) && _file.Metadata.TryGetValue("input", out string? input)
            ? Preprocessing.Parse(text, input.EndsWith(" 1", StringComparison.Ordinal) ? 1 : 3)
            : null;

    /// <summary>What its network needs besides its specification.</summary>
    public string? Definition => _file.Metadata.GetValueOrDefault("definition");

    /// <summary>Opens a model.</summary>
    /// <param name="path">The folder of a run, or a .safetensors file.</param>
    /// <exception cref="InputException">There is none, or it is damaged.</exception>
    public static WarmStart Open(string path)
    {
        string file = CheckpointFolder.FindModel(path);
        return new WarmStart(file, SafetensorsFile.Open(file));
    }

    /// <summary>Fills the network; and the loss, if it is the one that was stored, for the same classes.</summary>
    /// <exception cref="InputException">The file holds another architecture.</exception>
    public void Load(EmbeddingModel model)
    {
        NamedParameter first = model.Backbone.Parameters().First();
        string prefix = Prefixes.FirstOrDefault(p => _file.Find(p + first.Name) is not null)
            ?? throw new InputException(
                $"{_path}: holds no '{first.Name}', with which {model.Backbone} begins; it holds another architecture, give its --backbone.");
        StateFile.Load(_file, _path, prefix, model.Backbone);
        if (Says("loss", model.Loss.ToString()) && Says("classes", model.Metadata()["classes"]))
        {
            StateFile.Load(_file, _path, "loss.", model.Loss);
        }
    }

    public void Dispose() => _file.Dispose();

    private bool Says(string key, string value) => _file.Metadata.TryGetValue(key, out string? stored) && stored == value;
}
