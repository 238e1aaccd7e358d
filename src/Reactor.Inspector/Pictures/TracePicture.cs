using Reactor.Recording;

namespace Reactor.Inspector;

/// <summary>
/// Draws a trace as an SVG picture of at most 60 KB, with a title and a description, for light and
/// dark pages. The same trace and options give the same bytes.
/// </summary>
/// <remarks>Any thread; one picture of a trace at a time.</remarks>
public static class TracePicture
{
    /// <summary>Writes a picture in UTF-8. The stream stays open.</summary>
    /// <param name="trace">What happened.</param>
    /// <param name="kind">What the picture shows.</param>
    /// <param name="options">The moment or range, and the width.</param>
    /// <param name="stream">Gets the picture.</param>
    /// <exception cref="ArgumentException">
    /// The trace has no such moment or range, or the options contradict each other; the message is
    /// a sentence.
    /// </exception>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public static void Write(
        LoopTrace trace, PictureKind kind, PictureOptions options, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(trace);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(stream);
        Check(kind, options);
        PictureFrame frame = trace.Count == 0
            ? Empty(kind, options)
            : kind switch
            {
                PictureKind.Lanes => LanesPicture.Draw(trace, options),
                PictureKind.Turn => TurnPicture.Draw(trace, options),
                PictureKind.Queue => QueuePicture.Draw(trace, options),
                PictureKind.Timers => TimersPicture.Draw(trace, options),
                PictureKind.Tree => TreePicture.Draw(trace, options),
                PictureKind.Connection => ConnectionPicture.Draw(trace, options),
                _ => throw new ArgumentException($"There is no kind of picture {kind}."),
            };
        frame.WriteTo(stream);
    }

    /// <summary>Checks what needs no trace, such as a range that ends before it begins.</summary>
    /// <param name="kind">What the picture shows.</param>
    /// <param name="options">The moment or range, and the width.</param>
    /// <exception cref="ArgumentException">
    /// The options contradict each other; the message is a sentence.
    /// </exception>
    public static void Check(PictureKind kind, PictureOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        TraceRange.Check(options);
        if (options.Connection is not null && kind != PictureKind.Connection)
        {
            throw new ArgumentException(
                "Only the picture of the kind connection shows a single connection.");
        }

        int choices = (options.Turn is null ? 0 : 1) + (options.Event is null ? 0 : 1)
            + (options.From is null && options.To is null ? 0 : 1);
        if (choices > 1)
        {
            throw new ArgumentException(
                "A picture shows a turn, an event, or a range of times: choose one of them.");
        }

        if (options.Width is < PictureOptions.WidthMin or > PictureOptions.WidthMax)
        {
            throw new ArgumentException(
                $"A picture is from {PictureOptions.WidthMin} to {PictureOptions.WidthMax} px "
                + $"wide, not {options.Width}.");
        }
    }

    private static PictureFrame Empty(PictureKind kind, PictureOptions options)
    {
        var frame = new PictureFrame(
            kind, options.Width, "Empty trace", "The trace has no events.");
        frame.Note("A trace has events if the run was recorded with events.");
        return frame;
    }
}
