using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Reactor.Drivers;
using Reactor.Http.Protocol;
using Reactor.Http.Routing;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// Serves the requests of one connection, in order: read, parse every complete request in the buffer,
/// await its handler, write its answer, and flush once when no complete request is left.
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

    public HttpConnection(HttpServer server, Connection connection)
    {
        _server = server;
        _connection = connection;
        _parser = new RequestParser(server.Options.Limits);
        _body = new RequestBody(this, server.Options.Limits);
        _writer = new ResponseWriter(server, connection);
    }

    /// <summary>The task that serves this connection.</summary>
    public ILoopTask? Task { get; set; }

    /// <summary>True from the first byte of a request until its answer was sent.</summary>
    public bool IsBusy { get; private set; }

    public EventLoop Loop => _connection.Loop;

    public EndPoint? RemoteEndPoint => _connection.RemoteEndPoint;

    private PipeReader Input => _connection.Input;

    /// <summary>Serves until the connection ends.</summary>
    public async Coroutine Serve()
    {
        bool goesOn = true;
        while (goesOn && !_connection.IsClosed)
        {
            if (!Input.TryRead(out ReadResult read))
            {
                await WaitForMore();
                continue;
            }

            IsBusy = true;
            ParseStatus status = _parser.Parse(
                read.Buffer, _head, out SequencePosition consumed);
            if (status == ParseStatus.Done)
            {
                bool isLast = read.Buffer.End.Equals(consumed);
                Input.AdvanceTo(consumed);
                goesOn = await Answer();
                if (goesOn && isLast)
                {
                    await FlushOutput();
                    await WaitForMore();
                }
            }
            else if (status == ParseStatus.NeedMore && !read.IsCompleted)
            {
                Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                await FlushOutput();
                await WaitForMore();
            }
            else
            {
                goesOn = false;
                EndInput(status, read);
            }
        }

        await Close();
    }

    /// <summary>Gives back what the connection rented; it is closed.</summary>
    public void Release()
    {
        _head.Release();
        _body.Release();
    }

    /// <summary>Ends a connection that waits for a request, without a word (RFC 9112 9.5).</summary>
    public void CloseIdle() => _connection.Close(CloseReason.Shutdown);

    public bool TryRead(out ReadResult read) => Input.TryRead(out read);

    public void AdvanceTo(SequencePosition consumed) => Input.AdvanceTo(consumed);

    public OperationAwaitable WaitReadable() => _connection.WaitReadable();

    public void WriteContinue() => _connection.Output.Write("HTTP/1.1 100 Continue\r\n\r\n"u8);

    public async Coroutine FlushOutput()
    {
        if (!_connection.TryFlush())
        {
            await _connection.Flush();
        }
    }

    public void BeginStream(StreamResponse response) => _writer.BeginStream(response);

    public int WriteStreamPiece(ReadOnlySpan<byte> data) => _writer.WriteStreamPiece(data);

    public void EndStream() => _writer.EndStream();

    /// <summary>Waits until something can be read, holding no buffer meanwhile.</summary>
    private async Coroutine WaitForMore()
    {
        if (_connection.Output is { UnflushedBytes: > 0 })
        {
            await FlushOutput();
        }

        // A part of a request in the buffer means that the peer is in the middle of it.
        OperationAwaitable readable = _connection.WaitReadable();
        if (readable.IsCompleted)
        {
            // More is there already: others have their turn first.
            await EventLoop.Yield();
            return;
        }

        if (_parser.IsIdle)
        {
            IsBusy = false;
            Release();
            if (_server.IsShuttingDown)
            {
                CloseIdle();
                return;
            }
        }

        await readable;
    }

    /// <summary>Answers the request in the head; false if the connection must end.</summary>
    private async Coroutine<bool> Answer()
    {
        bool keepAlive = _head.KeepAlive && !_server.IsShuttingDown;
        _writer.Begin(_head, keepAlive);
        if (_body.Start(_head) == BodyStatus.Rejected)
        {
            Refuse(_body.Rejection, 0);
            return false;
        }

        RouteMatch<Func<Request, Coroutine<Response>>> match =
            RequestRouting.Match(_server.Application.Router, _head);
        if (match.Handler is not { } handler)
        {
            _writer.Write(RequestRouting.AnswerWithoutHandler(match, _head));
        }
        else
        {
            var request = new Request(this, _head, _body, match.Values);
            try
            {
                await Finish(await handler(request));
            }
            catch (Exception error) when (!IsOurCancellation(error))
            {
                OnHandlerThrew(error);
            }

            request.End();
        }

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

    private async Coroutine Finish(Response? response)
    {
        if (response is not StreamResponse stream)
        {
            _writer.Write(response ?? throw new InvalidOperationException(
                "The handler returned no response."));
            return;
        }

        if (!stream.IsPrepared)
        {
            throw new InvalidOperationException("A StreamResponse must be prepared by its handler.");
        }

        if (!stream.IsComplete)
        {
            HttpLog.ResponseBroken(
                _server.Logger, MethodText, PathText, "less than it announced");
            _connection.Abort();
            return;
        }

        await stream.WriteEof();
    }

    private void OnHandlerThrew(Exception error)
    {
        if (error is RequestBodyException { Reason: var reason } && !_writer.HasBegun)
        {
            Refuse(reason, 0);
            return;
        }

        if (_connection.IsOutputBroken || _connection.HasInputEnded)
        {
            // The client is gone, and most likely that is why the handler failed.
            _writer.GiveUp();
            return;
        }

        HttpLog.HandlerThrew(_server.Logger, MethodText, PathText, 500, error);
        if (_writer.HasBegun)
        {
            _connection.Abort();
        }
        else
        {
            _writer.Write(Response.Text("500: Internal Server Error", 500));
        }
    }

    private void EndInput(ParseStatus status, in ReadResult read)
    {
        if (status == ParseStatus.Rejected)
        {
            _writer.BeginRefusal();
            Refuse(_parser.Rejection, _parser.RejectionOffset);
        }

        Input.AdvanceTo(read.Buffer.End);
    }

    private void Refuse(Rejection reason, long offset)
    {
        RejectionInfo info = RejectionTable.Get(reason);
        HttpLog.Refused(
            _server.Logger, RemoteEndPoint, offset, info.Id, info.Clause, info.Sentence);
        _writer.GiveUp();
        _writer.Write(Response.Text($"{info.Status}: {info.Sentence}", info.Status));
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
            await Linger();
        }

        _connection.Close(_server.IsShuttingDown ? CloseReason.Shutdown : CloseReason.Local);
    }

    /// <summary>
    /// Ends our stream and discards what still comes, until the peer ends its own or the time or the
    /// amount is up: closing at once would reset the connection and could destroy the answer.
    /// </summary>
    private async Coroutine Linger()
    {
        _connection.ShutdownSend();
        TimerHandle deadline = Loop.CallLater(
            _server.Options.LingerTimeout, static late => late.Abort(), _connection);
        long left = _server.Options.DrainBytesMax;
        while (left > 0 && !_connection.IsClosed)
        {
            if (!Input.TryRead(out ReadResult read))
            {
                await _connection.WaitReadable();
                continue;
            }

            left -= read.Buffer.Length;
            Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }

        deadline.Cancel();
    }

    // A handler may throw a cancellation of its own; only ours ends the task.
    private bool IsOurCancellation(Exception error) => error is LoopAbortException
        || (error is LoopCanceledException && Task is { Cancelling: > 0 });

    private string MethodText => System.Text.Encoding.Latin1.GetString(_head.MethodBytes);

    private string PathText => System.Text.Encoding.Latin1.GetString(_head.Path);
}
