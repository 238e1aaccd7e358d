using System.IO.Pipelines;
using System.Net;
using Reactor.Drivers;
using Reactor.Http.Protocol;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// Serves the requests of one connection, in order: read, parse every complete request in the
/// buffer, await its handler, write its answer, and flush once when no complete request is left.
/// </summary>
/// <remarks>
/// <para>Loop thread only; one task. The handler runs in that same task.</para>
/// <para>
/// Nothing is parsed ahead of the request that is served. Between requests the connection is no
/// more than this object, which is its own entry in the timer queue, and its task: buffers, parser
/// and all else that a request needs are an <see cref="Exchange"/>, borrowed from the server with
/// the first byte and given back before a wait for the next request.
/// </para>
/// <para>
/// After anything ambiguous it answers, ends its stream, discards what still comes for a while, and
/// closes; it never looks for the next request in what is in doubt.
/// </para>
/// </remarks>
internal sealed partial class HttpConnection : LoopTimer
{
    private readonly HttpServer _server;
    private readonly Connection _connection;
    private Exchange? _exchange;
    private HttpConnectionExtras? _extras;
    private ListLinks<HttpConnection> _links;
    private int _requests;
    private int _turnRequests;
    private ConnectionState _state;
    private bool _isBegun;
    private bool _mayRead;
    private bool _isHeadTimed;
    private bool _isHeadLate;

    private enum Step
    {
        Wait,
        Answer,
        End,
    }

    public HttpConnection(HttpServer server, Connection connection)
        : base(connection.Loop)
    {
        _server = server;
        _connection = connection;
        if (server.Options.ConnectionAgeMax is not null)
        {
            Extras.Born = connection.Loop.TurnTime;
        }
    }

    /// <summary>The task that serves this connection.</summary>
    public ILoopTask? Task { get; private set; }

    /// <summary>True from the first byte of a request until its answer was sent.</summary>
    public bool IsBusy => _isBegun || _state is not (ConnectionState.New or ConnectionState.Idle);

    public bool IsClosed => _connection.IsClosed;

    public HttpServerOptions Options => _server.Options;

    public EventLoop Loop => _connection.Loop;

    public EndPoint? RemoteEndPoint => _connection.RemoteEndPoint;

    public Connection Connection => _connection;

    /// <summary>True when the client can be sent nothing more.</summary>
    public bool IsOutputBroken => _connection.IsOutputBroken;

    /// <summary>Where the server logs, and how much of what clients do wrong.</summary>
    public HttpServer Server => _server;

    private HttpConnectionExtras Extras => _extras ??= new HttpConnectionExtras();

    private PipeReader Input => _connection.Input;

    /// <summary>Serves until the connection ends.</summary>
    /// <remarks>
    /// The way of nearly every request lies in this one method: each coroutine that it called would
    /// be a frame on the heap for each request. What is rare is called.
    /// </remarks>
    public async Coroutine Serve()
    {
        Begin();
        bool isOver = false;
        try
        {
            while (!isOver)
            {
                switch (TakeStep())
                {
                    case Step.Wait:
                        _turnRequests = 0;
                        if (!_connection.TryFlush())
                        {
                            await FlushOutput();
                        }

                        OperationAwaitable readable = _connection.WaitReadable();
                        if (readable.IsCompleted)
                        {
                            await EventLoop.Yield(); // more is there: others have their turn first
                        }
                        else if (MayIdle())
                        {
                            await readable;
                        }

                        _mayRead = true;
                        break;
                    case Step.Answer:
                        if (_exchange!.Begin() is { } handler)
                        {
                            try
                            {
                                // Two lines: one would keep the exchange in the frame meanwhile.
                                Response answer = await handler(_exchange.Request);
                                _exchange.End(answer);
                            }
                            catch (Exception error) when (!_exchange.Run.IsFromOutside(error))
                            {
                                _exchange.Fail(error);
                            }

                            _exchange.EndRequest();
                        }

                        _exchange.Record.End();
                        if (!TrySettle(_exchange))
                        {
                            await Settle(_exchange);
                        }

                        if (++_turnRequests >= Options.RequestsPerTurn && _mayRead)
                        {
                            await EndTurn();
                        }

                        break;
                    default:
                        await End();
                        isOver = true;
                        break;
                }
            }
        }
        finally
        {
            Finish(isOver);
        }
    }

