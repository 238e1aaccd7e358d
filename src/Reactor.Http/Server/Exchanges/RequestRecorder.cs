using System.Buffers;
using System.Diagnostics;
using System.Text;
using Reactor.Http.Protocol;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// Keeps a record of each request of which a byte came: open while it is served, then waiting, in
/// order, until its end is known. That is when the kernel has taken the response, or, if the
/// connection ends, when the client has acknowledged it or never will.
/// </summary>
/// <remarks>
/// Loop thread only. It allocates only what an access log gets. No record waits when the exchange
/// is returned: all is sent then.
/// </remarks>
internal sealed class RequestRecorder(RequestContext request)
{
    private static readonly string[] s_protocols =
        [.. Enumerable.Range(0, 10).Select(minor => $"HTTP/1.{minor}")];

    // For requests that no route can have, such as malformed ones.
    private static readonly object s_noRoute = new();

    private PendingRecord? _open;
    private RequestCost? _cost;
    private Activity? _span;
    private Exception? _error;
    private PendingRecord? _first;
    private PendingRecord? _last;

    private Connection Connection => request.Channel.Connection;

    private ServerContext Server => request.Server;

    private ServerObservation Observation => request.Server.Observation;

    /// <summary>A request has begun; idempotent.</summary>
    public void Begin()
    {
        if (_open is not null || _cost is not null)
        {
            return;
        }

        if (!Observation.IsOn)
        {
            Observation.End();
            if (HttpTraces.IsOn)
            {
                request.Writer.Reset(null); // a span tells the status, of this request only
            }

            return;
        }

        _cost = Observation.BeginCost(Connection.Loop);
        request.Writer.Reset(_cost);
        if (Observation.WantsRecords)
        {
            _open = Observation.Records.Rent();
            _open.Cost = _cost;
            _open.BegunAt = _cost?.BegunAt ?? Now;
            _open.WrittenBefore = request.Channel.WrittenBytes;
        }
    }

    /// <summary>The head is read, and its endpoint found.</summary>
    public void Dispatch(Endpoint endpoint)
    {
        _cost?.SetRoute(
            Observation.Routes.Of(endpoint, endpoint.Pattern, request.Head.Method));
        _open?.IsActive = HttpMetrics.Active(request.Head.Method, 1);
        if (HttpTraces.IsOn)
        {
            _span = HttpTraces.Begin(request.Head, endpoint.Pattern, Connection);
        }
    }

    /// <summary>The handler has ended with an exception.</summary>
    public void NoteError(Exception error)
    {
        if (_open is not null || _span is not null)
        {
            _error = error;
        }
    }

    public void CountIn(long bytes) => _open?.BytesIn += bytes;

    /// <summary>Keeps the request line of an incomplete head, if it is well-formed.</summary>
    public void KeepLine(ReadOnlySpan<byte> data)
    {
        if (MissesLine(out int bytes))
        {
            request.Head.Adopt(data[..bytes]); // the parser can continue from it
        }
    }

    /// <inheritdoc cref="KeepLine(ReadOnlySpan{byte})"/>
    public void KeepLine(in ReadOnlySequence<byte> data)
    {
        if (MissesLine(out int bytes))
        {
            request.Head.Adopt(bytes <= data.FirstSpan.Length
                ? data.FirstSpan[..bytes]
                : data.Slice(0, bytes).ToArray());
        }
    }

    /// <summary>The response is written, or never will be; idempotent.</summary>
    public void End()
    {
        if (_span is { } span)
        {
            _span = null;
            EndSpan(span);
        }

        EndCost();
        if (_open is not { } record)
        {
            _error = null;
            return;
        }

        _open = null;
        ResponseWriter writer = request.Writer;
        Rejection body = writer.HasHead ? request.Body.Rejection : Rejection.None;
        record.BytesIn += writer.HasHead ? request.Body.Input.WireBytes : 0;
        record.ContentIn = writer.HasHead ? request.Body.Input.ContentBytes : 0;
        record.IsBodyLate = body == Rejection.BodyTooSlow;
        record.IsBodyCut = record.IsBodyLate || body == Rejection.BodyIncomplete;
        record.IsHeadCut = !writer.HasHead && writer.Status == 0;
        record.MayBeLast = !(writer.KeepsAlive && writer.HasHead && request.Body.IsDone);
        record.Status = writer.Status;
        record.BodyBytes = writer.Sink.BodyBytes;
        record.WrittenAfter = writer.Sink.HasEnded && !Connection.IsOutputBroken
            ? request.Channel.WrittenBytes
            : PendingRecord.Never;
        record.Error = _error?.GetType();
        _error = null;
        NoteLine(record, writer.HasHead);
        EndActive(record);

        if (_last is null)
        {
            _first = record;
        }
        else
        {
            _last.Next = record;
        }

        _last = record;
    }

