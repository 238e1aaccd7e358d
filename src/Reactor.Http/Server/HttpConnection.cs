using System.Buffers;
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
/// Nothing is parsed ahead of the request that is served, and while nothing is there to be read the
/// connection holds no buffer. After anything ambiguous it answers, ends its stream, discards what
/// still comes for a while, and closes; it never looks for the next request in what is in doubt.
/// </para>
/// </remarks>
internal sealed partial class HttpConnection
{
    private readonly HttpServer _server;
    private readonly Connection _connection;
    private readonly RequestParser _parser;
    private readonly RequestHead _head = new();
    private readonly RequestBody _body;
    private readonly ResponseWriter _writer;
    private readonly RequestRecorder _record;
    private readonly Exchange _exchange;
    private readonly ConnectionDeadlines _deadlines;
    private readonly ConnectionLife _life;
    private readonly HandlerRun _run;
    private int _turnRequests;
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
    {
        _server = server;
        _connection = connection;
        _parser = new RequestParser(server.Options.Limits);
        _body = new RequestBody(this, server.Options.Limits);
        _writer = new ResponseWriter(server, this, connection, _body);
        _record = new RequestRecorder(server, connection, _head, _body, _writer);
        _life = new ConnectionLife(server, connection);
        OverloadGuard guard = server.GuardOf(connection.Loop);
        _exchange = new Exchange(server, connection, _life, _head, _body, _writer, guard);
        _deadlines = new ConnectionDeadlines(this, connection.Loop);
        _run = new HandlerRun(this, connection, _deadlines, guard);
    }

    /// <summary>The task that serves this connection.</summary>
    public ILoopTask? Task { get; set; }

    /// <summary>True from the first byte of a request until its answer was sent.</summary>
    public bool IsBusy =>
        _isBegun || _life.State is not (ConnectionState.New or ConnectionState.Idle);

    public bool IsClosed => _connection.IsClosed;

    public HttpServerOptions Options => _server.Options;

    public EventLoop Loop => _connection.Loop;

    public EndPoint? RemoteEndPoint => _connection.RemoteEndPoint;

    /// <summary>True when the client can be sent nothing more.</summary>
    public bool IsOutputBroken => _connection.IsOutputBroken;

    /// <summary>Bytes that the client has taken since the connection began.</summary>
    public long TakenBytes => _connection.TakenBytes;

    /// <summary>True if the body of the present request did not come in time.</summary>
    public bool IsBodyLate => _exchange.IsBodyLate;

    /// <summary>Where the server logs, and how much of what clients do wrong.</summary>
    public HttpServer Server => _server;

    /// <summary>Writes the answer to the present request.</summary>
    public ResponseWriter Writer => _writer;

    private PipeReader Input => _connection.Input;

