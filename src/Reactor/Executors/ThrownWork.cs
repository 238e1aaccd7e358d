namespace Reactor;

/// <summary>
/// Runs submitted work and reports an unhandled exception, which would otherwise end the process.
/// Any thread. The Logging room, which this room may not reference, sets <see cref="Report"/>.
/// </summary>
internal static class ThrownWork
{
    /// <summary>Receives exceptions of work; must not throw. Any thread.</summary>
    public static volatile Action<Exception>? Report;

    public static void Run(Action work)
    {
        try
        {
            work();
        }
        catch (Exception error) when (Report is { } report)
        {
            report(error);
        }
    }
}
