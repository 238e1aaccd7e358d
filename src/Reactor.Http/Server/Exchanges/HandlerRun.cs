namespace Reactor.Http;

/// <summary>Why the server cancelled a handler.</summary>
internal enum Interruption
{
    /// <summary>It did not.</summary>
    None,

    /// <summary>The handler took too long.</summary>
    Late,

    /// <summary>The client is gone.</summary>
    ClientGone,

    /// <summary>The server shuts down and waits no longer.</summary>
    Shutdown,
}

/// <summary>
/// The time in which a handler runs: its limit, and what interrupts it. A handler runs in the task
/// of its connection, so the cancellation that ends it is taken back afterwards, and is told from
/// one that ends the task.
/// </summary>
/// <remarks>Loop thread only. Reused for each request.</remarks>
internal sealed class HandlerRun(Exchange exchange, OverloadGuard guard)
{
    private bool _isRunning;
    private int _cancels;

    /// <summary>When the handler is late; the end of the clock: never.</summary>
    public TimeSpan Due { get; set; } = TimeSpan.MaxValue;

    private HttpConnection Owner => exchange.Owner;

    /// <summary>True from the end of its limit until it ends.</summary>
    public bool IsOverdue { get; private set; }

    /// <summary>Why we first cancelled the handler that runs, or has just ended.</summary>
    public Interruption Interruption { get; private set; }

    /// <summary>The handler is about to be called.</summary>
    public void Begin()
    {
        _isRunning = true;
        IsOverdue = false;
        guard.Begin();
        if (Owner.Options.CancelHandlerOnDisconnect)
        {
            Owner.BeginWatch();
        }

        if (Owner.Options.HandlerTimeout is { } limit)
        {
            Owner.SetDeadline(DeadlineKind.Handler, Owner.Loop.MomentAfter(limit));
        }
    }

    /// <summary>The handler has ended, whichever way.</summary>
    public void End()
    {
        Finish();
        Owner.EndDeadlines();
        Owner.EndWatch();
        Interruption = Interruption.None;
        for (; _cancels > 0; _cancels--)
        {
            Owner.Task?.Uncancel();
        }
    }

    /// <summary>
    /// It runs no longer; also where its task was ended from outside and nothing else matters.
    /// </summary>
    public void Finish()
    {
        if (_isRunning)
        {
            _isRunning = false;
            guard.End();
        }
    }

    /// <summary>
    /// Its limit has passed: cancels it, and sets the time after which one that still runs is
    /// named.
    /// </summary>
    public void OnLate()
    {
        Interrupt(Interruption.Late, "The handler took longer than HandlerTimeout.");
        if (_isRunning)
        {
            IsOverdue = true;
            Owner.SetDeadline(
                DeadlineKind.Handler, Owner.Loop.MomentAfter(Owner.Options.CancelTimeout));
        }
    }

    /// <summary>
    /// Cancels the handler if it runs: once, and once more for a shutdown, because it may have gone
    /// on after the first.
    /// </summary>
    /// <returns>True if it was cancelled now.</returns>
    public bool Interrupt(Interruption why, string message)
    {
        bool isFirst = Interruption == Interruption.None;
        if (!_isRunning || !(isFirst || why == Interruption.Shutdown))
        {
            return false;
        }

        Interruption = isFirst ? why : Interruption;
        _cancels++;
        Owner.Task?.Cancel(message);
        return true;
    }

    /// <summary>
    /// True for what ends the task; a handler may throw a cancellation of its own.
    /// </summary>
    public bool IsFromOutside(Exception error) =>
        error is LoopAbortException || (error is OperationCanceledException cancellation
            && Owner.Task is { } task && task.Cancelling > _cancels
            && (error is LoopCanceledException
                || (cancellation.CancellationToken.IsCancellationRequested
                    && LoopTask.CurrentToken.IsCancellationRequested)));
}