    /// <summary>The rest of the last request was read: another may follow.</summary>
    public void Keep() => _last?.MayBeLast = false;

    /// <summary>The kernel may have taken more; the connection continues.</summary>
    public void OnSent()
    {
        if (_first is not null)
        {
            Settle(Connection.SentBytes, isOver: false);
        }
    }

    /// <summary>
    /// The connection is about to close: only what was acknowledged counts as delivered.
    /// </summary>
    public void Close()
    {
        if (_first is not null)
        {
            long bytes = Connection.IsClosed ? 0
                : request.Channel.Delivery == Delivery.Delivered ? Connection.SentBytes
                : Connection.GetAcknowledgedBytes();
            Settle(bytes, isOver: true);
        }
    }

    private TimeSpan Now =>
        Observation.IsByProgram ? Connection.Loop.Time : Connection.Loop.ObservedTime;

    private void NoteLine(PendingRecord record, bool hasHead)
    {
        if (!hasHead && !record.HasLine)
        {
            return;
        }

        RequestHead head = request.Head;
        record.Known = head.Method;
        record.VersionMinor = head.VersionMinor;
        record.Route = hasHead ? request.Pattern : null;
        if (Observation.AccessLog is not null)
        {
            record.RequestId = request.RequestId;
            record.Method = head.Method == KnownMethod.Other
                ? Encoding.Latin1.GetString(head.MethodBytes)
                : KnownMethods.Name(head.Method);
            record.Path = Encoding.Latin1.GetString(head.Path);
            record.Protocol = s_protocols[head.VersionMinor];
        }
    }

    private static void EndActive(PendingRecord record)
    {
        if (record.IsActive)
        {
            record.IsActive = false;
            HttpMetrics.Active(record.Known, -1);
        }
    }

    private void EndCost()
    {
        if (_cost is not { } cost)
        {
            return;
        }

        _cost = null;
        if (!cost.HasRoute)
        {
            cost.SetRoute(Observation.Routes.Of(s_noRoute, null, KnownMethod.Other));
        }

        cost.End();
        if (_open is null)
        {
            cost.OnTold();
        }
    }

    private void EndSpan(Activity span)
    {
        ResponseWriter writer = request.Writer;
        bool isCut = writer.Status == 0 || !writer.Sink.HasEnded || Connection.IsOutputBroken;
        bool hasFailed = isCut || writer.Status >= 500;
        string? failure = !hasFailed ? null
            : HttpMetrics.ErrorOf(
                _error?.GetType(), writer.Status,
                !isCut ? RequestOutcome.Complete
                : request.Channel.Peer == PeerState.Left ? RequestOutcome.AbortedByClient
                : RequestOutcome.AbortedByServer);
        HttpTraces.End(span, writer.Status, failure, hasFailed ? _error : null);
    }

    private bool MissesLine(out int bytes)
    {
        bytes = request.Parser.LineBytes;
        if (_open is not { HasLine: false } || bytes == 0)
        {
            return false;
        }

        _open.HasLine = true;
        return request.Head.Length < bytes;
    }

    /// <summary>Ends the records whose responses are within so many bytes, or all.</summary>
    private void Settle(long bytes, bool isOver)
    {
        while (_first is { } record
            && (isOver || (!record.MayBeLast && record.WrittenAfter <= bytes)))
        {
            _first = record.Next;
            _last = _first is null ? null : _last;
            Tell(record, OutcomeOf(record, record.WrittenAfter <= bytes));
            Observation.Records.Return(record);
        }
    }

    private void Tell(PendingRecord record, RequestOutcome outcome)
    {
        TimeSpan now = Now;
        TimeSpan duration = now - record.BegunAt;
        RequestTimes times = record.Cost?.TimesAt(now) ?? default;
        record.Cost?.OnTold();
        HttpMetrics.Requested(record, outcome, duration, times);
        if (Observation.AccessLog is not { } log)
        {
            return;
        }

        try
        {
            log(record.ToRecord(Connection, duration, times, outcome));
        }
        catch (Exception error)
        {
            Server.Lines.AccessLogThrew(request.Channel.Loop, error);
        }
    }

    private RequestOutcome OutcomeOf(PendingRecord record, bool isDelivered)
    {
        if (isDelivered && !record.IsBodyCut)
        {
            return RequestOutcome.Complete;
        }

        // A client that has only ended its stream still listens.
        bool isByClient = request.Channel.Peer == PeerState.Left
            || (Connection.CloseReason == CloseReason.PeerClosed
                && (record.IsHeadCut || record.IsBodyCut));
        return isByClient && !record.IsBodyLate
            ? RequestOutcome.AbortedByClient
            : RequestOutcome.AbortedByServer;
    }
}
