namespace Reactor.Http;

internal enum CancelReason
{
    None,

    Late,

    ClientGone,

    /// <summary>The time of the shutdown is over.</summary>
    Shutdown,
}

/// <summary>
/// Limits and cancels a handler. It runs in the task of its connection, so its cancellation is
/// taken back afterwards, and distinguished from one that ends the task.
/// </summary>
/// <remarks>Loop thread only. Reused for each request.</remarks>
internal sealed class HandlerRun(RequestContext request, OverloadGuard guard)
{
    private RouteGate? _gate;
    private int _cancels;

    public ILoopTask? Task { get; set; }

    public bool IsRunning { get; private set; }

    /// <summary>True from the limit until the handler ends.</summary>
    public bool IsOverdue { get; private set; }

    /// <summary>Why the server first cancelled the present handler.</summary>
    public CancelReason CancelReason { get; private set; }

    /// <summary>The handler begins, through the gate of its route if that has one.</summary>
    public void Begin(RouteGate? gate)
    {
        IsRunning = true;
        IsOverdue = false;
        guard.Begin();
        _gate = gate;
        gate?.Enter();
        if (request.CancelsOnDisconnect)
        {
            request.Channel.BeginWatch();
        }

        if (request.HandlerTimeout is { } limit)
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

    /// <summary>
    /// The handler has ended; sufficient alone if the task was ended from outside.
    /// </summary>
    public void Finish()
    {
        if (IsRunning)
        {
            IsRunning = false;
            guard.End();
            _gate?.Leave();
            _gate = null;
        }
    }

    /// <summary>
    /// The limit has passed: cancels the handler, and sets the time after which it is logged.
    /// </summary>
    public void OnLate()
    {
        TryCancel(CancelReason.Late, "The handler took longer than HandlerTimeout.");
        if (IsRunning)
        {
            IsOverdue = true;
            SetDeadline(request.Server.Options.Shutdown.CancelTimeout);
        }
    }

    /// <summary>
    /// Cancels a running handler once, and once more for a shutdown, because it may have continued.
    /// True if it was cancelled now.
    /// </summary>
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
    /// True for an exception that ends the task, not a cancellation of the handler's own.
    /// </summary>
    public bool IsFromOutside(Exception error) =>
        error is LoopAbortException || (error is OperationCanceledException cancellation
            && Task is { } task && task.Cancelling > _cancels
            && (error is LoopCanceledException
                || cancellation.CancellationToken.IsCancellationRequested));

    private void SetDeadline(TimeSpan limit) => request.Channel.SetDeadline(
        DeadlineKind.Phase, request.Channel.Loop.MomentAfter(limit));
}
