using Reactor.Net;

namespace Reactor.Http;

/// <summary>What a connection can be late with.</summary>
internal enum DeadlineKind
{
    /// <summary>The first byte, the head, the next request, the end of a lingering close.</summary>
    Phase,

    /// <summary>The body of the request.</summary>
    Body,

    /// <summary>The peer's taking of what we send.</summary>
    Send,

    /// <summary>The handler.</summary>
    Handler,
}

/// <summary>
/// The deadlines of one connection on one timer, which is the connection itself, and what happens
/// when something did not come in time, or will not come at all. The task waits somewhere
/// meanwhile, and is told by what it waits for.
/// </summary>
/// <remarks>
/// On the way of a request they cost writes to fields: the timer is armed for the earliest of them,
/// and only where that moves earlier is the timer queue touched. The clock is read where somebody
/// begins to wait, not on each read. A duration that is longer than the clock is never over; the
/// end of the clock means that a deadline is not set.
/// </remarks>
internal sealed partial class HttpConnection
{
    private TimeSpan _phaseDue = TimeSpan.MaxValue;

    /// <summary>Sets a deadline, instead of the one before.</summary>
    public void SetDeadline(DeadlineKind kind, TimeSpan when)
    {
        Keep(kind, when);
        Follow();
    }

    /// <summary>Takes a deadline back.</summary>
    public void ClearDeadline(DeadlineKind kind)
    {
        if (DueOf(kind) != TimeSpan.MaxValue)
        {
            SetDeadline(kind, TimeSpan.MaxValue);
        }
    }

    /// <summary>A request has ended; a read of it that was given up waits no longer.</summary>
    public void EndDeadlines()
    {
        EndBodyWait();
        ClearDeadline(DeadlineKind.Handler);
    }

    /// <inheritdoc/>
    protected override void OnDue(TimeSpan due)
    {
        for (DeadlineKind kind = DeadlineKind.Phase; kind <= DeadlineKind.Handler; kind++)
        {
            if (DueOf(kind) <= due)
            {
                Keep(kind, TimeSpan.MaxValue);
                if (kind == DeadlineKind.Send
                    && Extras.SendWait!.TimeLeft(
                        due, _connection.AcknowledgedBytes, Options) is var left
                    && left > TimeSpan.Zero)
                {
                    Keep(kind, due + left);
                }
                else
                {
                    OnLate(kind);
                }
            }
        }

        if (!_connection.IsClosed)
        {
            Follow();
        }
    }

    /// <summary>
    /// Other bodies wait for the memory that the body of the present request holds: its client may
    /// be silent for the grace only.
    /// </summary>
    public void HurryBody()
    {
        if (_exchange!.BodyWait.IsWaiting)
        {
            EndBodyWait();
            BeginBodyWait();
        }
    }

    /// <summary>The body waits for memory, for so long at most; its client is not slow.</summary>
    public void BeginBodyPause() =>
        SetDeadline(DeadlineKind.Body, Loop.MomentAfter(Options.BodyPauseTimeout));

    /// <summary>The body waits for memory no longer.</summary>
    public void EndBodyPause() => ClearDeadline(DeadlineKind.Body);

    private void BeginBodyWait()
    {
        BodyWait wait = _exchange!.BodyWait;
        if (!wait.IsWaiting)
        {
            TimeSpan left = wait.Begin(
                Loop.Time, Options, _server.BudgetOf(Loop).IsPressed);
            SetDeadline(DeadlineKind.Body, Loop.MomentAfter(left));
        }
    }

    private void EndBodyWait()
    {
        BodyWait wait = _exchange!.BodyWait;
        if (wait.IsWaiting)
        {
            wait.End(Loop.Time);
            ClearDeadline(DeadlineKind.Body);
        }
    }

    /// <summary>
    /// For deadlines that each request moves: from the beginning of the turn, without the clock.
    /// </summary>
    private TimeSpan AfterTurn(TimeSpan delay)
    {
        TimeSpan now = Loop.TurnTime;
        return delay > TimeSpan.MaxValue - now ? TimeSpan.MaxValue : now + delay;
    }