    /// <summary>
    /// Makes a move of the table; an illegal one, which is a mistake of ours, resets the
    /// connection: whatever it would say next is in doubt.
    /// </summary>
    public void Move(ConnectionEvent happened)
    {
        ConnectionState before = _state;
        if (!ConnectionStates.TryMove(ref _state, happened))
        {
            _server.Lines.IllegalMove(_connection, before, happened);
            _state = ConnectionState.Closed;
            _connection.Abort();
        }
    }

    /// <summary>
    /// Counts a request, and says whether another may follow it on this connection.
    /// </summary>
    public bool MayBeKept()
    {
        _requests++;
        return !_server.IsShuttingDown
            && !(_requests >= Options.RequestsPerConnectionMax)
            && (Options.ConnectionAgeMax is not { } age || Loop.TurnTime - Extras.Born <= age);
    }

    /// <summary>
    /// Ends a connection that waits for a request, without a word (RFC 9112 9.5); unless a byte of
    /// one is there, which nobody has read yet: that request is answered.
    /// </summary>
    public void CloseIdle()
    {
        if (_connection.TryReceive() && !_connection.HasInputEnded)
        {
            _isBegun = true;
            _connection.ReleaseReader();
            return;
        }

        Move(ConnectionEvent.Shutdown);
        _connection.Close(CloseReason.Shutdown);
    }

    /// <summary>What is to be done next: reads and parses what is there, without waiting.</summary>
    private Step TakeStep()
    {
        if (_state == ConnectionState.Ending || _connection.IsClosed)
        {
            return Step.End;
        }

        if (_isHeadLate)
        {
            Move(ConnectionEvent.HeadTimeout);
            _exchange!.RefuseHead(Rejection.HeadTooSlow, 0);
            return Step.End;
        }

        // Asking the kernel again before it said that there is more would be a wasted system call.
        if (!_mayRead)
        {
            return Step.Wait;
        }

        return _connection.TryReadPiece(out ReadOnlySpan<byte> piece)
            ? TakePiece(piece)
            : TakeSequence();
    }

    /// <summary>The way of nearly every request: all that is there lies in one piece.</summary>
    private Step TakePiece(ReadOnlySpan<byte> piece)
    {
        Exchange exchange = BeginExchange();
        ParseStatus status = exchange.Parser.Parse(piece, exchange.Head, out int consumed);
        if (status == ParseStatus.NeedMore)
        {
            return TakeSequence(); // which may know of the end, or of more in another piece
        }

        consumed = status == ParseStatus.Done ? consumed : piece.Length;
        _mayRead = consumed < piece.Length;
        _connection.Consume(consumed);
        return Conclude(exchange, status);
    }

    /// <summary>The same for what lies in several pieces, or is the end.</summary>
    private Step TakeSequence()
    {
        if (!Input.TryRead(out ReadResult read))
        {
            return Step.Wait;
        }

        if (read.Buffer.IsEmpty)
        {
            Input.AdvanceTo(read.Buffer.End);
            Move(ConnectionEvent.InputEnded);
            return Step.End;
        }

        Exchange exchange = BeginExchange();
        ParseStatus status = exchange.Parser.Parse(
            read.Buffer, exchange.Head, out SequencePosition consumed);
        if (status == ParseStatus.NeedMore && !read.IsCompleted)
        {
            _mayRead = false;
            Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            return Step.Wait;
        }

        _mayRead = !read.Buffer.End.Equals(consumed);
        Input.AdvanceTo(status == ParseStatus.Done ? consumed : read.Buffer.End);
        return Conclude(exchange, status);
    }

    private Exchange BeginExchange()
    {
        Exchange exchange = _exchange ??= _server.RentExchange(this);
        exchange.Record.Begin();
        Move(ConnectionEvent.Bytes);
        return exchange;
    }

