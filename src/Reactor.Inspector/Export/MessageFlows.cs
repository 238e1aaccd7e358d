using Reactor.Recording;

namespace Reactor.Inspector;

/// <summary>
/// Writes messages from other threads: a mark on the thread that posted, and a flow to the turn
/// that received it. A message is written when it is received, so that each flow has both ends. One
/// thread at a time.
/// </summary>
internal sealed class MessageFlows(
    ChromeWriter writer, int process, SpanNumbers numbers, TraceNames names, SliceStack slices)
{
    // Beside the loop's thread, which is not one of the managed numbers here.
    private const long FirstThread = 1000;

    private readonly Dictionary<long, TraceEvent> _posted = [];
    private readonly HashSet<long> _threads = [];

    public void Write(in TraceEvent e)
    {
        if (e.Kind == TraceEventKind.MessagePosted)
        {
            _posted[e.Id] = e;
        }
        else if (e.Kind == TraceEventKind.MessageReceived
            && _posted.Remove(e.Id, out TraceEvent posted))
        {
            Mark(posted);
            if (slices.IsOpen)
            {
                long number = numbers.Next();
                writer.Flow(
                    isEnd: false, "message", process, FirstThread + posted.Value, posted.Time,
                    number);
                writer.Flow(
                    isEnd: true, "message", process, slices.Thread, slices.Advance(e.Time), number);
            }
        }
    }

    /// <summary>Writes the messages that no turn received.</summary>
    public void EndAll()
    {
        foreach (TraceEvent posted in _posted.Values)
        {
            Mark(posted);
        }

        _posted.Clear();
    }

    private void Mark(in TraceEvent posted)
    {
        long thread = FirstThread + posted.Value;
        if (_threads.Add(posted.Value))
        {
            writer.Name("thread_name", process, thread, $"thread {posted.Value}");
        }

        writer.Begin("X", $"posts {names[posted.Name]}", "message", process, thread, posted.Time);
        writer.Duration(0);
        writer.End();
    }
}
