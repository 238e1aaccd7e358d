using Reactor.Http.Protocol;
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

    public KnownMethod Known;

    /// <summary>The minor version of the protocol; -1 without a request line.</summary>
    public int VersionMinor = -1;

    public string Method = "";

    public string Path = "";

    public string Protocol = "";

    public string? Route;

    public string? RequestId;

    public int Status;

    public long BodyBytes;

    public long BytesIn;

    /// <summary>Bytes of the request's content that were read.</summary>
    public long ContentIn;

    /// <summary>The type of the exception that the handler ended with.</summary>
    public Type? Error;

    /// <summary>Null if loop time is not measured.</summary>
    public RequestCost? Cost;

    /// <summary>True while it counts among the active requests of the metric.</summary>
    public bool IsActive;

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
        (Method, Path, Protocol, Route, RequestId) = ("", "", "", null, null);
        (Status, BodyBytes, BytesIn, ContentIn) = (0, 0, 0, 0);
        (Known, VersionMinor, IsActive) = (KnownMethod.Other, -1, false);
        (Error, Cost) = (null, null);
        (HasLine, IsBodyCut, IsBodyLate) = (false, false, false);
        (IsHeadCut, MayBeLast) = (false, false);
    }

    public AccessRecord ToRecord(
        Connection connection, TimeSpan duration, in RequestTimes times, RequestOutcome outcome) =>
        new()
        {
            Method = Method,
            Path = Path,
            Route = Route,
            Protocol = Protocol,
            Peer = connection.RemoteEndPoint,
            RequestId = RequestId,
            Status = Status,
            BodyBytes = BodyBytes,
            BytesIn = BytesIn,
            BytesOut = Math.Max(0, Math.Min(connection.SentBytes, WrittenAfter) - WrittenBefore),
            Duration = duration,
            LoopTime = times.Loop,
            LongestStep = times.Longest,
            Wait = times.Wait,
            Outcome = outcome,
        };
}
