using System.Text;
using Reactor.Http.Protocol;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// Keeps the one record of the request that a connection serves: begun with its first byte, ended
/// once, whatever ends it. While nobody wants records it is a test of two fields.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class RequestRecorder(HttpServer server, Exchange exchange)
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
        _begunAt = exchange.Connection.Loop.Time;
        exchange.Writer.Forget();
    }

    /// <summary>The request is over; again, or without a begin, is harmless.</summary>
    public void End()
    {
        if (!_isOpen)
        {
            return;
        }

        _isOpen = false;
        TimeSpan duration = exchange.Connection.Loop.Time - _begunAt;
        HttpMetrics.Requested(exchange.Writer.Status, duration);
        if (server.AccessLog is not { } log)
        {
            return;
        }

        var record = new AccessRecord(
            exchange.Writer.HasHead ? Encoding.Latin1.GetString(exchange.Head.MethodBytes) : "",
            exchange.Writer.HasHead ? Encoding.Latin1.GetString(exchange.Head.Path) : "",
            exchange.Writer.Status,
            exchange.Writer.BodyBytes,
            duration,
            Outcome());
        try
        {
            log(record);
        }
        catch (Exception error)
        {
            // A log that fails must not end the connection whose request it was told of.
            server.Lines.AccessLogThrew(exchange.Connection.Loop, error);
        }
    }

    private RequestOutcome Outcome()
    {
        bool isCutOff = exchange.Writer.HasHead
            && exchange.Body.Rejection is Rejection.BodyIncomplete or Rejection.BodyTooSlow;
        if (exchange.Writer.HasEnded && !exchange.Connection.IsOutputBroken && !isCutOff)
        {
            return RequestOutcome.Complete;
        }

        bool isOurs = exchange.Connection.CloseReason switch
        {
            CloseReason.PeerReset => false,
            // A peer that only ended its own stream was listening still: if all of its request was
            // there, and it did not go away since, who gave no answer were we.
            CloseReason.PeerClosed => exchange.Writer is { HasHead: true, HasEnded: false }
                && !isCutOff
                && (exchange.Connection.IsClosed || !exchange.Connection.IsOutputBroken),
            _ => true,
        };
        return isOurs ? RequestOutcome.AbortedByServer : RequestOutcome.AbortedByClient;
    }
}
