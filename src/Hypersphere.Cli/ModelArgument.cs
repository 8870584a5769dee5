using System.CommandLine;
using Hypersphere.Training;

namespace Hypersphere.Cli;

/// <summary>The options that say which model, and open it.</summary>
/// <param name="required">Whether a command cannot do without.</param>
internal sealed class ModelArgument(bool required = true)
{
    private readonly Option<string> _model = Options.Text("--model", "MODEL", "The folder of a training run, a .safetensors file of one, or onnx:FILE.", required: required),
        _preprocessing = Options.Text("--preprocessing", "FORM", "How bytes become the network’s numbers, such as “bgr(mean=127.5, std=128)”; else as the model says.");

    public void AddTo(Command command)
    {
        command.Options.Add(_model);
        command.Options.Add(_preprocessing);
    }

    /// <summary>Whether --model is there.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetResult(_model) is not null;

    /// <summary>What --model names.</summary>
    public string Name(ParseResult parsed) => parsed.Needed(_model);

    /// <summary>Opens what --model names, for use only.</summary>
    /// <exception cref="InputException">There is no model, or it is damaged.</exception>
    public Embedder Open(ParseResult parsed)
    {
        Embedder model = Embedder.Load(parsed.Needed(_model), parsed.GetValue(_preprocessing));
        model.Fold();
        return model;
    }
}
