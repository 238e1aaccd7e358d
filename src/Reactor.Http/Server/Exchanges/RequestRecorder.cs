using System.Buffers;
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

    private PendingRecord? _open;
    private PendingRecord? _first;
    private PendingRecord? _last;

    private Connection Connection => request.Channel.Connection;

    private ServerContext Server => request.Server;

    /// <summary>A request has begun; idempotent.</summary>
    public void Begin()
    {
        if (_open is not null || (Server.AccessLog is null && !HttpMetrics.WantsRequests))
        {
            return;
        }

        _open = Server.Records.Rent();
        _open.BegunAt = Connection.Loop.Time;
        _open.WrittenBefore = request.Channel.WrittenBytes;
        request.Writer.Reset();
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
        if (_open is not { } record)
        {
            return;
        }

        _open = null;
        ResponseWriter writer = request.Writer;
        Rejection body = writer.HasHead ? request.Body.Rejection : Rejection.None;
        record.BytesIn += writer.HasHead ? request.Body.Input.WireBytes : 0;
        record.IsBodyLate = body == Rejection.BodyTooSlow;
        record.IsBodyCut = record.IsBodyLate || body == Rejection.BodyIncomplete;
        record.IsHeadCut = !writer.HasHead && writer.Status == 0;
        record.MayBeLast = !(writer.KeepsAlive && writer.HasHead && request.Body.IsDone);
        record.Status = writer.Status;
        record.BodyBytes = writer.Sink.BodyBytes;
        record.WrittenAfter = writer.Sink.HasEnded && !Connection.IsOutputBroken
            ? request.Channel.WrittenBytes
            : PendingRecord.Never;
        if (Server.AccessLog is not null && (writer.HasHead || record.HasLine))
        {
            RequestHead head = request.Head;
            record.Method = head.Method == KnownMethod.Other
                ? Encoding.Latin1.GetString(head.MethodBytes)
                : KnownMethods.Name(head.Method);
            record.Path = Encoding.Latin1.GetString(head.Path);
            record.Protocol = s_protocols[head.VersionMinor];
            record.Route = writer.HasHead ? request.Pattern : null;
        }

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
            Server.Records.Return(record);
        }
    }

    private void Tell(PendingRecord record, RequestOutcome outcome)
    {
        TimeSpan duration = Connection.Loop.Time - record.BegunAt;
        HttpMetrics.Requested(record.Status, outcome, duration);
        if (Server.AccessLog is not { } log)
        {
            return;
        }

        try
        {
            log(record.ToRecord(Connection, duration, outcome));
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
