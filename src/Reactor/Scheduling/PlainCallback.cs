using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>
/// Adapts a callback without an argument to the classes for callbacks with one. Any thread.
/// </summary>
internal static class PlainCallback
{
    public static readonly Action<Action> Run = static callback => callback();

    /// <exception cref="ArgumentNullException">The callback is null.</exception>
    public static Action Checked(
        Action callback, [CallerArgumentExpression(nameof(callback))] string? name = null) =>
        callback ?? throw new ArgumentNullException(name);
}
