using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Reactor;

/// <summary>
/// Logs exceptions of executor threads and the watchdog, which have no log, to standard error: 10
/// lines a second for each type. Any thread; never throws.
/// </summary>
internal static class WorkErrors
{
    private static readonly LogRateLimiter s_lines = new(10);

#pragma warning disable CA2255 // an executor may be used before the first loop, and without one
    [ModuleInitializer]
    public static void Connect() => ThrownWork.Report = Report;
#pragma warning restore CA2255

    /// <summary>The watchdog could not describe the running work.</summary>
    public static void ReportLook(Exception error) =>
        Log("Reactor.Watchdog", "looks at work that runs", error, LoopLog.LookThrew);

    private static void Report(Exception error) =>
        Log("Reactor.Executor", "errors of submitted work", error, LoopLog.WorkThrew);

    private static void Log(
        string category, string name, Exception error, Action<ILogger, Exception> write)
    {
        try
        {
            ILogger logger = LogQueue.Wrap(null, category);
            var kind = new LogKind(name, Error: error.GetType());
            if (s_lines.MayLog(logger, LogLevel.Error, kind, Stopwatch.GetElapsedTime(0)))
            {
                write(logger, error);
            }
        }
        catch (OutOfMemoryException)
        {
            // There is no memory for a line.
        }
    }
}
