namespace Reactor.Simulation;

/// <summary>
/// How an <see cref="InMemoryDriver"/> is set up: the seed, the start of its clock, and the bound
/// of everything that could grow or wait. It is read once, when the driver is made.
/// </summary>
public sealed record InMemoryOptions
{
    /// <summary>
    /// Where every random number comes from. Null, the default, draws a fresh seed; the driver's
    /// <see cref="InMemoryDriver.Seed"/> tells it, so that a failing run can be repeated.
    /// </summary>
    public int? Seed { get; init; }

    /// <summary>
    /// The wall clock when the virtual clock stands at zero. Default: 2000-01-01, far enough from
    /// every epoch and from today that code which reads the real clock is found out.
    /// </summary>
    public DateTimeOffset StartUtc { get; init; } = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// Bytes that may be under way or unread in one direction of a connection. Default 64 KiB, the
    /// largest window of TCP without window scaling.
    /// </summary>
    public int WindowBytes { get; init; } = 64 * 1024;

    /// <summary>
    /// Bytes that a send may take beyond the window: they wait in the sender's kernel, are taken
    /// and not acknowledged, and outlive an orderly close. Default 0: a send takes no more than is
    /// under way at once. Linux takes up to 4 MiB (<c>tcp_wmem</c>).
    /// </summary>
    public int SendBufferBytes { get; init; }

    /// <summary>
    /// Bytes that a reader must have read before its window opens again by so much; 1 to
    /// <see cref="WindowBytes"/>. Default 1: at once. On Linux a reader on loopback opens its
    /// window in steps of 64 KiB and more, so one that reads 2 KB/s acknowledges every half minute.
    /// </summary>
    public int WindowStepBytes { get; init; } = 1;

    /// <summary>
    /// Real time that a poll gives other threads to wake the loop, once the simulation itself has
    /// nothing left that could ever happen; and for which the loop may run turn after turn while
    /// the virtual clock stands, as a task makes it that polls with <c>Yield</c>
    /// (<see cref="TurnsAtOneMomentMax"/>). Default 5 s: a foreign task may complete on a pool
    /// thread, and a loaded machine may be slow, but a test that is stuck should say so soon.
    /// <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.
    /// </summary>
    public TimeSpan StallMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Turns that the loop may run at one moment of the virtual clock. Turns take no virtual time,
    /// so a task that polls with <c>Yield</c> for something that a timer brings would run for ever.
    /// After so many turns, and <see cref="StallMax"/> of real time, the poll throws and names the
    /// work that is ready. Default 1,000,000: a burst of real work has far fewer.
    /// </summary>
    public long TurnsAtOneMomentMax { get; init; } = 1_000_000;

    /// <summary>
    /// True: the clock jumping while a task awaits something foreign is an error, which the poll
    /// throws; false, the default: it is reported, once. Work on an executor is not foreign: it
    /// holds the clock. See <see cref="InMemoryDriver"/>.
    /// </summary>
    public bool RejectForeignAwaits { get; init; }

    /// <summary>
    /// Real time for which the clock stands still because work is on another thread. After it the
    /// clock moves on: the work hangs, and perhaps a timer was set to find that out. Default 30 s.
    /// <see cref="Timeout.InfiniteTimeSpan"/>: until the work has ended.
    /// </summary>
    public TimeSpan WorkElsewhereMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The misfortunes; <see cref="InMemoryDriver.Faults"/> can change them later.
    /// </summary>
    public FaultPlan Faults { get; init; } = FaultPlan.None;

    /// <summary>
    /// Gets each network event as it is delivered, on the loop thread; null: nobody.
    /// </summary>
    public Action<NetworkTrace>? Trace { get; init; }
}
