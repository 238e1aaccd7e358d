namespace Reactor;

/// <summary>
/// Runs what was submitted to an executor. On its threads an exception that nothing catches would
/// end the process; it is reported instead.
/// </summary>
/// <remarks>
/// Any thread. This room knows no log, so the room with the log sets <see cref="Report"/>, when the
/// assembly is first used.
/// </remarks>
internal static class ThrownWork
{
    private static volatile Action<Exception>? s_report;

    /// <summary>Gets what work threw; must not throw. Any thread.</summary>
    public static Action<Exception>? Report
    {
        get => s_report;
        set => s_report = value;
    }

    /// <summary>Runs the work.</summary>
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