    /// <summary>A head is whole, or will never be.</summary>
    private Step Conclude(Exchange exchange, ParseStatus status)
    {
        switch (status)
        {
            case ParseStatus.Done:
                Move(ConnectionEvent.HeadDone);
                _isHeadTimed = false;
                ClearDeadline(DeadlineKind.Phase);
                return Step.Answer;
            case ParseStatus.Rejected:
                Move(ConnectionEvent.Refused);
                exchange.RefuseHead(exchange.Parser.Rejection, exchange.Parser.RejectionOffset);
                return Step.End;
            default:
                Move(ConnectionEvent.InputEnded);
                return Step.End;
        }
    }

    /// <summary>
    /// Before a wait: between requests the connection is idle, and gives back what it rented. False
    /// if it is closed instead.
    /// </summary>
    private bool MayIdle()
    {
        bool wasServed = _state == ConnectionState.Ready;
        Move(ConnectionEvent.Waits);
        if (_state == ConnectionState.Head)
        {
            if (!_isHeadTimed)
            {
                _isHeadTimed = true;
                SetDeadline(DeadlineKind.Phase, AfterTurn(Options.HeaderTimeout));
            }

            return true;
        }

        ReturnExchange();
        if (_server.IsShuttingDown && !_isBegun)
        {
            CloseIdle();
            return !_connection.IsClosed && !_isBegun;
        }

        if (wasServed)
        {
            SetDeadline(DeadlineKind.Phase, AfterTurn(Options.KeepAliveTimeout));
        }

        return !_connection.IsClosed;
    }

    private async Coroutine End()
    {
        await LingeringClose.Run(this);
        _connection.Close(_server.IsShuttingDown ? CloseReason.Shutdown : CloseReason.Local);
    }

    /// <summary>
    /// True if the next request may follow as things are, which is nearly always.
    /// </summary>
    private bool TrySettle(Exchange exchange)
    {
        bool isSettled = exchange.IsSettled;
        if (isSettled)
        {
            Move(ConnectionEvent.Answered);
        }

        return isSettled;
    }

    /// <summary>Others have their turn, and the client its answers so far.</summary>
    private async Coroutine EndTurn()
    {
        _turnRequests = 0;
        await FlushOutput();
        await EventLoop.Yield();
    }

    /// <summary>
    /// Flushes and drains what must be before the next request, if there is one.
    /// </summary>
    private async Coroutine Settle(Exchange exchange)
    {
        if (!exchange.Writer.KeepsAlive)
        {
            Move(ConnectionEvent.AnsweredLast);
            return;
        }

        if (_connection.Output.UnflushedBytes >= Options.FlushBytes)
        {
            await FlushOutput();
        }

        if (exchange.Body.IsDone)
        {
            Move(ConnectionEvent.Answered);
            return;
        }

        Move(ConnectionEvent.BodyLeft);
        bool isDrained = await exchange.Body.Drain(Options.DrainBytesMax);
        Move(isDrained ? ConnectionEvent.Drained : ConnectionEvent.NotDrained);
    }

    private void Begin()
    {
        Task = LoopTask.Current;
        _server.Add(this);
        _isBegun = _server.IsShuttingDown; // it came out of the backlog
        SetDeadline(DeadlineKind.Phase, Loop.MomentAfter(
            _isBegun ? Options.ShutdownFirstByteTimeout : Options.FirstByteTimeout));
    }

    /// <summary>The task ends, and the connection with it.</summary>
    /// <param name="isOver">
    /// False if the task was ended from outside: an answer that was begun must not look whole then,
    /// as one that ends with its connection would.
    /// </param>
    private void Finish(bool isOver)
    {
        if (!isOver && _exchange is { Writer.HasBegun: true })
        {
            _connection.Abort();
        }

        _server.Remove(this);
        Move(ConnectionEvent.Closed);
        Disarm();
        _exchange?.Run.Finish();
        _exchange?.Record.End();
        ReturnExchange();
    }

    private void ReturnExchange()
    {
        if (_exchange is { } exchange)
        {
            _exchange = null;
            _server.Return(exchange);
        }
    }

    /// <summary>The links of the list of its server.</summary>
    internal readonly struct Links : IListLinks<HttpConnection>
    {
        public ref ListLinks<HttpConnection> Of(HttpConnection element) =>
            ref element._links;
    }
}
