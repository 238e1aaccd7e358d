// The legal moves of a connection, as one table: state x event -> state, with the name of what is
// done on the way. What is not in it is a mistake of ours: the connection is killed and the mistake
// is logged, in Release too, and nobody else notices. docs/http-connection.md is drawn from it.
namespace Reactor.Http;

/// <summary>Where a connection stands.</summary>
internal enum ConnectionState : byte
{
    /// <summary>Accepted; not a byte has come.</summary>
    New,

    /// <summary>Between two requests; nothing is there.</summary>
    Idle,

    /// <summary>A byte of a request has come, and its head is not whole.</summary>
    Head,

    /// <summary>A request is answered, mostly by its handler.</summary>
    Handler,

    /// <summary>Answered; the rest of its body is read and dropped.</summary>
    Draining,

    /// <summary>Answered; the next request may be in the buffer already.</summary>
    Ready,

    /// <summary>No request follows; what was written is sent.</summary>
    Ending,

    /// <summary>Our stream has ended; what still comes is dropped.</summary>
    Lingering,

    /// <summary>Closed; the task may not have noticed.</summary>
    Closed,
}

/// <summary>What can happen to a connection.</summary>
internal enum ConnectionEvent : byte
{
    /// <summary>Bytes of a request are in the buffer.</summary>
    Bytes,

    /// <summary>The peer has ended its stream, or the connection has failed.</summary>
    InputEnded,

    /// <summary>The head of a request is whole.</summary>
    HeadDone,

    /// <summary>The head breaks a rule.</summary>
    Refused,

    /// <summary>The answer is written and another request may follow.</summary>
    Answered,

    /// <summary>The answer is written and the connection is not kept.</summary>
    AnsweredLast,

    /// <summary>The answer is written and a part of the body was not read.</summary>
    BodyLeft,

    /// <summary>The rest of the body was dropped.</summary>
    Drained,

    /// <summary>The rest of the body is too long, malformed or missing.</summary>
    NotDrained,

    /// <summary>Everything is served and sent: the task waits for more.</summary>
    Waits,

    /// <summary>Everything was sent.</summary>
    Flushed,

    /// <summary>No first byte, or no next request, came in time.</summary>
    IdleTimeout,

    /// <summary>The head did not come in time.</summary>
    HeadTimeout,

    /// <summary>The body comes too slowly.</summary>
    BodyTimeout,

    /// <summary>The handler takes too long.</summary>
    HandlerTimeout,

    /// <summary>The peer takes what we send too slowly.</summary>
    SendTimeout,

    /// <summary>
    /// An idle connection is to be closed, and the peer has not acknowledged all that it was sent.
    /// </summary>
    Undelivered,

    /// <summary>The peer did not end its stream in time.</summary>
    LingerTimeout,

    /// <summary>The client is gone while its request is answered.</summary>
    ClientGone,

    /// <summary>The client can be sent nothing more: found out between two requests.</summary>
    OutputBroken,

    /// <summary>The server is full, and another client waits to be let in.</summary>
    RoomNeeded,

    /// <summary>The server shuts down.</summary>
    Shutdown,

    /// <summary>The connection is closed, by whomever.</summary>
    Closed,
}

/// <summary>One row of the table.</summary>
/// <param name="From">The state before.</param>
/// <param name="Event">What happens.</param>
/// <param name="To">The state afterwards.</param>
/// <param name="Action">What is done on the way.</param>
internal sealed record ConnectionMove(
    ConnectionState From, ConnectionEvent Event, ConnectionState To, string Action);

/// <summary>The table. Immutable; any thread.</summary>
internal static class ConnectionStates
{
    private const byte Illegal = byte.MaxValue;

    private static readonly ConnectionMove[] s_rows = [.. Opening(), .. Serving(), .. Closing()];

    private static readonly int s_events = Enum.GetValues<ConnectionEvent>().Length;

    private static readonly byte[] s_next = Index();

    /// <summary>Every legal move.</summary>
    public static ReadOnlySpan<ConnectionMove> Rows => s_rows;

    /// <summary>Moves if the table allows it.</summary>
    public static bool TryMove(ref ConnectionState state, ConnectionEvent happened)
    {
        byte next = s_next[((int)state * s_events) + (int)happened];
        if (next == Illegal)
        {
            return false;
        }

        state = (ConnectionState)next;
        return true;
    }

