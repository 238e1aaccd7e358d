using Microsoft.Extensions.Logging;

namespace Reactor;

/// <summary>
/// How an error that nobody can catch reaches the loop's exception handler: in the context of the
/// task that it belongs to, and such that a handler that throws does no harm (asyncio:
/// <c>call_exception_handler</c>). A callback's error is reported in its context anyway.
/// </summary>
/// <remarks>Any thread.</remarks>
internal static class ErrorReport
{
    public static void Handle(EventLoop loop, ILogger logger, LoopErrorContext error)
    {
        if (loop.ExceptionHandler is not { } handler)
        {
            LoopLog.Error(logger, error.Message, error.Exception);
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
            LoopLog.ErrorInHandler(logger, error.Message, thrown);
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
}
