using Reactor.Recording;

namespace Reactor.Inspector;

/// <summary>
/// The part of a trace that a picture shows: its events and its times. The last event is in it.
/// Immutable; any thread.
/// </summary>
/// <param name="First">The index of the first event.</param>
/// <param name="End">The index after the last one.</param>
/// <param name="From">The begin, in ns since the begin of the trace.</param>
/// <param name="To">The end; not earlier than <paramref name="From"/>.</param>
/// <param name="Words">The part in words.</param>
internal sealed record TraceRange(int First, int End, long From, long To, string Words)
{
    /// <summary>The part that the options choose; without a choice the whole trace.</summary>
    /// <exception cref="ArgumentException">
    /// The trace has no such part; the message is a sentence.
    /// </exception>
    public static TraceRange Of(ReadOnlySpan<TraceEvent> events, PictureOptions options)
    {
        if (options.Turn is { } turn)
        {
            return OfTurn(events, turn);
        }

        if (options.Event is { } index)
        {
            Require(events, index);
            return Around(events, index);
        }

        long last = events.IsEmpty ? 0 : events[^1].Time;
        long from = Nanoseconds(options.From) ?? 0;
        long to = Nanoseconds(options.To) ?? Math.Max(last, from);
        int first = FirstAtOrAfter(events, from);
        int end = FirstAtOrAfter(events, to + 1);
        string words = options.From is null && options.To is null
            ? "the whole trace"
            : $"{PictureText.Time(from)} to {PictureText.Time(to)}";
        return new TraceRange(first, end, from, to, words);
    }

    /// <summary>
    /// The number of events after which the state of a moment is taken, or null without a choice.
    /// </summary>
    /// <inheritdoc cref="Of"/>
    public static int? MomentOf(ReadOnlySpan<TraceEvent> events, PictureOptions options)
    {
        if (options.Event is { } index)
        {
            Require(events, index);
            return index + 1;
        }

        if (options.Turn is { } turn)
        {
            TraceRange range = OfTurn(events, turn);
            for (int i = range.First; i < range.End; i++)
            {
                if (events[i].Kind == TraceEventKind.BatchBegan)
                {
                    return i + 1;
                }
            }

            return range.End;
        }

        return options.To is not null || options.From is not null ? Of(events, options).End : null;
    }

    /// <exception cref="ArgumentException">The range ends before it begins.</exception>
    public static void Check(PictureOptions options)
    {
        if (options.From > options.To)
        {
            throw new ArgumentException("The range ends before it begins.");
        }
    }

    private static TraceRange OfTurn(ReadOnlySpan<TraceEvent> events, long turn)
    {
        long first = -1;
        long last = -1;
        for (int i = 0; i < events.Length; i++)
        {
            if (events[i].Kind == TraceEventKind.TurnBegan)
            {
                if (events[i].Id == turn)
                {
                    int end = EndOfTurn(events, i);
                    return Between(events, i, end, $"turn {PictureText.Number(turn)}");
                }

                first = first < 0 ? events[i].Id : first;
                last = events[i].Id;
            }
        }

        throw new ArgumentException(first < 0
            ? "The trace has no turns."
            : $"The trace has no turn {turn}: it has the turns {first} to {last}.");
    }

    // The turn in which the event happened.
    private static TraceRange Around(ReadOnlySpan<TraceEvent> events, int index)
    {
        int first = index;
        while (first > 0 && events[first].Kind != TraceEventKind.TurnBegan)
        {
            first--;
        }

        return Between(
            events, first, EndOfTurn(events, first),
            $"the turn of event {PictureText.Number(index)}");
    }

    private static int EndOfTurn(ReadOnlySpan<TraceEvent> events, int first)
    {
        int end = first + 1;
        while (end < events.Length && events[end].Kind != TraceEventKind.TurnBegan)
        {
            end++;
        }

        return end;
    }

    private static TraceRange Between(
        ReadOnlySpan<TraceEvent> events, int first, int end, string words) =>
        new(first, end, events[first].Time, events[end - 1].Time, words);

    private static void Require(ReadOnlySpan<TraceEvent> events, int index)
    {
        if ((uint)index >= (uint)events.Length)
        {
            throw new ArgumentException(events.IsEmpty
                ? "The trace has no events."
                : $"The trace has no event {index}: it has the events 0 to {events.Length - 1}.");
        }
    }

    // Times never decrease, so a binary search finds the place.
    private static int FirstAtOrAfter(ReadOnlySpan<TraceEvent> events, long time)
    {
        (int low, int high) = (0, events.Length);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = events[middle].Time < time ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static long? Nanoseconds(TimeSpan? time) =>
        time is { } given ? given.Ticks * TimeSpan.NanosecondsPerTick : null;
}
