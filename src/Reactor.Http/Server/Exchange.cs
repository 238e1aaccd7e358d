using System.Text;
using Microsoft.Extensions.Logging;
using Reactor.Http.Protocol;
using Reactor.Http.Routing;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// The request that a connection serves and its answer: finds the handler, writes what it returned,
/// and turns what went wrong into the one answer that is still possible, or into a reset. Reused
/// for each request; it waits for nothing.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class Exchange(
    HttpServer server,
    Connection connection,
    ConnectionLife life,
    RequestHead head,
    RequestBody body,
    ResponseWriter writer)
{
    private Request? _request;
    private StreamResponse? _stream;

    /// <summary>True if the body did not come in time: its reader was told that it ended.</summary>
    public bool IsBodyLate { get; set; }

    /// <summary>What the handler gets.</summary>
    public Request Request => _request!;

    /// <summary>
    /// Finds the handler of the request in the head; null if it is answered already.
    /// </summary>
    public Func<Request, Coroutine<Response>>? Begin(HttpConnection owner)
    {
        _stream = null;
        writer.Begin(head, head.KeepAlive && life.MayBeKept());
        RouteMatch<Route> match = RequestRouting.Match(server.Application.Router, head);
        Route? route = match.Handler;
        long bodyBytesMax = route?.Options?.BodyBytesMax ?? server.Options.Limits.BodyBytesMax;
        if (body.Start(head, bodyBytesMax) == BodyStatus.Rejected)
        {
            Refuse(body.Rejection);
            return null;
        }

        if (route is null)
        {
            writer.Write(RequestRouting.AnswerWithoutHandler(match, head));
            return null;
        }

        _request = new Request(owner, head, body, match.Values);
        return route.Handler;
    }

    /// <summary>Writes what the handler returned, or ends what it streamed.</summary>
    public void End(Response? response)
    {
        switch (response)
        {
            case null:
                throw new InvalidOperationException("The handler returned no response.");
            case StreamResponse { IsPrepared: false }:
                throw new InvalidOperationException(
                    "A StreamResponse must be prepared by its handler.");
            case not null when (writer.HasBegun || response is StreamResponse)
                && !ReferenceEquals(response, _stream):
                throw new InvalidOperationException(
                    "The handler returned another response than the one that it had begun.");
            case StreamResponse { IsComplete: false } when !writer.IsBodiless:
                HttpLog.ResponseBroken(
                    server.Logger, MethodText, PathText, "less than it announced");
                connection.Abort();
                break;
            case StreamResponse stream:
                stream.End();
                break;
            default:
                writer.Write(response);
                break;
        }
    }

    /// <summary>The handler ended with an exception.</summary>
    /// <param name="error">What it threw.</param>
    /// <param name="why">Whether we had cancelled it.</param>
    public void Fail(Exception error, Interruption why)
    {
        if (why != Interruption.None && error is OperationCanceledException)
        {
            FailInterrupted(why);
            return;
        }

        if (error is RequestBodyException { Reason: var reason }
            && (reason != Rejection.None || !writer.HasBegun))
        {
            FailOfBody(error, reason);
            return;
        }

        // One that only ended its own stream still listens.
        if (connection.IsOutputBroken
            || connection.CloseReason is not (CloseReason.None or CloseReason.PeerClosed))
        {
            // The client is gone, and most likely that is why the handler failed.
            writer.GiveUp();
            return;
        }

        HttpLog.HandlerThrew(server.Logger, MethodText, PathText, 500, error);
        if (writer.HasBegun)
        {
            connection.Abort();
        }
        else
        {
            writer.Write(ErrorAnswers.OfException(error, IsDev));
        }
    }

    /// <summary>
    /// The fault is the client's, and was reported: it is no failure of the handler.
    /// </summary>
    private void FailOfBody(Exception error, Rejection reason)
    {
        if (writer.HasBegun)
        {
            connection.Abort(); // of an answer that was begun the reset is all that can be said
        }
        else if (reason == Rejection.None)
        {
            writer.Write(ErrorAnswers.OfContent(error, IsDev));
        }
        else
        {
            Refuse(reason);
        }
    }

    private void FailInterrupted(Interruption why)
    {
        writer.GiveUp();
        if (why == Interruption.Late)
        {
            HttpLog.HandlerLate(
                server.Logger, MethodText, PathText, server.Options.HandlerTimeout);
        }

        if (why == Interruption.ClientGone || writer.HasBegun)
        {
            connection.Abort();
        }
        else
        {
            writer.Write(ErrorAnswers.Plain(503));
        }
    }

    /// <summary>
    /// Answers what cannot be served and was reported; the connection ends after it.
    /// </summary>
    public void Refuse(Rejection reason)
    {
        writer.GiveUp();
        writer.Write(ErrorAnswers.OfRejection(RejectionTable.Get(reason), IsDev));
    }

    /// <summary>
    /// Counts what was refused, whatever becomes of the request, and says it, if not too much was
    /// said lately.
    /// </summary>
    public void Report(Rejection reason, long offset)
    {
        RejectionInfo info = RejectionTable.Get(reason);
        HttpMetrics.Rejected(info.Id);
        if (!server.Logger.IsEnabled(LogLevel.Debug)
            || !server.RefusalLines.TryTake(connection.Loop.Time, out long suppressed))
        {
            return;
        }

        if (suppressed > 0)
        {
            HttpLog.RefusalsNotLogged(server.Logger, suppressed);
        }

        HttpLog.Refused(
            server.Logger, connection.RemoteEndPoint, offset, info.Id, info.Clause, info.Sentence);
    }

    /// <summary>The handler sends its answer in pieces.</summary>
    public void BeginStream(StreamResponse response)
    {
        writer.BeginStream(response);
        _stream = response;
    }

    private bool IsDev => server.Options.DevMode;

    private string MethodText => Encoding.Latin1.GetString(head.MethodBytes);

    private string PathText => Encoding.Latin1.GetString(head.Path);
}
