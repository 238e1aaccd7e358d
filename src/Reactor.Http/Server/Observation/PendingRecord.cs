using Reactor.Net;

namespace Reactor.Http;

/// <summary>The record of a request that has begun and whose end is not known yet.</summary>
/// <remarks>Loop thread only. Pooled; has text only for an access log.</remarks>
internal sealed class PendingRecord
{
    /// <summary>The response is incomplete or could not be written.</summary>
    public const long Never = long.MaxValue;

    public PendingRecord? Next;

    public TimeSpan BegunAt;

    /// <summary>Bytes written to the connection before the request.</summary>
    public long WrittenBefore;

    /// <summary>The same after the whole response, or <see cref="Never"/>.</summary>
    public long WrittenAfter;

    public string Method = "";

    public string Path = "";

    public string Protocol = "";

    public string? Route;

    public int Status;

    public long BodyBytes;

    public long BytesIn;

    /// <summary>True once the head holds the request line.</summary>
    public bool HasLine;

    /// <summary>True if the body ended too early or was late.</summary>
    public bool IsBodyCut;

    /// <summary>True if the server ended the body, which was too slow.</summary>
    public bool IsBodyLate;

    /// <summary>True if the head ended too early for an answer.</summary>
    public bool IsHeadCut;

    /// <summary>True while the connection may close because of this request.</summary>
    public bool MayBeLast;

    public void Clear()
    {
        Next = null;
        (Method, Path, Protocol, Route) = ("", "", "", null);
        (Status, BodyBytes, BytesIn) = (0, 0, 0);
        (HasLine, IsBodyCut, IsBodyLate) = (false, false, false);
        (IsHeadCut, MayBeLast) = (false, false);
    }

    public AccessRecord ToRecord(
        Connection connection, TimeSpan duration, RequestOutcome outcome) => new()
        {
            Method = Method,
            Path = Path,
            Route = Route,
            Protocol = Protocol,
            Peer = connection.RemoteEndPoint,
            Status = Status,
            BodyBytes = BodyBytes,
            BytesIn = BytesIn,
            BytesOut = Math.Max(0, Math.Min(connection.SentBytes, WrittenAfter) - WrittenBefore),
            Duration = duration,
            Outcome = outcome,
        };
}
