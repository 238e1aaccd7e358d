using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Reactor;

/// <summary>
/// Passes an error that no caller can catch to the exception handler, in the context of its task,
/// or logs it at a limited rate, because a client can cause such lines. Any thread.
/// </summary>
/// <remarks>
/// The rate has a clock of its own: the collector reports some errors, and instruments cause some,
/// and neither may show in a recording.
/// </remarks>
internal sealed class ErrorReport(ILogger logger, int linesPerSecond)
{
    private readonly LogRateLimiter _lines = new(linesPerSecond);

    /// <summary>The clock of the rate. Tests set it.</summary>
    public Func<TimeSpan> Clock { get; set; } = static () => Stopwatch.GetElapsedTime(0);

    public void Log(LoopErrorContext error)
    {
        if (MayLog("errors of the loop", error.Exception))
        {
            LoopLog.Error(logger, error.Message, error.Exception);
        }
    }

    public void Handle(LoopErrorContext error, Action handler)
    {
        object? context = (error.Future as Future)?.OwnContext;
        ExecutionContext before = LoopContext.CaptureValues();
        try
        {
            if (context is not null)
            {
                LoopContext.Enter(context);
            }

            handler();
        }
        catch (Exception thrown) when (thrown is not LoopAbortException)
        {
            if (MayLog("errors in the exception handler", thrown))
            {
                LoopLog.ErrorInHandler(logger, error.Message, thrown);
            }
        }
        finally
        {
            if (context is not null)
            {
                LoopContext.Leave(context);
                LoopContext.Enter(before);
            }
        }
    }

    public void Close() => _lines.ReportSuppressed(logger, LogLevel.Error);

    private bool MayLog(string kind, Exception? error) => _lines.MayLog(
        logger,
        LogLevel.Error,
        new LogKind(kind, null, error?.GetType()),
        Clock());
}
