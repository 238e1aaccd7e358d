using System.Globalization;
using Reactor.Diagnostics;

namespace Reactor.Recording;

/// <summary>
/// The report of the first difference of a replay: where, what was requested, what was recorded,
/// and the usual causes. Loop thread only.
/// </summary>
internal static class ReplayReport
{
    private const string Causes =
        "Usual causes: DateTime.Now, Random.Shared or Guid.NewGuid instead of the loop's clock and "
        + "random numbers; the order of a hash set or of string hash codes; a file, an environment "
        + "variable or another thread; an instrument that reads the loop's clock; another version "
        + "or other options of the program.";

    public static LoopReplayException Make(
        CoroutineScheduler? scheduler, ReplayMatcher log, string requested, string held)
    {
        (long entry, string recorded) = log.Shown;
        string work = WorkOf(scheduler, EntryText.IsPoll(requested));
        string heldText = held.Length == 0 ? ""
            : $"Messages of other threads that wait for a later turn: {held}. ";
        long turn = (scheduler as EventLoop)?.Meter.Turns ?? 0;
        return new LoopReplayException(string.Create(
            CultureInfo.InvariantCulture,
            $"The replay differs from the recording at entry {entry}, in turn {turn}, in {work}. "
            + $"Requested: {requested}. Recorded: {recorded}. {heldText}{Causes}"))
        {
            Entry = entry,
            Turn = turn,
            Work = work,
            Requested = requested,
            Recorded = recorded,
        };
    }

    /// <summary>Why a loop with these options cannot run a recording, or null.</summary>
    public static string? OfOptions(RecordingHeader header, EventLoopOptions options)
    {
        string different = string.Join(", ", new[]
        {
            Different(nameof(options.PollSkipsMax), header.PollSkipsMax, options.PollSkipsMax),
            Different(
                nameof(options.PollSkipTimeMax), header.PollSkipTimeMax, options.PollSkipTimeMax),
            Different(nameof(options.PollMax), header.PollMax, options.PollMax),
        }.OfType<string>());
        return different.Length == 0 ? null
            : "The loop polls with other options than the recorded one, so it cannot replay it: "
                + $"{different}.";
    }

    private static string? Different<T>(string name, T recorded, T given) =>
        Equals(recorded, given) ? null : string.Create(
            CultureInfo.InvariantCulture, $"{name} is {given}, recorded was {recorded}");

    private static string WorkOf(CoroutineScheduler? scheduler, bool isPoll) =>
        scheduler is null ? "no loop: the program has made none on this driver"
        : scheduler.RunningStep is Trampoline step ? Describe(step)
        : isPoll && scheduler is EventLoop loop ? $"the poll of the loop, {NextTimer(loop)}"
        : $"the loop or a callback at {UserPlace.Find()}";

    private static string Describe(Trampoline step) =>
        $"{BlockedWork.Describe(step)} at {PlaceOf(step) ?? UserPlace.Find()}";

    /// <summary>What a poll waits for at most: nearly always, its time is what differs.</summary>
    private static string NextTimer(EventLoop loop)
    {
        TimerSlot? next = null;
        foreach (ref readonly TimerSlot slot in loop.Timers.Nearest)
        {
            if (slot.IsLive && (next is not { } least || slot.IsBefore(least)))
            {
                next = slot;
            }
        }

        return next?.Entry switch
        {
            null => "which has no timer",
            Trampoline task => $"whose next timer is of {Describe(task)}",
            LoopWork work => $"whose next timer is {ShownText.OfRunning(work)}",
            _ => "whose next timer has no name",
        };
    }

    /// <summary>The innermost line of the await stack that is none of this library's.</summary>
    private static string? PlaceOf(Trampoline step)
    {
        CallFrame? frame = StackReader.Read(step)
            .Find(entry => entry.Frame is { } its
                && its.MachineType.Assembly != typeof(ReplayReport).Assembly)
            .Shown;
        return frame?.File is { } file ? UserPlace.Name(file, frame.Line ?? 0) : null;
    }
}
