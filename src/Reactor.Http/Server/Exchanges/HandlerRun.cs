namespace Reactor.Http;

internal enum CancelReason
{
    None,

    /// <summary>The handler took too long.</summary>
    Late,

    /// <summary>The client has left.</summary>
    ClientGone,

    /// <summary>The server shuts down and waits no longer.</summary>
    Shutdown,
}

/// <summary>
/// Limits and cancels a handler. It runs in the task of its connection, so its cancellation is
/// taken back afterwards, and distinguished from one that ends the task.
/// </summary>
/// <remarks>Loop thread only. Reused for each request.</remarks>
internal sealed class HandlerRun(RequestContext request, OverloadGuard guard)
{
    private int _cancels;

    /// <summary>The task of the connection that has borrowed the exchange.</summary>
    public ILoopTask? Task { get; set; }

    public bool IsRunning { get; private set; }

    /// <summary>True from the end of its limit until it ends.</summary>
    public bool IsOverdue { get; private set; }

    /// <summary>Why the server first cancelled the handler that runs, or has just ended.</summary>
    public CancelReason CancelReason { get; private set; }

    private HttpServerOptions Options => request.Server.Options;

    public void Begin()
    {
        IsRunning = true;
        IsOverdue = false;
        guard.Begin();
        if (Options.CancelHandlerOnDisconnect)
        {
            request.Channel.BeginWatch();
        }

        if (Options.Times.HandlerTimeout is { } limit)
        {
            SetDeadline(limit);
        }
    }

    public void End()
    {
        Finish();
        request.Channel.ClearDeadline(DeadlineKind.Phase);
        request.Channel.EndWatch();
        CancelReason = CancelReason.None;
        for (; _cancels > 0; _cancels--)
        {
            Task?.Uncancel();
        }
    }

    /// <summary>The handler runs no longer; all that matters if its task was ended.</summary>
    public void Finish()
    {
        if (IsRunning)
        {
            IsRunning = false;
            guard.End();
        }
    }

    /// <summary>
    /// Its limit has passed: cancels it, and sets the time after which a handler that still runs is
    /// logged.
    /// </summary>
    public void OnLate()
    {
        TryCancel(CancelReason.Late, "The handler took longer than HandlerTimeout.");
        if (IsRunning)
        {
            IsOverdue = true;
            SetDeadline(Options.Shutdown.CancelTimeout);
        }
    }

    /// <summary>
    /// Cancels the handler if it runs: once, and once more for a shutdown, because it may have gone
    /// on after the first.
    /// </summary>
    /// <returns>True if it was cancelled now.</returns>
    public bool TryCancel(CancelReason why, string message)
    {
        bool isFirst = CancelReason == CancelReason.None;
        if (!IsRunning || !(isFirst || why == CancelReason.Shutdown))
        {
            return false;
        }

        CancelReason = isFirst ? why : CancelReason;
        _cancels++;
        Task?.Cancel(message);
        return true;
    }

    /// <summary>
    /// True for an exception that ends the task; a handler may throw a cancellation of its own.
    /// </summary>
    public bool IsFromOutside(Exception error) =>
        error is LoopAbortException || (error is OperationCanceledException cancellation
            && Task is { } task && task.Cancelling > _cancels
            && (error is LoopCanceledException
                || cancellation.CancellationToken.IsCancellationRequested));

    private void SetDeadline(TimeSpan limit) => request.Channel.SetDeadline(
        DeadlineKind.Phase, request.Channel.Loop.MomentAfter(limit));
}