    private TimeSpan DueOf(DeadlineKind kind) => kind switch
    {
        DeadlineKind.Phase => _phaseDue,
        DeadlineKind.Send => _extras?.SendWait?.Due ?? TimeSpan.MaxValue,
        DeadlineKind.Body => _exchange?.BodyWait.Due ?? TimeSpan.MaxValue,
        _ => _exchange?.Run.Due ?? TimeSpan.MaxValue,
    };

    private void Keep(DeadlineKind kind, TimeSpan when)
    {
        switch (kind)
        {
            case DeadlineKind.Phase:
                _phaseDue = when;
                break;
            case DeadlineKind.Send:
                Extras.SendWait!.Due = when;
                break;
            case DeadlineKind.Body:
                _exchange!.BodyWait.Due = when;
                break;
            default:
                _exchange!.Run.Due = when;
                break;
        }
    }

    private void Follow()
    {
        TimeSpan earliest = _phaseDue;
        if (_extras?.SendWait is { } send && send.Due < earliest)
        {
            earliest = send.Due;
        }

        if (_exchange is { } exchange)
        {
            TimeSpan request = exchange.EarliestDue;
            earliest = request < earliest ? request : earliest;
        }

        if (earliest == TimeSpan.MaxValue)
        {
            Clear();
        }
        else
        {
            Set(earliest);
        }
    }

    /// <summary>A deadline has come; from the timer, while the task waits somewhere.</summary>
    public void OnLate(DeadlineKind kind)
    {
        switch (kind)
        {
            case DeadlineKind.Phase when _state == ConnectionState.Head:
                _isHeadLate = true;
                _connection.ReleaseReader(); // the task answers
                break;
            case DeadlineKind.Phase when _state
                is ConnectionState.Ending or ConnectionState.Lingering:
                _connection.ReleaseReader(); // the lingering close looks at the time
                break;
            case DeadlineKind.Phase:
                if (!TryCloseIdle(ConnectionEvent.IdleTimeout))
                {
                    // Bytes came in the last moment. Should they be no more than empty lines.
                    SetDeadline(kind, AfterTurn(Options.HeaderTimeout));
                }

                break;
            case DeadlineKind.Body when _exchange!.Body.IsPaused:
                _exchange.Body.RefusePaused();
                break;
            case DeadlineKind.Body:
                Move(ConnectionEvent.BodyTimeout);
                _exchange!.IsBodyLate = true;
                _exchange.Writer.GiveUp();
                _connection.ReleaseReader();
                break;
            case DeadlineKind.Send:
                Move(ConnectionEvent.SendTimeout);
                _server.Lines.ClientStalled(this);
                Abort();
                _extras?.Watch?.NoteFate();
                break;
            case DeadlineKind.Handler when _exchange is { Run.IsOverdue: true } exchange:
                _server.Lines.HandlerIgnoresLimit(exchange, Options.CancelTimeout);
                break;
            case DeadlineKind.Handler:
                Move(ConnectionEvent.HandlerTimeout);
                _exchange?.Run.OnLate();
                break;
        }
    }

    /// <summary>
    /// The shutdown waits no longer. A handler is cancelled, and what still comes of a request is
    /// not waited for; what is written goes on being sent.
    /// </summary>
    /// <returns>True if a handler was cancelled.</returns>
    public bool CutShort()
    {
        if (_connection.IsClosed)
        {
            return false;
        }

        if (_state == ConnectionState.Head)
        {
            OnLate(DeadlineKind.Phase);
        }
        else if (_state == ConnectionState.Draining)
        {
            OnLate(DeadlineKind.Body);
        }

        return _exchange?.Run.Interrupt(Interruption.Shutdown, "The server shuts down.") == true;
    }

    /// <summary>The client has gone while its request was answered.</summary>
    public void OnClientGone()
    {
        Move(ConnectionEvent.ClientGone);
        if (Options.CancelHandlerOnDisconnect)
        {
            _exchange?.Run.Interrupt(Interruption.ClientGone, "The client is gone.");
        }
    }
}
