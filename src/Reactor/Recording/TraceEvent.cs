namespace Reactor.Recording;

/// <summary>
/// One thing that happened in a loop; the vocabulary of traces, pictures and the inspector. <see
/// cref="TraceEventKind"/> defines the fields of each kind. Immutable; any thread.
/// </summary>
/// <param name="Kind">What happened.</param>
/// <param name="Time">
/// Nanoseconds since the begin of the trace, on the trace's own clock; never decreases.
/// </param>
/// <param name="Id">The turn, task, timer, object or message.</param>
/// <param name="Value">A number that the kind defines.</param>
/// <param name="Name">A text of the <see cref="TraceNames"/> of the trace; 0: none.</param>
/// <param name="Place">A second text, mostly a line of source; 0: none.</param>
public readonly record struct TraceEvent(
    TraceEventKind Kind, long Time, long Id = 0, long Value = 0, int Name = 0, int Place = 0);
