// The legal moves of a connection, as one table: state x event -> state, with the action. Another
// move is a mistake of ours: it is logged and resets the connection, in Release too.
// docs/http-connection.md is generated from this table.
using Event = Reactor.Http.ConnectionEvent;
using State = Reactor.Http.ConnectionState;

namespace Reactor.Http;

/// <summary>The phase of a connection.</summary>
internal enum ConnectionState : byte
{
    /// <summary>Accepted; no byte was received.</summary>
    New,

    /// <summary>Between two requests, without input.</summary>
    Idle,

    /// <summary>The head of a request is incomplete.</summary>
    Head,

    /// <summary>A request is answered, nearly always by its handler.</summary>
    Handler,

    /// <summary>Answered; the rest of the body is discarded.</summary>
    Draining,

    /// <summary>Answered; the next request may be in the buffer.</summary>
    Ready,

    /// <summary>No request follows; the output is sent.</summary>
    Ending,

    /// <summary>Our stream has ended; input is discarded.</summary>
    Lingering,

    /// <summary>Closed; the task may not know it yet.</summary>
    Closed,
}

/// <summary>What can happen to a connection.</summary>
internal enum ConnectionEvent : byte
{
    /// <summary>Bytes of a request are in the buffer.</summary>
    Bytes,

    /// <summary>The peer has ended its stream, or the connection has failed.</summary>
    InputEnded,

    HeadDone,

    Refused,

    /// <summary>The response is written; another request may follow.</summary>
    Answered,

    /// <summary>The response is written; the connection ends.</summary>
    AnsweredLast,

    /// <summary>The response is written; a part of the body is unread.</summary>
    BodyLeft,

    Drained,

    /// <summary>The rest of the body is too long, malformed or missing.</summary>
    NotDrained,

    /// <summary>All is served and sent: the task waits for input.</summary>
    Waits,

    Flushed,

    /// <summary>No first byte, or no next request, came in time.</summary>
    IdleTimeout,

    HeadTimeout,

    BodyTimeout,

    HandlerTimeout,

    /// <summary>The peer takes the output too slowly.</summary>
    SendTimeout,

    /// <summary>An idle connection ends, and output is unacknowledged.</summary>
    Undelivered,

    /// <summary>The peer did not end its stream in time.</summary>
    LingerTimeout,

    ClientGone,

    /// <summary>Nothing more can be sent; found between two requests.</summary>
    OutputBroken,

    /// <summary>The server is full, and another client waits.</summary>
    RoomNeeded,

    Shutdown,

    /// <summary>The connection is closed, by either side.</summary>
    Closed,
}

/// <summary>One row of the table.</summary>
internal sealed record ConnectionMove(
    ConnectionState From, ConnectionEvent Event, ConnectionState To, string Action);

/// <summary>The table. Immutable; any thread.</summary>
internal static class ConnectionStates
{
    private const byte Illegal = byte.MaxValue;

    private static readonly ConnectionMove[] s_rows =
    [
        .. Waiting(State.New),
        .. Waiting(State.Idle),
        new(State.Head, Event.Waits, State.Head, "wait for the rest"),
        new(State.Head, Event.Bytes, State.Head, "parse on"),
        new(State.Head, Event.HeadDone, State.Handler, "call the handler"),
        new(State.Head, Event.Refused, State.Ending, "answer 4xx or 5xx"),
        new(State.Head, Event.HeadTimeout, State.Ending, "answer 408"),
        new(State.Head, Event.InputEnded, State.Ending, "drop the part"),
        new(State.Handler, Event.BodyTimeout, State.Handler,
            "end the body: 408 if the handler gives no other answer"),
        new(State.Handler, Event.HandlerTimeout, State.Handler, "cancel the handler: 503 or reset"),
        new(State.Handler, Event.ClientGone, State.Handler, "tell the handler"),
        new(State.Handler, Event.Answered, State.Ready, "go on"),
        new(State.Handler, Event.BodyLeft, State.Draining, "drain"),
        new(State.Handler, Event.AnsweredLast, State.Ending, "flush"),
        new(State.Draining, Event.BodyTimeout, State.Draining, "end the body"),
        new(State.Draining, Event.Drained, State.Ready, "go on"),
        new(State.Draining, Event.NotDrained, State.Ending, "flush"),
        new(State.Ready, Event.Bytes, State.Head, "parse"),
        new(State.Ready, Event.Waits, State.Idle, "give back buffers"),
        new(State.Ready, Event.InputEnded, State.Ending, "flush"),
        new(State.Ending, Event.Flushed, State.Lingering, "send FIN"),
        new(State.Lingering, Event.LingerTimeout, State.Closed, "close"),
        .. Of(Event.SendTimeout, State.Closed, "reset",
            State.Head, State.Handler, State.Draining, State.Ready, State.Ending, State.Lingering),
        .. Of(Event.OutputBroken, State.Ending, "serve nothing more",
            State.Idle, State.Head, State.Handler, State.Ready),
        .. Of(Event.Closed, State.Closed, "give back everything", Enum.GetValues<State>()),
        // Closed while the task waits elsewhere: it completes its step.
        .. new[]
        {
            Event.Answered, Event.AnsweredLast, Event.BodyLeft, Event.Drained, Event.NotDrained,
            Event.Waits, Event.Flushed, Event.ClientGone, Event.HandlerTimeout,
        }.Select(late => new ConnectionMove(
            State.Closed, late, State.Closed, "nothing: it is over")),
    ];

    private static readonly int s_events = Enum.GetValues<Event>().Length;

    private static readonly byte[] s_next = Index();

    private static readonly string[] s_names =
        [.. Enum.GetNames<State>().Select(name => name.ToLowerInvariant())];

    public static ReadOnlySpan<ConnectionMove> Rows => s_rows;

    /// <summary>The state for an observer: a constant text.</summary>
    public static string NameOf(State state) => s_names[(int)state];

    public static bool TryMove(ref State state, Event happened)
    {
        byte next = s_next[((int)state * s_events) + (int)happened];
        if (next == Illegal)
        {
            return false;
        }

        state = (State)next;
        return true;
    }

    /// <summary>The moves before a byte of a request has come.</summary>
    private static ConnectionMove[] Waiting(State waiting) =>
    [
        new(waiting, Event.Waits, waiting, "wait"),
        new(waiting, Event.Bytes, State.Head, "parse"),
        new(waiting, Event.InputEnded, State.Ending, "flush"),
        new(waiting, Event.IdleTimeout, State.Closed, "close silently"),
        new(waiting, Event.RoomNeeded, State.Closed, "close silently"),
        new(waiting, Event.Shutdown, State.Closed, "close silently"),
        new(waiting, Event.Undelivered, State.Ending, "deliver first"),
    ];

    private static IEnumerable<ConnectionMove> Of(
        Event happened, State to, string action, params State[] states) =>
        states.Select(from => new ConnectionMove(from, happened, to, action));

    private static byte[] Index()
    {
        byte[] next = new byte[Enum.GetValues<State>().Length * s_events];
        next.AsSpan().Fill(Illegal);
        foreach (ConnectionMove row in s_rows)
        {
            next[((int)row.From * s_events) + (int)row.Event] = (byte)row.To;
        }

        return next;
    }
}
