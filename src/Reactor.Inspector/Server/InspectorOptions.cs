using System.Runtime.CompilerServices;

namespace Reactor.Inspector;

/// <summary>
/// The port of an inspector, what it calls blocked, and the bounds of its recordings. A value that
/// is out of range throws where it is set. Immutable; any thread.
/// </summary>
public sealed record InspectorOptions
{
    private const int PortMax = 65_535;

    /// <summary>
    /// The port on the loopback address, 0 to 65535. Default 0: a free port, which
    /// <see cref="LoopInspectorServer.Url"/> shows.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int Port { get; init => field = InRange(value, 0, PortMax); }

    /// <summary>The name of the program on the page. Default null: that of its entry
    /// assembly.</summary>
    public string? Program { get; init; }

    /// <summary>
    /// The time after which one piece of work counts as blocking the loop; greater than zero.
    /// Default 100 ms, which users notice.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan BlockedAfter
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            field = value;
        }
    } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Events that the inspected loop may be ahead of the inspector, at least 16, rounded up to a
    /// power of two; more are dropped and counted. Default 262,144: 13 MB, and a second of 20,000
    /// requests.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int EventsMax { get; init => field = InRange(value, 16, 1 << 24); } = 262_144;

    /// <summary>
    /// Events of a recording; it ends early at this bound. Default 2,000,000: 80 MB.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int RecordedEventsMax { get; init => field = InRange(value, 1, 1 << 24); } = 2_000_000;

    private static int InRange(
        int value, int least, int most, [CallerMemberName] string name = "") =>
        value >= least && value <= most ? value : throw new ArgumentOutOfRangeException(
            name, value, $"{name} must be from {least} to {most}.");
}
