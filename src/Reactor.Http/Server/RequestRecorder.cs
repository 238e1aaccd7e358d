using System.Text;
using Reactor.Http.Protocol;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// Keeps the one record of the request that a connection serves: begun with its first byte, ended
/// once, whatever ends it. While nobody wants records it is a test of two fields.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class RequestRecorder(
    HttpServer server,
    Connection connection,
    RequestHead head,
    RequestBody body,
    ResponseWriter writer)
{
    private TimeSpan _begunAt;
    private bool _isOpen;

    /// <summary>Bytes of a request are there; again is harmless.</summary>
    public void Begin()
    {
        if (_isOpen || (server.AccessLog is null && !HttpMetrics.WantsRequests))
        {
            return;
        }

        _isOpen = true;
        _begunAt = connection.Loop.Time;
        writer.Forget();
    }

    /// <summary>The request is over; again, or without a begin, is harmless.</summary>
    public void End()
    {
        if (!_isOpen)
        {
            return;
        }

        _isOpen = false;
        TimeSpan duration = connection.Loop.Time - _begunAt;
        HttpMetrics.Requested(writer.Status, duration);
        if (server.AccessLog is not { } log)
        {
            return;
        }

        var record = new AccessRecord(
            writer.HasHead ? Encoding.Latin1.GetString(head.MethodBytes) : "",
            writer.HasHead ? Encoding.Latin1.GetString(head.Path) : "",
            writer.Status,
            writer.BodyBytes,
            duration,
            Outcome());
        try
        {
            log(record);
        }
        catch (Exception error)
        {
            // A log that fails must not end the connection whose request it was told of.
            HttpLog.AccessLogThrew(server.Logger, error);
        }
    }

    private RequestOutcome Outcome()
    {
        bool isCutOff = writer.HasHead
            && body.Rejection is Rejection.BodyIncomplete or Rejection.BodyTooSlow;
        if (writer.HasEnded && !connection.IsOutputBroken && !isCutOff)
        {
            return RequestOutcome.Complete;
        }

        bool isOurs = connection.CloseReason switch
        {
            CloseReason.PeerReset => false,
            // A peer that only ended its own stream was listening still: if all of its request was
            // there, and it did not go away since, who gave no answer were we.
            CloseReason.PeerClosed => writer.HasHead && !writer.HasEnded && !isCutOff
                && (connection.IsClosed || !connection.IsOutputBroken),
            _ => true,
        };
        return isOurs ? RequestOutcome.AbortedByServer : RequestOutcome.AbortedByClient;
    }
}
