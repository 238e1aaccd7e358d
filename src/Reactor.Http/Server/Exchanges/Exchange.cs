using System.IO.Pipelines;
using Reactor.Http.Protocol;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// A request and its response, with all that an idle connection does not need: parses the head,
/// finds the handler, and writes what it returned.
/// </summary>
/// <remarks>
/// Loop thread only. Borrowed by a connection from the first byte of a request until it idles.
/// </remarks>
internal sealed class Exchange : RequestContext
{
    private readonly IRequestDispatcher _dispatcher;
    private readonly OverloadGuard _guard;
    private Request? _request;
    private Action<Request?, Response>? _hook;
    private List<Action<Request?, Response>>? _added;
    private long _turn;

    public Exchange(IRequestDispatcher dispatcher, ServerContext context, EventLoop loop)
        : base(context, loop)
    {
        _dispatcher = dispatcher;
        _guard = context.GuardOf(loop);
        Record = new RequestRecorder(this);
        Run = new HandlerRun(this, _guard);
    }

    public RequestRecorder Record { get; }

    public HandlerRun Run { get; }

    public bool IsClean => Parser.IsIdle && Parser.Rejection == Rejection.None && Body.IsQuiet
        && Run.CancelReason == CancelReason.None;

    /// <summary>True, nearly always, if the next request may follow at once.</summary>
    public bool IsSettled => Writer.KeepsAlive && Body.IsDone
        && Channel.Output.UnflushedBytes < Server.Options.Limits.FlushBytes;

    /// <summary>True if the handler did not end in the turn that called it.</summary>
    public bool HasWaited => Channel.Loop.TurnCount != _turn;

    public Request Request => _request!;

    public override string? RequestId => _request?.Id;

    private Action<Response> PrepareCallback => field ??= Prepare;

    public override void AddHook(Action<Request?, Response> hook)
    {
        (_added ??= []).Add(hook);
        _hook ??= static (_, _) => { }; // so that `SetHook` sees that something was added
        Writer.OnPrepare ??= PrepareCallback;
    }

    public void Attach(ServerChannel channel, ILoopTask? task)
    {
        Lend(channel);
        Run.Task = task;
    }

    public void Detach()
    {
        _request?.End(); // EndRequest did not, if the task was ended from outside
        Body.Abandon();
        Body.Trailers.Trim();
        Head.Trim();
        Writer.Sink.Close();
        Run.Task = null;
        TakeBack();
        Endpoint = null;
        SetHook(null);
        _request = null;
    }

    public void Release()
    {
        Head.Release();
        Body.Release();
    }

    /// <summary>Parses a piece of input; consumes it unless more is needed.</summary>
    public ParseStatus Parse(ReadOnlySpan<byte> piece)
    {
        ParseStatus status = Parser.Parse(piece, Head, out int consumed);
        if (status != ParseStatus.NeedMore)
        {
            if (status == ParseStatus.Rejected)
            {
                Record.KeepLine(piece);
                consumed = piece.Length;
            }

            Record.CountIn(consumed);
            Channel.Connection.Consume(consumed);
        }

        return status;
    }

    /// <summary>Parses input in several pieces, or the last of it.</summary>
    public ParseStatus Parse(in ReadResult read)
    {
        PipeReader input = Channel.Connection.Input;
        ParseStatus status = Parser.Parse(read.Buffer, Head, out SequencePosition consumed);
        if (status != ParseStatus.Done)
        {
            Record.KeepLine(read.Buffer);
            consumed = read.Buffer.End;
        }

        if (status == ParseStatus.NeedMore && !read.IsCompleted)
        {
            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
        else
        {
            Record.CountIn(read.Buffer.Slice(0, consumed).Length);
            input.AdvanceTo(consumed);
        }

        return status;
    }

    /// <summary>Finds the handler of the parsed head; null if it is answered already.</summary>
    public Handler? Begin(bool mayBeKept)
    {
        _turn = Channel.Loop.TurnCount;
        Endpoint endpoint = _dispatcher.Find(Head, out MatchInfo match);
        Endpoint = endpoint;
        Writer.Begin(Head, mayBeKept && Head.KeepAlive);
        Record.Dispatch(endpoint);
        _request = new Request(this, match);
        SetHook(endpoint.OnResponsePrepare);
        RouteGate? gate = endpoint.RequestsInFlightMax is { } most
            ? Server.GateOf(endpoint.Route ?? endpoint, most)
            : null;
        if (TryRefuse(endpoint, gate))
        {
            _request.End();
            return null;
        }

        Run.Begin(gate);
        return endpoint.Handler;
    }

    /// <summary>Writes a response that is whole in memory; false for others.</summary>
    public bool TryWrite(Response? response)
    {
        if (response?.GetType() != typeof(Response) || Writer.HasBegun)
        {
            return false;
        }

        Writer.Write(response);
        return true;
    }

    /// <summary>Has a response send itself, or end what its handler has begun.</summary>
    public async Coroutine SendAsync(Response? response)
    {
        if (response is null)
        {
            throw new InvalidOperationException("The handler returned no response.");
        }

        if (Writer.HasBegun && !ReferenceEquals(response, Writer.Sink.Response))
        {
            throw new InvalidOperationException(
                "The handler returned another response than the one that it had begun.");
        }

        await response.SendAsync(Writer);
        if (Writer.Sink.IsShort)
        {
            FailurePolicy.OnShort(this);
        }
    }

    public void Fail(Exception error)
    {
        Record.NoteError(error);
        FailurePolicy.OnThrown(this, error, Run.CancelReason);
    }

    /// <summary>The handler has ended and its outcome is written.</summary>
    public void EndRequest()
    {
        Request.End();
        Body.Input.EndWait();
        Writer.Sink.Close();
        Run.End();
    }

    /// <summary>Answers a malformed or late head; the connection then ends.</summary>
    public void RefuseHead(Rejection reason, long offset)
    {
        _request = null;
        Endpoint = _dispatcher.OfNoHead;
        Writer.Begin(null, keepAlive: false);
        SetHook(Endpoint.OnResponsePrepare);
        Channel.Report(reason, offset);
        ErrorAnswers.Refuse(this, reason);
        Record.End();
    }

    private bool TryRefuse(Endpoint endpoint, RouteGate? gate)
    {
        long bytesMax = endpoint.BodyBytesMax ?? Server.Options.Parser.BodyBytesMax;
        if (Body.Start(Head.BodyKind, Head.ContentLength, Head.ExpectContinue, bytesMax)
            == BodyStatus.Rejected)
        {
            ErrorAnswers.Refuse(this, Body.Rejection);
            return true;
        }

        Overload overload = _guard.Ask();
        overload = overload != Overload.None && !endpoint.ServesOverloaded ? overload
            : gate is { IsFull: true } ? Overload.Route
            : Overload.None;
        if (overload == Overload.None)
        {
            return false;
        }

        Server.Shed(overload, Channel.Loop);
        ErrorAnswers.Write(this, ErrorAnswers.Unavailable(this));
        return true;
    }

    // Middleware adds its hooks from the outside in; what is nearer to the handler runs first.
    private void Prepare(Response response)
    {
        for (int i = _added?.Count ?? 0; i > 0; i--)
        {
            _added![i - 1](_request, response);
        }

        _hook!(_request, response);
    }

    private void SetHook(Action<Request?, Response>? hook)
    {
        if ((hook ?? _hook) is not null) // nearly never: else nothing is written
        {
            _hook = hook;
            _added?.Clear();
            Writer.OnPrepare = hook is null ? null : PrepareCallback;
        }
    }
}
