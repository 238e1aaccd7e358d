namespace Reactor;

/// <summary>
/// A callback without an argument, as the argument of one that calls it: so one class of handles,
/// and one of timers, serves both kinds. Any thread.
/// </summary>
internal static class PlainCallback
{
    /// <summary>Calls what it is given.</summary>
    public static readonly Action<Action> Run = static callback => callback();
}
