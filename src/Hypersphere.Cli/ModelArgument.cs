using System.CommandLine;
using Hypersphere.Training;

namespace Hypersphere.Cli;

/// <summary>The option that says which model, and opens it.</summary>
internal sealed class ModelArgument
{
    private readonly Option<string> _model = Options.Required(Options.Text("--model", "MODEL", "The folder of a training run, or a .safetensors file of one."));

    public void AddTo(Command command) => command.Options.Add(_model);

    /// <summary>Opens what --model names.</summary>
    /// <exception cref="InputException">There is no model, or it is damaged.</exception>
    public EmbeddingModel Open(ParseResult parsed) => EmbeddingModel.Load(parsed.GetValue(_model)!);
}
