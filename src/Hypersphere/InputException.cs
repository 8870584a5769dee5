namespace Hypersphere;

/// <summary>Input that cannot be used: a file, an option, a data set. The message is one line that names what, where and the
/// remedy.</summary>
/// <param name="message">One line, fit to be shown to a person as it stands. Control characters, which names inside a file may hold, become
/// "?".</param>
/// <param name="inner">The cause, if another exception told.</param>
public sealed class InputException(string message, Exception? inner = null) : Exception(Printable(message), inner)
{
    private static string Printable(string message) =>
        message.Any(char.IsControl) ? string.Concat(message.Select(c => char.IsControl(c) ? '?' : c)) : message;
}
