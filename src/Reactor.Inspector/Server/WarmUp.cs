using System.Net;
using System.Text;
using System.Text.Json;
using Reactor.Net;
using Reactor.Recording;

namespace Reactor.Inspector;

/// <summary>
/// Runs the code of an inspector before the first page does: the runtime compiles it on its first
/// use, which takes up to a second on a busy machine, and a page is often opened because the loop
/// hangs. Changes no state of the inspected loop. The inspector's thread.
/// </summary>
internal static class WarmUp
{
    private const int AnswerPiece = 4_096;

    /// <summary>Makes the view and the text of an invented run with each kind of event.</summary>
    public static byte[] MakeViews(SessionView session)
    {
        var names = new TraceNames();
        var state = new TraceState();
        var last = new LastEvents(1 << 6);
        var activity = new Activity(1, 1);
        List<TraceEvent> events = Invent(names);
        foreach (TraceEvent one in events)
        {
            last.Learn(state, one);
            state = TraceState.Reduce(state, one);
            activity.Add(one);
        }

        last.Add([.. events]);
        var reader = new StateReader(state, names, state.Time, 0, last.NameOf);
        StateView view = reader.Read(last.Read(), 1) with
        {
            Mode = "live",
            Blocked = new BlockedView(1, "warm-up", null),
            History = activity.Read(1),
        };
        _ = TextPage.Write(view, session, InspectorStrings.For(null));
        return JsonSerializer.SerializeToUtf8Bytes(view, InspectorJson.Default.StateView);
    }

    /// <summary>
    /// Asks the inspector itself, over a connection, and reads the answer to its end. Returns false
    /// on a failure, which means only that the first page waits for the compiler.
    /// </summary>
    /// <param name="port">The port of the inspector.</param>
    /// <param name="path">With the token.</param>
    public static async Coroutine<bool> AskAsync(int port, string path)
    {
        try
        {
            using LoopSocket socket = await LoopSocket.ConnectAsync(
                new IPEndPoint(IPAddress.Loopback, port));
            await socket.SendAllAsync(Encoding.ASCII.GetBytes(
                $"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"));
            byte[] piece = await socket.ReceiveAsync(AnswerPiece);
            bool isGood = piece.AsSpan().StartsWith("HTTP/1.1 200 "u8);
            while (piece.Length > 0)
            {
                piece = await socket.ReceiveAsync(AnswerPiece);
            }

            return isGood;
        }
        catch (IOException)
        {
            return false; // the inspector ends
        }
    }

    private static List<TraceEvent> Invent(TraceNames names)
    {
        const int TasksMax = 3;
        int name = names.Add("warm-up");
        List<TraceEvent> events =
        [
            .. Enum.GetValues<TraceEventKind>()
                .Select((kind, i) => new TraceEvent(kind, i, 1, 1, name, name)),
        ];
        for (long id = 1; id <= TasksMax; id++)
        {
            // What the events before have ended is in the view, too.
            events.Add(new(TraceEventKind.TaskSpawned, events.Count, id, id - 1, name, name));
            events.Add(new(TraceEventKind.TaskAwaits, events.Count, id, 0, name, name));
            events.Add(new(TraceEventKind.TimerArmed, events.Count, id, id, name));
            events.Add(new(TraceEventKind.StateChanged, events.Count, id, 0, name, name));
            events.Add(new(TraceEventKind.MessagePosted, events.Count, id, 1, name));
        }

        events.Add(new(TraceEventKind.TaskResumed, events.Count, 1));
        events.Add(new(TraceEventKind.TaskResumed, events.Count, 2));
        events.Add(new(TraceEventKind.StepBegan, events.Count, 1));
        return events;
    }
}
