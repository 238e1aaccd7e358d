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
internal sealed class HttpConnection
{
    private readonly HttpServer _server;
    private readonly Connection _connection;
    private readonly RequestParser _parser;
    private readonly RequestHead _head = new();
    private readonly RequestBody _body;
    private readonly ResponseWriter _writer;
    private readonly Exchange _exchange;
    private bool _mayRead;
    private bool _hasEnded;

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
        _writer = new ResponseWriter(server, connection, _body);
        _exchange = new Exchange(server, connection, _head, _body, _writer);
    }

    /// <summary>The task that serves this connection.</summary>
    public ILoopTask? Task { get; set; }

    /// <summary>True from the first byte of a request until its answer was sent.</summary>
    public bool IsBusy { get; private set; }

    public EventLoop Loop => _connection.Loop;

    public EndPoint? RemoteEndPoint => _connection.RemoteEndPoint;

    /// <summary>True when the client can be sent nothing more.</summary>
    public bool IsOutputBroken => _connection.IsOutputBroken;

    private PipeReader Input => _connection.Input;

    /// <summary>Serves until the connection ends.</summary>
    /// <remarks>
    /// The way of nearly every request lies in this one method: each coroutine that it called would
    /// be a frame on the heap for each request. What is rare is called.
    /// </remarks>
    public async Coroutine Serve()
    {
        while (true)
        {
            switch (TakeStep())
            {
                case Step.Wait:
                    if (!_connection.TryFlush())
                    {
                        await _connection.Flush();
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
                    if (_exchange.Begin(this) is { } handler)
                    {
                        try
                        {
                            _exchange.End(await handler(_exchange.Request));
                        }
                        catch (Exception error) when (!IsOurCancellation(error))
                        {
                            _exchange.Fail(error);
                        }

                        _exchange.Request.End();
                    }

                    if (!IsSettled() && !await Settle())
                    {
                        _hasEnded = true;
                    }

                    break;
                default:
                    await Close();
                    return;
            }
        }
    }

    /// <summary>Gives back what the connection rented; it is closed.</summary>
    public void Release()
    {
        _head.Release();
        _body.Release();
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
    /// Ends a connection that waits for a request, without a word (RFC 9112 9.5).
    /// </summary>
    public void CloseIdle() => _connection.Close(CloseReason.Shutdown);

    public bool TryRead(out ReadResult read) => Input.TryRead(out read);

    /// <summary>
    /// What was read of a body is taken; behind it the next request may stand already.
    /// </summary>
    public void AdvanceBody(in ReadResult read, SequencePosition consumed)
    {
        _mayRead = !read.Buffer.End.Equals(consumed);
        Input.AdvanceTo(consumed);
    }

    public int StreamBytesPerTurn => _server.Options.StreamBytesPerTurn;

    public bool TryFlush() => _connection.TryFlush();

    public OperationAwaitable WaitReadable() => _connection.WaitReadable();

    public void WriteContinue() => _connection.Output.Write("HTTP/1.1 100 Continue\r\n\r\n"u8);

    public async Coroutine FlushOutput()
    {
        if (!_connection.TryFlush())
        {
            await _connection.Flush();
        }
    }

    public void BeginStream(StreamResponse response)
    {
        _connection.TryFlush(); // answers that are whole leave before one that may break
        _exchange.BeginStream(response);
    }

    public int WriteStreamPiece(ReadOnlySpan<byte> data) => _writer.WriteStreamPiece(data);

    public void EndStream() => _writer.EndStream();

    /// <summary>What is to be done next: reads and parses what is there, without waiting.</summary>
    private Step TakeStep()
    {
        if (_hasEnded || _connection.IsClosed)
        {
            return Step.End;
        }

        // Asking the kernel again before it said that there is more would be a wasted system call.
        if (!_mayRead || !Input.TryRead(out ReadResult read))
        {
            return Step.Wait;
        }

        IsBusy = true;
        switch (_parser.Parse(read.Buffer, _head, out SequencePosition consumed))
        {
            case ParseStatus.Done:
                _mayRead = !read.Buffer.End.Equals(consumed);
                Input.AdvanceTo(consumed);
                return Step.Answer;
            case ParseStatus.NeedMore when !read.IsCompleted:
                _mayRead = false;
                Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                return Step.Wait;
            case ParseStatus.Rejected:
                _writer.BeginRefusal();
                _exchange.Refuse(_parser.Rejection, _parser.RejectionOffset);
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
        if (!_parser.IsIdle)
        {
            return true; // the peer is in the middle of a request
        }

        IsBusy = false;
        Release();
        if (_server.IsShuttingDown)
        {
            CloseIdle();
        }

        return !_connection.IsClosed;
    }

    /// <summary>
    /// True if the next request may follow as things are, which is nearly always.
    /// </summary>
    private bool IsSettled() => _writer.KeepsAlive && _body.IsDone
        && _connection.Output.UnflushedBytes < _server.Options.FlushBytes;

    /// <summary>
    /// Flushes and drains what must be before the next request; false if there is none.
    /// </summary>
    private async Coroutine<bool> Settle()
    {
        if (!_writer.KeepsAlive)
        {
            return false;
        }

        if (_connection.Output.UnflushedBytes >= _server.Options.FlushBytes)
        {
            await FlushOutput();
        }

        return _body.IsDone || await _body.Drain(_server.Options.DrainBytesMax);
    }

    private async Coroutine Close()
    {
        if (_connection.IsClosed)
        {
            return;
        }

        await FlushOutput();
        if (!_connection.HasInputEnded && !_connection.IsOutputBroken)
        {
            await LingeringClose.Run(_connection, _server.Options);
        }

        _connection.Close(_server.IsShuttingDown ? CloseReason.Shutdown : CloseReason.Local);
    }

    // A handler may throw a cancellation of its own; only ours ends the task.
    private bool IsOurCancellation(Exception error) => error is LoopAbortException
        || (error is LoopCanceledException && Task is { Cancelling: > 0 });
}
