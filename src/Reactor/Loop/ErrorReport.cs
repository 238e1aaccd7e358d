using Microsoft.Extensions.Logging;

namespace Reactor;

/// <summary>
/// How an error that nobody can catch reaches the loop's exception handler: in the context of the
/// task that it belongs to, and such that a handler that throws does no harm (asyncio:
/// <c>call_exception_handler</c>). A callback's error is reported in its context anyway. Without a
/// handler the error is logged; a client can cause such lines, so they have a budget.
/// </summary>
/// <remarks>Any thread.</remarks>
internal sealed class ErrorReport(EventLoop loop, ILogger logger, int linesPerSecond)
{
    private readonly LogBudget _lines = new(linesPerSecond);

    /// <summary>
    /// Reports what left a piece of the loop's work, although each piece reports its own errors:
    /// memory ran out while it did so, or the loop has a defect. Neither may end the loop.
    /// </summary>
    public static void Stray(EventLoop loop, Exception error) => loop.Report(new LoopErrorContext
    {
        Message = "An error left the work in which it happened; unless memory ran out, "
            + "this is a defect of the loop: report it, please.",
        Exception = error,
    });

    public void Handle(LoopErrorContext error)
    {
        if (loop.ExceptionHandler is not { } handler)
        {
            var kind = new LogKind("errors of the loop", null, error.Exception?.GetType());
            if (_lines.MayLog(logger, LogLevel.Error, kind, loop.Time))
            {
                LoopLog.Error(logger, error.Message, error.Exception);
            }

            return;
        }

        object? context = (error.Future as Future)?.OwnContext;
        ExecutionContext before = LoopContext.CaptureValues();
        try
        {
            if (context is not null)
            {
                LoopContext.Enter(context);
            }

            handler(loop, error);
        }
        catch (Exception thrown) when (thrown is not LoopAbortException)
        {
            var kind = new LogKind("errors in the exception handler", null, thrown.GetType());
            if (_lines.MayLog(logger, LogLevel.Error, kind, loop.Time))
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

    /// <summary>The loop closes: no next line will report what was suppressed.</summary>
    public void End() => _lines.ReportSuppressed(logger, LogLevel.Error);
}
