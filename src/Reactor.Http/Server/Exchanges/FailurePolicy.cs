using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// What a failure means for the response: another response if none has begun or all of it can be
/// taken back, nothing if it is whole, and otherwise a reset, behind the responses ahead of it.
/// </summary>
/// <remarks>Loop thread only; it waits for nothing.</remarks>
internal static class FailurePolicy
{
    public static void OnThrown(RequestContext request, Exception error, CancelReason why)
    {
        ResponseWriter writer = request.Writer;
        if (why != CancelReason.None && error is OperationCanceledException)
        {
            OnCancelled(request, why);
        }
        else if (request.Channel.AskPeer() != PeerState.Present)
        {
            // Most likely that is why the handler failed.
            if (error is not (RequestBodyException or OperationCanceledException))
            {
                request.Server.Lines.HandlerThrewAlone(request.Line, error);
            }

            writer.EndConnection();
        }
        else if (error is RequestQueryException && !writer.HasBegun)
        {
            writer.Write(ErrorAnswers.OfContent(error, request.Server.Options.DevMode));
        }
        else if (error is RequestBodyException { Reason: var reason }
            && (reason != Rejection.None || !writer.HasBegun))
        {
            OnBodyRejected(request, error, reason);
        }
        else
        {
            OnFault(request, error);
        }
    }

    /// <summary>The handler ended before it had written all that its response announced.</summary>
    public static void OnShort(RequestContext request)
    {
        if (request.Channel.AskPeer() != PeerState.Present)
        {
            request.Writer.EndConnection(); // the handler has seen that nothing more is sent
        }
        else if (TryTakeBack(request.Writer))
        {
            request.Server.Lines.ResponseShort(request.Line, "its response is 500");
            request.Writer.Write(ErrorAnswers.Plain(500));
        }
        else
        {
            request.Server.Lines.ResponseShort(request.Line, "the connection is reset");
            EndBegun(request);
        }
    }

    private static void OnFault(RequestContext request, Exception error)
    {
        ClientLines lines = request.Server.Lines;
        ResponseWriter writer = request.Writer;
        if (TryTakeBack(writer))
        {
            lines.HandlerThrew(request.Line, 500, error);
            writer.Write(ErrorAnswers.OfException(error, request.Server.Options.DevMode));
            return;
        }

        if (writer.Sink.IsWhole)
        {
            lines.HandlerThrew(request.Line, writer.Status, error);
        }
        else
        {
            lines.HandlerBrokeOff(request.Line, writer.Status, error);
        }

        EndBegun(request);
    }

    /// <summary>The fault is the client's, and was reported.</summary>
    private static void OnBodyRejected(RequestContext request, Exception error, Rejection reason)
    {
        if (!TryTakeBack(request.Writer))
        {
            EndBegun(request);
        }
        else if (reason == Rejection.None)
        {
            request.Writer.Write(ErrorAnswers.OfContent(error, request.Server.Options.DevMode));
        }
        else
        {
            request.Refuse(reason);
        }
    }

    private static void OnCancelled(RequestContext request, CancelReason why)
    {
        HttpServerOptions options = request.Server.Options;
        request.Writer.EndConnection();
        if (why == CancelReason.Late)
        {
            request.Server.Lines.HandlerLate(request.Line, options.Times.HandlerTimeout);
        }

        if (why == CancelReason.ClientGone)
        {
            request.Channel.Abort();
        }
        else if (!TryTakeBack(request.Writer))
        {
            EndBegun(request);
        }
        else
        {
            request.Writer.Write(why == CancelReason.Shutdown
                ? ErrorAnswers.Unavailable(options.Overload.RetryAfter)
                : ErrorAnswers.Plain(503));
        }
    }

    private static bool TryTakeBack(ResponseWriter writer) =>
        !writer.HasBegun || writer.TryTakeBack();

    /// <summary>Ends a response that is whole, and cuts off one that is not.</summary>
    private static void EndBegun(RequestContext request)
    {
        ResponseWriter writer = request.Writer;
        if (writer.Sink.IsWhole)
        {
            writer.Sink.End();
            return;
        }

        writer.Sink.Close();
        writer.EndConnection();
        request.Channel.Break(writer.BeganAt);
    }
}