    /// <summary>Serves until the connection ends.</summary>
    /// <remarks>
    /// The way of nearly every request lies in this one method: each coroutine that it called would
    /// be a frame on the heap for each request. What is rare is called.
    /// </remarks>
    public async Coroutine Serve()
    {
        _isBegun = _server.IsShuttingDown; // it came out of the backlog
        _deadlines.Set(DeadlineKind.Phase, _deadlines.After(
            _isBegun ? Options.ShutdownFirstByteTimeout : Options.FirstByteTimeout));
        while (true)
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
                    _deadlines.BeginRequest();
                    if (_exchange.Begin(this) is { } handler)
                    {
                        _run.Begin();
                        try
                        {
                            _exchange.End(await handler(_exchange.Request));
                        }
                        catch (Exception error) when (!_run.IsFromOutside(error))
                        {
                            _exchange.Fail(error, _run.Interruption);
                        }

                        _exchange.Request.End();
                        _run.End();
                    }

                    _record.End();
                    if (IsSettled())
                    {
                        _life.Move(ConnectionEvent.Answered);
                    }
                    else
                    {
                        await Settle();
                    }

                    if (++_turnRequests >= Options.RequestsPerTurn && _mayRead)
                    {
                        await EndTurn();
                    }

                    break;
                default:
                    await LingeringClose.Run(this, _connection, _life, _deadlines);
                    _connection.Close(
                        _server.IsShuttingDown ? CloseReason.Shutdown : CloseReason.Local);
                    return;
            }
        }
    }

    /// <summary>
    /// The task has ended, and the connection with it: gives back what it rented.
    /// </summary>
    public void Finish()
    {
        _life.Move(ConnectionEvent.Closed);
        _run.Finish();
        _deadlines.Disarm();
        _record.End();
        Release();
    }

    /// <summary>
    /// The task is ended from outside: an answer that was begun must not look whole, as one that
    /// ends with its connection would.
    /// </summary>
    public void CutOff()
    {
        if (_writer.HasBegun)
        {
            _connection.Abort();
        }
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

        _life.Move(ConnectionEvent.Shutdown);
        _connection.Close(CloseReason.Shutdown);
    }

    /// <summary>
    /// For the body: reads what is there; one that is late ends here, whatever still comes.
    /// </summary>
    public bool TryRead(out ReadResult read)
    {
        _deadlines.EndBodyWait();
        _run.Watch?.HasReceived = false;
        if (_exchange.IsBodyLate)
        {
            read = new ReadResult(default, isCanceled: false, isCompleted: true);
            return true;
        }

        return Input.TryRead(out read);
    }

    /// <summary>
    /// What was read of a body is taken; behind it the next request may stand already.
    /// </summary>
    /// <returns>The bytes that were taken.</returns>
    public long AdvanceBody(in ReadResult read, SequencePosition consumed)
    {
        if (_exchange.IsBodyLate)
        {
            return 0; // nothing was read
        }

        long bytes = read.Buffer.Slice(read.Buffer.Start, consumed).Length;
        _deadlines.CountBody(bytes);
        Input.AdvanceTo(consumed);
        _mayRead = _connection.UnreadBytes > 0;
        _run.Watch?.Resume();
        return bytes;
    }

    /// <summary>Cancelled when the client has gone while its request is answered.</summary>
    public CancellationToken Aborted => _run.Aborted;

    /// <summary>Bytes are in the buffer, or the end, that nobody has looked at.</summary>
    public void OnReadAhead() => _mayRead = true;

    public bool TryFlush()
    {
        bool isFlushed = _connection.TryFlush();
        if (_connection.IsOutputBroken)
        {
            _run.Watch?.NoteBroken();
        }

        return isFlushed;
    }

    public OperationAwaitable WaitReadable()
    {
        if (_run.Watch is { HasReceived: true })
        {
            return OperationAwaitable.Done;
        }

        _deadlines.BeginBodyWait();
        return _connection.WaitReadable();
    }

    public void WriteContinue() => _connection.Output.Write("HTTP/1.1 100 Continue\r\n\r\n"u8);

    /// <summary>Says what was refused, whatever becomes of the request.</summary>
    public void Report(Rejection reason, long offset) => _exchange.Report(reason, offset);

    public Coroutine FlushOutput() => TimedFlush.Run(this, _connection, _deadlines);

    public void BeginStream(StreamResponse response)
    {
        _connection.TryFlush(); // answers that are whole leave before one that may break
        _exchange.BeginStream(response);
    }

    /// <summary>What is to be done next: reads and parses what is there, without waiting.</summary>
    private Step TakeStep()
    {
        if (_life.State == ConnectionState.Ending || _connection.IsClosed)
        {
            return Step.End;
        }

        if (_isHeadLate)
        {
            _life.Move(ConnectionEvent.HeadTimeout);
            _writer.BeginRefusal();
            Report(Rejection.HeadTooSlow, 0);
            _exchange.Refuse(Rejection.HeadTooSlow);
            _record.End();
            return Step.End;
        }

        // Asking the kernel again before it said that there is more would be a wasted system call.
        if (!_mayRead || !Input.TryRead(out ReadResult read))
        {
            return Step.Wait;
        }

        if (!read.Buffer.IsEmpty)
        {
            _record.Begin();
            _life.Move(ConnectionEvent.Bytes);
        }

        switch (_parser.Parse(read.Buffer, _head, out SequencePosition consumed))
        {
            case ParseStatus.Done:
                _mayRead = !read.Buffer.End.Equals(consumed);
                Input.AdvanceTo(consumed);
                _life.Move(ConnectionEvent.HeadDone);
                _isHeadTimed = false;
                _deadlines.Clear(DeadlineKind.Phase);
                return Step.Answer;
            case ParseStatus.NeedMore when !read.IsCompleted:
                _mayRead = false;
                Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                return Step.Wait;
            case ParseStatus.Rejected:
                _life.Move(ConnectionEvent.Refused);
                _writer.BeginRefusal();
                Report(_parser.Rejection, _parser.RejectionOffset);
                _exchange.Refuse(_parser.Rejection);
                _record.End();
                break;
            default:
                _life.Move(ConnectionEvent.InputEnded);
                break;
        }

        Input.AdvanceTo(read.Buffer.End);
        return Step.End;
    }

    /// <summary>
    /// Before a wait: between requests the connection is idle, and gives back what it rented. False
    /// if it is closed instead.
    /// </summary>
    private bool MayIdle()
    {
        bool wasServed = _life.State == ConnectionState.Ready;
        _life.Move(ConnectionEvent.Waits);
        if (_life.State == ConnectionState.Head)
        {
            if (!_isHeadTimed)
            {
                _isHeadTimed = true;
                _deadlines.Set(DeadlineKind.Phase, _deadlines.After(Options.HeaderTimeout));
            }

            return true;
        }

        Release();
        if (_server.IsShuttingDown && !_isBegun)
        {
            CloseIdle();
            return !_connection.IsClosed && !_isBegun;
        }

        if (wasServed)
        {
            _deadlines.Set(DeadlineKind.Phase, _deadlines.After(Options.KeepAliveTimeout));
        }

        return !_connection.IsClosed;
    }

    /// <summary>Others have their turn, and the client its answers so far.</summary>
    private async Coroutine EndTurn()
    {
        _turnRequests = 0;
        await FlushOutput();
        await EventLoop.Yield();
    }

    /// <summary>
    /// True if the next request may follow as things are, which is nearly always.
    /// </summary>
    private bool IsSettled() => _writer.KeepsAlive && _body.IsDone
        && _connection.Output.UnflushedBytes < _server.Options.FlushBytes;

    /// <summary>
    /// Flushes and drains what must be before the next request, if there is one.
    /// </summary>
    private async Coroutine Settle()
    {
        if (!_writer.KeepsAlive)
        {
            _life.Move(ConnectionEvent.AnsweredLast);
            return;
        }

        if (_connection.Output.UnflushedBytes >= _server.Options.FlushBytes)
        {
            await FlushOutput();
        }

        if (_body.IsDone)
        {
            _life.Move(ConnectionEvent.Answered);
            return;
        }

        _life.Move(ConnectionEvent.BodyLeft);
        bool isDrained = await _body.Drain(_server.Options.DrainBytesMax);
        _life.Move(isDrained ? ConnectionEvent.Drained : ConnectionEvent.NotDrained);
    }

    private void Release()
    {
        _head.Release();
        _body.Release();
    }
}
