using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Reactor;

/// <summary>
/// Logs what was thrown on a thread of ours that has no caller and no log of its own: an
/// executor's, the watchdog's. On standard error, with a budget for each type of exception, 10
/// lines a second.
/// </summary>
/// <remarks>Any thread; never throws.</remarks>
internal static class WorkErrors
{
    private static readonly LogBudget s_lines = new(10);

#pragma warning disable CA2255 // an executor may be used before the first loop, and without one
    /// <summary>
    /// Has the executors report here: from the first use of the assembly on, because their room
    /// knows no log and could not ask for this.
    /// </summary>
    [ModuleInitializer]
    public static void Connect() => ThrownWork.Report = Report;
#pragma warning restore CA2255

    /// <summary>The watchdog could not describe the work that runs.</summary>
    public static void ReportLook(Exception error) => Log(
        "Reactor.Watchdog",
        new LogKind("looks at work that runs", null, error.GetType()),
        error,
        static (logger, error) => LoopLog.LookThrew(logger, error));

    private static void Report(Exception error) => Log(
        "Reactor.Executor",
        new LogKind("errors of submitted work", null, error.GetType()),
        error,
        static (logger, error) => LoopLog.WorkThrew(logger, error));

    private static void Log(
        string category, LogKind kind, Exception error, Action<ILogger, Exception> write)
    {
        try
        {
            ILogger logger = LogQueue.Wrap(null, category);
            if (s_lines.MayLog(logger, LogLevel.Error, kind, Stopwatch.GetElapsedTime(0)))
            {
                write(logger, error);
            }
        }
        catch (OutOfMemoryException)
        {
            // There is no memory even for a line.
        }
    }
}
