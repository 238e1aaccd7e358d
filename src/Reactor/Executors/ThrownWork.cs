namespace Reactor;

/// <summary>
/// Runs submitted work and reports an unhandled exception, which would otherwise end the process.
/// </summary>
/// <remarks>
/// Any thread. This room may not reference the log, so the Logging room sets <see cref="Report"/>
/// when the assembly is first used.
/// </remarks>
internal static class ThrownWork
{
    private static volatile Action<Exception>? s_report;

    /// <summary>Receives exceptions of work; must not throw. Any thread.</summary>
    public static Action<Exception>? Report
    {
        get => s_report;
        set => s_report = value;
    }

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
