using System.IO.Pipelines;
using System.Net;
using Reactor.Drivers;
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
internal sealed partial class HttpConnection : DeadlineTimer, IWorkDescription
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
    private byte _idleSpan;

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

    /// <summary>The same, for what it is for the log: without those that only end.</summary>
    public bool IsServing => !_connection.IsClosed && _state is ConnectionState.Head
        or ConnectionState.Handler or ConnectionState.Draining or ConnectionState.Ready;

    public bool IsClosed => _connection.IsClosed;

    /// <summary>Requests that it was asked; what was refused as a whole does not count.</summary>
    public int RequestCount => _requests;

    public HttpServerOptions Options => _server.Options;

    public EventLoop Loop => _connection.Loop;

    public EndPoint? RemoteEndPoint => _connection.RemoteEndPoint;

    public Connection Connection => _connection;

    /// <summary>True when the client can be sent nothing more.</summary>
    public bool IsOutputBroken => _connection.IsOutputBroken;

    /// <summary>Where the server logs, and how much of what clients do wrong.</summary>
    public HttpServer Server => _server;

    /// <summary>True once it has needed what only some connections have.</summary>
    public bool HasExtras => _extras is not null;

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

                        OperationAwaitable readable = WaitForMore();
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
            Abort();
        }
    }

    /// <summary>Resets the connection; what the client has acknowledged by now counts.</summary>
    public void Abort()
    {
        _exchange?.Record.Close();
        _connection.Abort();
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

    /// <summary>Everything was sent; where it could not be, the next step ends.</summary>
    private OperationAwaitable WaitForMore()
    {
        if (_connection.IsOutputBroken)
        {
            return OperationAwaitable.Done;
        }

        _exchange?.Record.OnSent();
        return _connection.WaitReadable();
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
            TryCloseIdle(ConnectionEvent.Shutdown);
            return !_connection.IsClosed && !_isBegun && _state != ConnectionState.Ending;
        }

        if (wasServed)
        {
            NoteIdle();
            SetDeadline(DeadlineKind.Phase, AfterTurn(Options.KeepAliveTimeout));
        }

        return !_connection.IsClosed;
    }

    private async Coroutine End()
    {
        await LingeringClose.Run(this);
        _exchange?.Record.Close();
        _connection.Close(_server.IsShuttingDown ? CloseReason.Shutdown : CloseReason.Local);
    }

    /// <summary>
    /// True if the next request may follow as things are, which is nearly always. Answers gather
    /// within a turn; one whose handler has waited is sent, so that it does not wait for the next
    /// handler too, and a client that has gone meanwhile is found out.
    /// </summary>
    private bool TrySettle(Exchange exchange)
    {
        bool hasWaited = exchange.HasWaited;
        bool isSettled = exchange.IsSettled;
        if (isSettled)
        {
            Move(ConnectionEvent.Answered);
        }

        if (hasWaited)
        {
            TryFlush();
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

        if (_connection is { IsOutputBroken: true, IsClosed: false })
        {
            Move(ConnectionEvent.OutputBroken);
            return;
        }

        if (exchange.Body.IsDone)
        {
            Move(ConnectionEvent.Answered);
            return;
        }

        Move(ConnectionEvent.BodyLeft);
        if (await exchange.Body.Drain(Options.DrainBytesMax))
        {
            Move(ConnectionEvent.Drained);
            exchange.Record.Keep();
        }
        else
        {
            Move(ConnectionEvent.NotDrained);
        }
    }

    private void Begin()
    {
        Task = LoopTask.Current;
        _idleSpan = IdleSpan(Loop.TurnTime);
        _server.Add(this);
        _isBegun = _server.IsShuttingDown; // it came out of the backlog
        SetDeadline(DeadlineKind.Phase, Loop.MomentAfter(
            _isBegun ? Options.ShutdownFirstByteTimeout : Options.FirstByteTimeout));
    }

    /// <summary>The task ends, and the connection with it.</summary>
    /// <param name="isOver">
    /// False if the task was ended from outside: an answer that was begun and not sent whole must
    /// not look whole then, as one that ends with its connection would.
    /// </param>
    private void Finish(bool isOver)
    {
        if (!isOver && (_connection.Output.UnflushedBytes > 0 || _exchange?.Writer.IsOpen == true))
        {
            Abort();
        }

        _server.Remove(this);
        Move(ConnectionEvent.Closed);
        Disarm();
        _exchange?.Run.Finish();
        _exchange?.Record.End();
        _exchange?.Record.Close();
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