    /// <summary>Before a request is known, and where there is none.</summary>
    private static IEnumerable<ConnectionMove> Opening()
    {
        foreach (ConnectionState waiting in new[] { ConnectionState.New, ConnectionState.Idle })
        {
            yield return new(waiting, ConnectionEvent.Waits, waiting, "wait");
            yield return new(waiting, ConnectionEvent.Bytes, ConnectionState.Head, "parse");
            yield return new(
                waiting, ConnectionEvent.InputEnded, ConnectionState.Ending, "flush");
            yield return new(
                waiting, ConnectionEvent.IdleTimeout, ConnectionState.Closed, "close silently");
            yield return new(
                waiting, ConnectionEvent.RoomNeeded, ConnectionState.Closed, "close silently");
            yield return new(
                waiting, ConnectionEvent.Shutdown, ConnectionState.Closed, "close silently");
            yield return new(
                waiting, ConnectionEvent.Undelivered, ConnectionState.Ending, "deliver first");
        }

        ConnectionState head = ConnectionState.Head;
        yield return new(head, ConnectionEvent.Waits, head, "wait for the rest");
        yield return new(head, ConnectionEvent.Bytes, head, "parse on");
        yield return new(
            head, ConnectionEvent.HeadDone, ConnectionState.Handler, "call the handler");
        yield return new(
            head, ConnectionEvent.Refused, ConnectionState.Ending, "answer 4xx or 5xx");
        yield return new(head, ConnectionEvent.HeadTimeout, ConnectionState.Ending, "answer 408");
        yield return new(head, ConnectionEvent.InputEnded, ConnectionState.Ending, "drop the part");
    }

    /// <summary>While a request is answered, and just after it.</summary>
    private static IEnumerable<ConnectionMove> Serving()
    {
        ConnectionState handler = ConnectionState.Handler;
        yield return new(
            handler,
            ConnectionEvent.BodyTimeout,
            handler,
            "end the body: 408 if the handler gives no other answer");
        yield return new(
            handler, ConnectionEvent.HandlerTimeout, handler, "cancel the handler: 503 or reset");
        yield return new(handler, ConnectionEvent.ClientGone, handler, "tell the handler");
        yield return new(handler, ConnectionEvent.Answered, ConnectionState.Ready, "go on");
        yield return new(handler, ConnectionEvent.BodyLeft, ConnectionState.Draining, "drain");
        yield return new(
            handler, ConnectionEvent.AnsweredLast, ConnectionState.Ending, "flush");
        ConnectionState draining = ConnectionState.Draining;
        yield return new(draining, ConnectionEvent.BodyTimeout, draining, "end the body");
        yield return new(draining, ConnectionEvent.Drained, ConnectionState.Ready, "go on");
        yield return new(draining, ConnectionEvent.NotDrained, ConnectionState.Ending, "flush");
        ConnectionState ready = ConnectionState.Ready;
        yield return new(ready, ConnectionEvent.Bytes, ConnectionState.Head, "parse");
        yield return new(ready, ConnectionEvent.Waits, ConnectionState.Idle, "give back buffers");
        yield return new(ready, ConnectionEvent.InputEnded, ConnectionState.Ending, "flush");
    }

    /// <summary>The way to the end, and what may still come after it.</summary>
    private static IEnumerable<ConnectionMove> Closing()
    {
        yield return new(
            ConnectionState.Ending, ConnectionEvent.Flushed, ConnectionState.Lingering, "send FIN");
        yield return new(
            ConnectionState.Lingering, ConnectionEvent.LingerTimeout, ConnectionState.Closed,
            "close");
        foreach (ConnectionState sending in new[]
        {
            ConnectionState.Head,
            ConnectionState.Handler,
            ConnectionState.Draining,
            ConnectionState.Ready,
            ConnectionState.Ending,
            ConnectionState.Lingering,
        })
        {
            yield return new(
                sending, ConnectionEvent.SendTimeout, ConnectionState.Closed, "reset");
        }

        foreach (ConnectionState between in new[]
        {
            ConnectionState.Idle,
            ConnectionState.Head,
            ConnectionState.Handler,
            ConnectionState.Ready,
        })
        {
            yield return new(
                between, ConnectionEvent.OutputBroken, ConnectionState.Ending,
                "serve nothing more");
        }

        foreach (ConnectionState open in Enum.GetValues<ConnectionState>())
        {
            yield return new(
                open, ConnectionEvent.Closed, ConnectionState.Closed, "give back everything");
        }

        // The connection is closed under a task that waits elsewhere, and ends its step first.
        foreach (ConnectionEvent late in new[]
        {
            ConnectionEvent.Answered,
            ConnectionEvent.AnsweredLast,
            ConnectionEvent.BodyLeft,
            ConnectionEvent.Drained,
            ConnectionEvent.NotDrained,
            ConnectionEvent.Waits,
            ConnectionEvent.Flushed,
            ConnectionEvent.ClientGone,
            ConnectionEvent.HandlerTimeout,
        })
        {
            yield return new(
                ConnectionState.Closed, late, ConnectionState.Closed, "nothing: it is over");
        }
    }

    private static byte[] Index()
    {
        byte[] next = new byte[Enum.GetValues<ConnectionState>().Length * s_events];
        next.AsSpan().Fill(Illegal);
        foreach (ConnectionMove row in s_rows)
        {
            next[((int)row.From * s_events) + (int)row.Event] = (byte)row.To;
        }

        return next;
    }
}
