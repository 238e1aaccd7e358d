namespace Reactor.Inspector;

/// <summary>
/// Which moment or range of a run a picture shows, and how large it is. Without a moment or range
/// it shows the whole trace, or the moment that shows most.
/// </summary>
public sealed record PictureOptions
{
    /// <summary>The narrowest picture, in pixels.</summary>
    public const int WidthMin = 320;

    /// <summary>The widest picture, in pixels.</summary>
    public const int WidthMax = 4000;

    /// <summary>The number of a turn to show; excludes the other ways to choose.</summary>
    public long? Turn { get; init; }

    /// <summary>The number of an event, from 0: the moment after it.</summary>
    public int? Event { get; init; }

    /// <summary>The begin of the range, since the begin of the trace.</summary>
    public TimeSpan? From { get; init; }

    /// <summary>The end of the range, since the begin of the trace.</summary>
    public TimeSpan? To { get; init; }

    /// <summary>
    /// The number of a connection: the picture of connections shows this one only.
    /// </summary>
    public long? Connection { get; init; }

    /// <summary>In pixels, from <see cref="WidthMin"/> to <see cref="WidthMax"/>.</summary>
    public int Width { get; init; } = 960;
}
