// Answer ten questions about a recorded run of a loop. Times are milliseconds.
//
//   Longest, LongestMs        which task had the longest step, and how long it held the loop
//   Latest, LateMs, Cause     which timer fired latest after its due time, by how much, and which
//                             task held the loop when the timer was due
//   Queued, QueuedMs          which task was longest ready before its step began, and how long
//   IdleMs, BusyMs            how long all polls, and how long all steps took together
//   Failed                    how many tasks ended with an exception other than a cancel
//
// `trace.Events` has Kind, Time and Id, and Value and Name by kind (see TraceEventKind);
// `trace.Names[event.Name]` is the text. Times and values are nanoseconds.
using Reactor.Recording;

public sealed record Answers(
    string Longest, int LongestMs, string Latest, int LateMs, string Cause,
    string Queued, int QueuedMs, int IdleMs, int BusyMs, int Failed);

public static class Reading
{
    public static Answers Of(LoopTrace trace) => new("", 0, "", 0, "", "", 0, 0, 0, 0);
}
