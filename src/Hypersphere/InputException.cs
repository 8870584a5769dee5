namespace Hypersphere;

/// <summary>Input that cannot be used: a file, an option, a data set. The message is one line that names what, where and the remedy.</summary>
/// <param name="message">One line, fit to be shown to a person as it stands.</param>
/// <param name="inner">The cause, if another exception told.</param>
public sealed class InputException(string message, Exception? inner = null) : Exception(message, inner);
