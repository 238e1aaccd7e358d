using Reactor.Http.Protocol;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// What a failure means for the response: another one if none has begun or all can be taken back,
/// nothing if it is whole, else a reset, after the responses ahead of it.
/// </summary>
/// <remarks>Loop thread only; never waits.</remarks>
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
            if (error is not OperationCanceledException && !IsOfClient(error)
                && !IsOwnReset(request, error))
            {
                request.Server.Lines.HandlerThrewAlone(request.Line, error);
            }

            writer.EndConnection();
        }
        else if (error is RequestBodyException { Reason: not Rejection.None } body)
        {
            OnBodyRejected(request, body.Reason);
        }
        else if (error is HttpException failure && !writer.HasBegun)
        {
            if (!IsOfClient(failure))
            {
                request.Server.Lines.HandlerThrew(request.Line, failure.Status, failure);
            }

            ErrorAnswers.Write(request, ErrorAnswers.OfFailure(request, failure));
        }
        else if (error is ExecutorFullException && TryTakeBack(writer))
        {
            request.Server.Shed(Overload.Executor, request.Channel.Loop);
            ErrorAnswers.Write(request, ErrorAnswers.Unavailable(request, error));
        }
        else
        {
            OnFault(request, error);
        }
    }

    /// <summary>The handler ended before it wrote all that its response announced.</summary>
    public static void OnShort(RequestContext request)
    {
        if (request.Channel.AskPeer() != PeerState.Present)
        {
            request.Writer.EndConnection(); // the handler may have seen it, and stopped
        }
        else if (TryTakeBack(request.Writer))
        {
            request.Server.Lines.ResponseShort(request.Line, "its response is 500");
            ErrorAnswers.Write(request, ErrorAnswers.OfStatus(request, 500));
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
            ErrorAnswers.Write(request, ErrorAnswers.OfException(request, error));
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

    /// <summary>An answer of the handler's own, or the client's fault: no failure.</summary>
    private static bool IsOfClient(Exception error) =>
        error is HttpException { Status: < 500 } or RequestBodyException;

    /// <summary>The end of a stream whose client has left, not of another connection.</summary>
    private static bool IsOwnReset(RequestContext request, Exception error) =>
        error is ConnectionResetException reset
            && ReferenceEquals(reset.Connection, request.Channel.Connection);

    /// <summary>The client's fault, reported already.</summary>
    private static void OnBodyRejected(RequestContext request, Rejection reason)
    {
        if (TryTakeBack(request.Writer))
        {
            ErrorAnswers.Refuse(request, reason);
        }
        else
        {
            EndBegun(request);
        }
    }

    private static void OnCancelled(RequestContext request, CancelReason why)
    {
        request.Writer.EndConnection();
        if (why == CancelReason.Late)
        {
            request.Server.Lines.HandlerLate(request.Line, request.HandlerTimeout);
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
            ErrorAnswers.Write(request, why == CancelReason.Shutdown
                ? ErrorAnswers.Unavailable(request)
                : ErrorAnswers.OfStatus(request, 503));
        }
    }

    private static bool TryTakeBack(ResponseWriter writer) =>
        !writer.HasBegun || writer.TryTakeBack();

    /// <summary>Ends a whole response, and cuts off another.</summary>
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
