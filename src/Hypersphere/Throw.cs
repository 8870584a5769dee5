using System.Diagnostics.CodeAnalysis;

namespace Hypersphere;

/// <summary>A tensor does not have the shape that an operation needs.</summary>
/// <param name="message">Where, what, expected, got, hint.</param>
public sealed class ShapeException(string message) : ArgumentException(message);

/// <summary>The one home of messages about shapes and lifetimes.</summary>
internal static class Throw
{
    [DoesNotReturn]
    public static void Shape(string where, string what, string expected, string got, string? hint = null) =>
        throw new ShapeException($"{where}: {what} must be {expected} but is {got}{(hint is null ? "." : $"; {hint}")}");

    [DoesNotReturn]
    public static void Released(string what) =>
        throw new ObjectDisposedException(
            what,
            $"this tensor {what} was returned to its pool: its scope ended or Backward passed it; call Keep() on it before, or read it earlier.");

    [DoesNotReturn]
    public static void Argument(string where, string what, string expected, string got, string? hint = null) =>
        throw new ArgumentException($"{where}: {what} must be {expected} but is {got}{(hint is null ? "." : $"; {hint}")}");
}
