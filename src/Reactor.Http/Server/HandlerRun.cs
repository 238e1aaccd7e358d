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

    /// <summary>When the handler is late; the end of the clock: never.</summary>
    public TimeSpan Due { get; set; } = TimeSpan.MaxValue;

    private HttpConnection Owner => exchange.Owner;

    /// <summary>Why we cancelled the handler that runs, or has just ended.</summary>
    public Interruption Interruption { get; private set; }

    /// <summary>The handler is about to be called.</summary>
    public void Begin()
    {
        _isRunning = true;
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
        if (Interruption != Interruption.None)
        {
            Interruption = Interruption.None;
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

    /// <summary>Cancels the handler, once.</summary>
    public void Interrupt(Interruption why, string message)
    {
        if (_isRunning && Interruption == Interruption.None)
        {
            Interruption = why;
            Owner.Task?.Cancel(message);
        }
    }

    /// <summary>
    /// True for what ends the task; a handler may throw a cancellation of its own.
    /// </summary>
    public bool IsFromOutside(Exception error)
    {
        int ours = Interruption == Interruption.None ? 0 : 1;
        return error is LoopAbortException || (error is LoopCanceledException
            && Owner.Task is { } task && task.Cancelling > ours);
    }
}
