namespace Reactor.Recording;

/// <summary>
/// The part of a recording that is read as events, and its bound in memory. A value that is out of
/// range throws where it is set. Immutable.
/// </summary>
public sealed record TracePart
{
    /// <summary>
    /// The number of events that are kept, at least 1; more are an error. Default 10,000,000: 400
    /// MB, and about two minutes of a loop with 8,000 requests/s.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int EventsMax
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 10_000_000;

    /// <summary>
    /// The begin, since the begin of the recording: events that lead to the state at this time come
    /// first. Default null: that of the recording.
    /// </summary>
    public TimeSpan? From { get; init; }

    /// <summary>The end, inclusive. Default null: that of the recording.</summary>
    public TimeSpan? To { get; init; }
}
