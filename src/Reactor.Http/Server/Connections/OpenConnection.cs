using Reactor.Http.Protocol;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// What happens to a connection from outside of its task: deadlines, a client that leaves, the need
/// for room, the shutdown. It moves the state, which the task follows.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal abstract class OpenConnection : ServerChannel, IWorkDescription
{
    private ListLinks<OpenConnection> _links;
    private ConnectionState _state;
    private byte _idleSpan;

    protected OpenConnection(Connection connection) : base(connection) => TryMoveSpan();

    public abstract int RequestCount { get; }

    /// <summary>True from the first byte of a request until its response is sent.</summary>
    public bool IsBusy => HasBegun || State is not (ConnectionState.New or ConnectionState.Idle);

    /// <summary>
    /// As <see cref="IsBusy"/>, for the log: without connections that are ending.
    /// </summary>
    public bool IsServing => !IsClosed && State is ConnectionState.Head
        or ConnectionState.Handler or ConnectionState.Draining or ConnectionState.Ready;

    /// <summary>True until the response of a request that has begun is written.</summary>
    public bool IsAnswering =>
        !IsClosed && State is ConnectionState.Head or ConnectionState.Handler;

    public bool IsClosed => Connection.IsClosed;

    /// <summary>
    /// How long it has waited for a request, or a very long time if that has no limit; null if it
    /// is busy or has input.
    /// </summary>
    public TimeSpan? IdleTime
    {
        get
        {
            if (IsBusy || IsClosed || Connection.UnreadBytes > 0)
            {
                return null;
            }

            TimeSpan due = DueOf(DeadlineKind.Phase);
            TimeSpan limit = State == ConnectionState.New
                ? Options.Times.FirstByteTimeout
                : Options.Times.KeepAliveTimeout;
            return due != TimeSpan.MaxValue
                ? Loop.Time - (due - limit)
                : IdleSpan.IsRecent(_idleSpan, Loop.Time) ? TimeSpan.Zero : TimeSpan.MaxValue / 2;
        }
    }

    /// <summary>True unless it is idle: only then records of requests can wait.</summary>
    public bool HasExchange => Exchange is not null;

    protected ConnectionState State => _state;

    protected Exchange? Exchange { get; set; }

    /// <summary>
    /// True if a request counts as begun before its first byte: during the shutdown, when the
    /// client was in the backlog or bytes have arrived.
    /// </summary>
    protected bool HasBegun { get; set; }

    /// <summary>True if the next request, or the end, may be in the buffer.</summary>
    protected bool MayRead { get; set; }

    /// <summary>True once the present head has its deadline.</summary>
    protected bool IsHeadTimed { get; set; }

    protected HttpServerOptions Options => Server.Options;

    /// <summary>Makes a move of the table. An illegal one resets the connection.</summary>
    public void Move(ConnectionEvent happened)
    {
        ConnectionState before = _state;
        if (!ConnectionStates.TryMove(ref _state, happened))
        {
            Server.Lines.IllegalMove(Connection, $"{before}", $"{happened}");
            _state = ConnectionState.Closed;
            Abort();
        }

        if (_state != before)
        {
            TellState();
        }
    }

    /// <summary>
    /// Ends a connection that waits for a request, without a response (RFC 9112 9.5), and in stages
    /// if output is unacknowledged. False if bytes have arrived, which are answered; or if room is
    /// needed and output is unacknowledged: the staged end then begins after <see
    /// cref="HttpServerTimes.SendIdleTimeout"/>.
    /// </summary>
    /// <remarks>
    /// A client that reuses the connection at this moment is reset, but reads the FIN first and may
    /// retry elsewhere (RFC 9112 9.6).
    /// </remarks>
    public bool TryCloseIdle(ConnectionEvent reason)
    {
        if (Connection.TryReceive() && !Connection.HasInputEnded)
        {
            HasBegun |= reason == ConnectionEvent.Shutdown;
            Connection.ReleaseReader();
            return false;
        }

        if (!Connection.IsDelivered())
        {
            bool isForRoom = reason == ConnectionEvent.RoomNeeded;
            if (isForRoom && IdleTime < Options.Times.SendIdleTimeout)
            {
                return false; // its client may still read
            }

            // Input after a close would reset the connection: the task closes it.
            Move(ConnectionEvent.Undelivered);
            Connection.ReleaseReader();
            return !isForRoom; // room comes with the delivery or its timeout
        }

        Move(reason);
        Connection.ShutdownSend();
        Connection.Close(
            reason == ConnectionEvent.Shutdown ? CloseReason.Shutdown : CloseReason.Local);
        return true;
    }

    /// <summary>
    /// Ends the patience of a shutdown: cancels the handler, or ends the wait for the rest of a
    /// request. Output is still sent.
    /// </summary>
    /// <returns>True if a handler was cancelled.</returns>
    public bool CutShort()
    {
        if (IsClosed)
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

        return Exchange?.Run.TryCancel(CancelReason.Shutdown, "The server shuts down.") == true;
    }

    public sealed override void Abort()
    {
        Exchange?.Record.Close();
        Connection.Abort();
    }

    public sealed override void NoteDelivery(Delivery delivery)
    {
        Delivery = delivery;
        Exchange?.Record.Close();
    }

    public sealed override void OnClientGone()
    {
        Move(ConnectionEvent.ClientGone);
        if (Exchange is { CancelsOnDisconnect: true } exchange)
        {
            exchange.Run.TryCancel(CancelReason.ClientGone, "The client is gone.");
        }
    }

    public sealed override void OnLate(DeadlineKind kind)
    {
        switch (kind)
        {
            case DeadlineKind.Phase when _state == ConnectionState.Head:
                if (!IsClosed && !Connection.IsOutputBroken)
                {
                    Move(ConnectionEvent.HeadTimeout);
                    Exchange!.RefuseHead(Rejection.HeadTooSlow, 0);
                }

                Connection.ReleaseReader();
                break;
            case DeadlineKind.Phase when Exchange is { Run: { IsRunning: true } run } exchange:
                if (run.IsOverdue)
                {
                    Server.Lines.HandlerIgnoresLimit(exchange.Line, Options.Shutdown.CancelTimeout);
                    break;
                }

                Move(ConnectionEvent.HandlerTimeout);
                run.OnLate();
                break;
            case DeadlineKind.Phase:
                OnPhaseLate();
                break;
            case DeadlineKind.Body when Exchange!.Body.IsPaused:
                Exchange.Body.RefusePaused();
                break;
            case DeadlineKind.Body when !IsClosed:
                Move(ConnectionEvent.BodyTimeout);
                Exchange!.Body.Input.EndLate();
                Exchange.Writer.EndConnection();
                Connection.ReleaseReader();
                break;
            case DeadlineKind.Send when !IsClosed:
                Move(ConnectionEvent.SendTimeout);
                Server.Lines.ClientStalled(
                    Connection, Math.Max(0, WrittenBytes - Connection.GetAcknowledgedBytes()));
                Abort();
                NotePeer();
                break;
        }
    }

    string? IWorkDescription.DescribeWork() => Exchange is { Pattern: { } pattern } exchange
        ? $"{exchange.Line.Method} {exchange.Line.Path} (route {pattern})"
        : null;

    protected sealed override void OnFlushed()
    {
        if (Connection.IsOutputBroken)
        {
            NotePeer();
        }
        else if (_state < ConnectionState.Ending)
        {
            Exchange?.Record.OnSent();
        }
    }

    /// <summary>Tells the instruments of the loop the present state.</summary>
    protected void TellState() => Loop.Instruments?.ObjectChanged(
        "connection", this, ConnectionStates.NameOf(_state), _state == ConnectionState.Closed);

    private void OnPhaseLate()
    {
        if (_state is ConnectionState.Ending or ConnectionState.Lingering)
        {
            Connection.ReleaseReader(); // the lingering close looks at the time
        }
        else if (!TryCloseIdle(ConnectionEvent.IdleTimeout))
        {
            // Bytes came at the last moment, perhaps only empty lines.
            SetDeadline(DeadlineKind.Phase, AfterTurn(Options.Times.HeaderTimeout));
        }
    }

    /// <summary>Notes that it has become idle; true if its place in the list changes.</summary>
    protected bool TryMoveSpan() => IdleSpan.TryMove(ref _idleSpan, Loop.TurnTime);

    /// <summary>Counts from the start of the turn, without reading the clock.</summary>
    protected TimeSpan AfterTurn(TimeSpan delay)
    {
        TimeSpan now = Loop.TurnTime;
        return delay > TimeSpan.MaxValue - now ? TimeSpan.MaxValue : now + delay;
    }

    internal readonly struct Links : IListLinks<OpenConnection>
    {
        public ref ListLinks<OpenConnection> Of(OpenConnection element) => ref element._links;
    }
}
