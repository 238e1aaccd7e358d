using System.Net;

namespace Reactor.Http;

/// <summary>
/// The record of a request that has begun and whose end is not known yet.
/// </summary>
/// <remarks>
/// Loop thread only. Pooled; it holds text only for an access log.
/// </remarks>
internal sealed class PendingRecord
{
    /// <summary>The response is not whole, or could not be written: it is never sent.</summary>
    public const long Never = long.MaxValue;

    public PendingRecord? Next;

    public TimeSpan BegunAt;

    /// <summary>Bytes written to the connection before the request.</summary>
    public long WrittenBefore;

    /// <summary>
    /// Bytes written to the connection when the response was whole; or <see cref="Never"/>.
    /// </summary>
    public long WrittenAfter;

    public string Method = "";

    public string Path = "";

    public string Protocol = "";

    public string? Route;

    public int Status;

    public long BodyBytes;

    public long BytesIn;

    /// <summary>True once the request line is in the head of the exchange.</summary>
    public bool HasLine;

    /// <summary>True if the body ended too early, or not in time.</summary>
    public bool IsBodyCut;

    /// <summary>True if it was the server that ended the body, because it was too slow.</summary>
    public bool IsBodyLate;

    /// <summary>True if the head ended too early: there was nothing to answer.</summary>
    public bool IsHeadCut;

    /// <summary>True as long as the connection may be closed because of this request.</summary>
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
        EndPoint? peer, long sentBytes, TimeSpan duration, RequestOutcome outcome) => new()
        {
            Method = Method,
            Path = Path,
            Route = Route,
            Protocol = Protocol,
            Peer = peer,
            Status = Status,
            BodyBytes = BodyBytes,
            BytesIn = BytesIn,
            BytesOut = Math.Max(0, Math.Min(sentBytes, WrittenAfter) - WrittenBefore),
            Duration = duration,
            Outcome = outcome,
        };
}
