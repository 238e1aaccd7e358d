using System.IO.Pipelines;
using Reactor.Drivers;
using Reactor.Http.Protocol;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// Serves the requests of one connection in order: parses what is in the buffer, awaits handlers,
/// writes responses, and flushes once when no complete request is left.
/// </summary>
/// <remarks>
/// Loop thread only; one task, in which the handlers run. Nothing is parsed ahead of the request
/// that is served. An idle connection is this object and its task; an <see cref="Exchange"/> is
/// borrowed with the first byte and returned before the wait for the next request. After ambiguous
/// input it answers, lingers and closes; it never resynchronises.
/// </remarks>
internal sealed class HttpConnection(ConnectionHost host, Connection connection)
    : OpenConnection(connection)
{
    private int _requests;
    private int _turnRequests;

    public override ServerContext Server => host.Context;

    public override int RequestCount => _requests;

    /// <summary>Serves until the connection ends.</summary>
    /// <remarks>The common path calls no coroutine: each call costs a frame.</remarks>
    public async Coroutine ServeAsync()
    {
        Begin();
        bool isOver = false;
        try
        {
            while (State < ConnectionState.Ending)
            {
                switch (State)
                {
                    case ConnectionState.Handler:
                        if (Exchange!.Begin(MayBeKept()) is { } handler)
                        {
                            try
                            {
                                // Two statements: one would keep the exchange in the frame.
                                Response response = await handler(Exchange.Request);
                                if (!Exchange.TryWrite(response))
                                {
                                    await Exchange.SendAsync(response);
                                }
                            }
                            catch (Exception error) when (!Exchange.Run.IsFromOutside(error))
                            {
                                Exchange.Fail(error);
                            }

                            Exchange.EndRequest();
                        }

                        if (!TrySettle(Exchange))
                        {
                            await Settle(Exchange);
                        }

                        break;
                    case ConnectionState.Draining:
                        await Drain(Exchange!);
                        break;
                    default:
                        if (TakeTurnEnd())
                        {
                            await FlushAsync();
                            await EventLoop.Yield(); // other connections have their turn
                        }
                        else if (!TryReadHead())
                        {
                            if (!TryFlush())
                            {
                                await FlushAsync();
                            }
                            else if (MayWait(out OperationAwaitable readable))
                            {
                                await readable;
                            }
                        }

                        break;
                }
            }

            await LingeringClose.RunAsync(this);
            isOver = true;
        }
        finally
        {
            Finish(isOver);
        }
    }

    /// <summary>True, once, when other connections must run before more is read.</summary>
    private bool TakeTurnEnd()
    {
        if (_turnRequests < Options.Limits.RequestsPerTurn || !MayRead)
        {
            return false;
        }

        _turnRequests = 0;
        return true;
    }

    /// <summary>False if another step than a wait for input is next.</summary>
    private bool MayWait(out OperationAwaitable readable)
    {
        readable = default;
        if (Connection.IsOutputBroken)
        {
            return false;
        }

        MayRead = true;
        readable = Connection.WaitReadableAsync();
        _turnRequests = readable.IsCompleted ? Options.Limits.RequestsPerTurn : 0;
        return !readable.IsCompleted && MayIdle();
    }

    /// <summary>Parses the input; false if more of a head is needed.</summary>
    private bool TryReadHead()
    {
        if (IsClosed || Connection.IsOutputBroken)
        {
            Move(IsClosed ? ConnectionEvent.InputEnded : ConnectionEvent.OutputBroken);
            return true;
        }

        if (!MayRead) // a receive would be wasted
        {
            return false;
        }

        ParseStatus status = ParseStatus.NeedMore;
        if (Connection.TryReadPiece(out ReadOnlySpan<byte> piece))
        {
            status = BeginExchange().Parse(piece);
        }

        if (status == ParseStatus.NeedMore)
        {
            // Another piece may follow, or the end.
            if (!Connection.Input.TryRead(out ReadResult read))
            {
                return false;
            }

            if (read.Buffer.IsEmpty)
            {
                Connection.Input.AdvanceTo(read.Buffer.End);
                Move(ConnectionEvent.InputEnded);
                return true;
            }

            status = BeginExchange().Parse(read);
            if (status == ParseStatus.NeedMore && !read.IsCompleted)
            {
                MayRead = false;
                return false;
            }
        }

        Conclude(Exchange!, status);
        return true;
    }

    private Exchange BeginExchange()
    {
        Exchange exchange = Exchange ??= host.Exchanges.Rent(this, LoopTask.Current);
        exchange.Record.Begin();
        Move(ConnectionEvent.Bytes);
        return exchange;
    }

    private void Conclude(Exchange exchange, ParseStatus status)
    {
        switch (status)
        {
            case ParseStatus.Done:
                Move(ConnectionEvent.HeadDone);
                IsHeadTimed = false;
                ClearDeadline(DeadlineKind.Phase);
                break;
            case ParseStatus.Rejected:
                Move(ConnectionEvent.Refused);
                exchange.RefuseHead(exchange.Parser.Rejection, exchange.Parser.RejectionOffset);
                break;
            default:
                Move(ConnectionEvent.InputEnded);
                break;
        }
    }

    /// <summary>Counts a request, and says whether another may follow it.</summary>
    private bool MayBeKept()
    {
        _requests++;
        _turnRequests++;
        return !Server.IsShuttingDown
            && !(_requests >= Options.Limits.RequestsPerConnectionMax)
            && (Options.Times.ConnectionAgeMax is not { } age
                || Loop.TurnTime - Extras.Born <= age);
    }

    /// <summary>Becomes idle unless a request has begun; false if it was closed.</summary>
    private bool MayIdle()
    {
        bool wasServed = State == ConnectionState.Ready;
        Move(ConnectionEvent.Waits);
        if (State == ConnectionState.Head)
        {
            if (!IsHeadTimed)
            {
                IsHeadTimed = true;
                SetDeadline(DeadlineKind.Phase, AfterTurn(Options.Times.HeaderTimeout));
            }

            return true;
        }

        ReturnExchange();
        if (Server.IsShuttingDown && !HasBegun)
        {
            TryCloseIdle(ConnectionEvent.Shutdown);
            return !IsClosed && !HasBegun && State != ConnectionState.Ending;
        }

        if (wasServed)
        {
            if (TryMoveSpan())
            {
                host.Connections.MoveToEnd(this);
            }

            SetDeadline(DeadlineKind.Phase, AfterTurn(Options.Times.KeepAliveTimeout));
        }

        return !IsClosed;
    }

    /// <summary>
    /// See <see cref="Exchange.IsSettled"/>. Responses are coalesced within a turn; after a handler
    /// that has waited they are sent, which also detects a client that has left.
    /// </summary>
    private bool TrySettle(Exchange exchange)
    {
        exchange.Record.End();
        NoteInput();
        bool isSettled = exchange.IsSettled;
        if (isSettled)
        {
            Move(ConnectionEvent.Answered);
        }

        if (exchange.HasWaited)
        {
            TryFlush();
        }

        return isSettled;
    }

    private async Coroutine Settle(Exchange exchange)
    {
        bool keepsAlive = exchange.Writer.KeepsAlive;
        if (keepsAlive && Output.UnflushedBytes >= Options.Limits.FlushBytes)
        {
            await FlushAsync();
        }

        Move(!keepsAlive ? ConnectionEvent.AnsweredLast
            : !IsClosed && Connection.IsOutputBroken ? ConnectionEvent.OutputBroken
            : exchange.Body.IsDone ? ConnectionEvent.Answered
            : ConnectionEvent.BodyLeft);
    }

    private async Coroutine Drain(Exchange exchange)
    {
        bool isDrained = await exchange.Body.DrainAsync(Options.Limits.DrainBytesMax);
        NoteInput();
        Move(isDrained ? ConnectionEvent.Drained : ConnectionEvent.NotDrained);
        if (isDrained)
        {
            exchange.Record.Keep();
        }
    }

    private void NoteInput() => MayRead = Connection.UnreadBytes > 0 || Connection.HasInputEnded;

    private void Begin()
    {
        host.Add(this);
        TellState();
        if (Options.Times.ConnectionAgeMax is not null)
        {
            Extras.Born = Loop.TurnTime;
        }

        HasBegun = Server.IsShuttingDown; // it came out of the backlog
        SetDeadline(DeadlineKind.Phase, Loop.MomentAfter(
            HasBegun ? Options.Shutdown.FirstByteTimeout : Options.Times.FirstByteTimeout));
    }

    /// <summary>Ends the connection with its task.</summary>
    /// <param name="isOver">
    /// False if the task was ended from outside: an incomplete response must not look complete.
    /// </param>
    private void Finish(bool isOver)
    {
        if (isOver)
        {
            Exchange?.Record.Close();
            Connection.Close(Server.IsShuttingDown ? CloseReason.Shutdown : CloseReason.Local);
        }
        else if (Output.UnflushedBytes > 0 || Exchange?.Writer.IsOpen == true)
        {
            Abort();
        }

        host.Remove(this);
        Move(ConnectionEvent.Closed);
        EndDeadlines(); // a background send that ends later must arm none
        Exchange?.Run.Finish();
        Exchange?.Record.End();
        Exchange?.Record.Close();
        ReturnExchange();
    }

    private void ReturnExchange()
    {
        if (Exchange is { } exchange)
        {
            Exchange = null;
            host.Exchanges.Return(exchange);
        }
    }
}
