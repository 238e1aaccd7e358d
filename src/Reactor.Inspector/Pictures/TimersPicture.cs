using Reactor.Recording;

namespace Reactor.Inspector;

/// <summary>
/// Draws timers on a time axis: from their arming to their due time, and how late they fired. Pure;
/// any thread.
/// </summary>
internal static class TimersPicture
{
    /// <summary>
    /// The timers that are drawn: first the latest, then those that are armed, then the others.
    /// </summary>
    public const int TimersMax = 36;

    private const int LatestMax = 18;

    public static PictureFrame Draw(LoopTrace trace, PictureOptions options)
    {
        TraceRange range = TraceRange.Of(trace.Events, options);
        IReadOnlyList<TimerLife> all = TimerReading.Read(trace.Events, range).Timers;
        List<TimerLife> shown = Choose(all);
        var frame = new PictureFrame(
            PictureKind.Timers, options.Width, $"Timers: {PictureText.Number(all.Count)}",
            $"{trace.Info.Program}, {range.Words}: {Counts(all)}");
        if (all.Count == 0)
        {
            frame.Note("No timer was armed here.");
            return frame;
        }

        var axis = new TimeAxis(range.From, EndOf(shown, range), LaneRows.Left, frame.Right);
        double bottom = frame.Y + 16 + (shown.Count * LaneRows.Height);
        axis.Draw(frame.Svg, frame.Y + 8, bottom);
        frame.Y += 16;
        if (axis.To > range.To)
        {
            frame.Svg.Line("i", axis.X(range.To), frame.Y - 8, axis.X(range.To), bottom);
            frame.Note("The vertical line is the moment of the picture; what is right of it is due "
                + "later.");
        }

        foreach (TimerLife timer in shown)
        {
            DrawTimer(frame, axis, timer, trace.Names);
        }

        if (all.Count > shown.Count)
        {
            frame.Note($"{PictureText.Count(all.Count - shown.Count, "more timer")} not drawn.");
        }

        frame.Description = Describe(all, range);
        return frame;
    }

    private static List<TimerLife> Choose(IReadOnlyList<TimerLife> all)
    {
        TimerLife[] latest = [.. all.Where(timer => timer.Outcome == TimerEnd.Fired)
            .OrderByDescending(timer => timer.Lateness).ThenBy(timer => timer.Id)
            .Take(LatestMax)];
        IEnumerable<TimerLife> armed = all.Where(timer => timer.Outcome == TimerEnd.Armed)
            .OrderBy(timer => timer.LoopDue).ThenBy(timer => timer.Id);
        HashSet<TimerLife> chosen = [.. latest.Concat(armed).Concat(all).Distinct()
            .Take(TimersMax)];
        return [.. all.Where(chosen.Contains)];
    }

    // What is due much later than the range would leave no room for the range itself.
    private static long EndOf(IEnumerable<TimerLife> shown, TraceRange range)
    {
        long last = shown.Max(timer => timer.Due ?? range.To);
        return Math.Clamp(last, range.To, range.To + Math.Max(range.To - range.From, 1));
    }

    private static void DrawTimer(
        PictureFrame frame, TimeAxis axis, TimerLife timer, TraceNames names)
    {
        double middle = frame.Y + (LaneRows.Height / 2);
        string name = names[timer.Name] is { Length: > 0 } given ? given : $"timer {timer.Id}";
        frame.Svg.Line("l", PictureFrame.Margin, frame.Y, frame.Right, frame.Y);
        frame.Svg.Text(
            "c", PictureFrame.Margin, middle + 4, PictureText.Shorten(name, LaneRows.NameColumns));
        double armed = axis.X(timer.Armed);
        double due = timer.Due is { } time ? axis.X(time) : axis.Right;
        double end = axis.X(timer.End);
        double waited = timer.Outcome == TimerEnd.Cancelled ? end : due;
        frame.Svg.Rect(
            frame.Area(PictureFill.Timer, "armed"), armed, middle - 4,
            Math.Max(waited - armed, 1), 8);
        if (waited - armed > 6)
        {
            frame.Svg.Line("i", armed, middle - 7, armed, middle + 7);
        }

        switch (timer.Outcome)
        {
            case TimerEnd.Fired when timer.Lateness == 0:
                frame.Svg.Line("i", due, middle - 7, due, middle + 7);
                Label("on time", due);
                break;
            case TimerEnd.Fired:
                frame.Svg.Rect(
                    frame.Area(PictureFill.Bad, "late"), due, middle - 8, Math.Max(end - due, 1.5),
                    16);
                Label($"{PictureText.Time(timer.Lateness)} late", end);
                break;
            case TimerEnd.Cancelled:
                frame.Svg.Path(
                    "i", $"M{SvgWriter.Number(end - 5)} {SvgWriter.Number(middle - 5)}l10 10m0-10"
                        + "l-10 10");
                Label("cancelled", end + 5);
                break;
            default:
                Label(
                    timer.Due is { } at ? $"due at {PictureText.Time(at)}"
                        : $"due at {PictureText.Time(timer.LoopDue)} of the loop's clock",
                    due);
                break;
        }

        frame.Y += LaneRows.Height;

        void Label(string text, double x)
        {
            double width = PictureText.Columns(text) * PictureStyle.LetterWidth;
            bool fits = x + 6 + width <= axis.Right;
            frame.Svg.Text(
                fits ? "t" : "t e", fits ? x + 6 : Math.Min(x, axis.Right) - 8, middle + 4, text);
        }
    }

    private static string Counts(IReadOnlyList<TimerLife> all)
    {
        return $"{Of(TimerEnd.Fired)} fired, {Of(TimerEnd.Cancelled)} cancelled, "
            + $"{Of(TimerEnd.Armed)} still armed";

        string Of(TimerEnd outcome) =>
            PictureText.Number(all.Count(timer => timer.Outcome == outcome));
    }

    private static string Describe(IReadOnlyList<TimerLife> all, TraceRange range)
    {
        long[] late = [.. all.Where(timer => timer.Outcome == TimerEnd.Fired)
            .Select(timer => timer.Lateness).Order()];
        return $"The timers that were armed from {PictureText.Time(range.From)} to "
            + $"{PictureText.Time(range.To)}: each from its arming to its due time. {Counts(all)}."
            + (late.Length > 0
                ? " Half of those that fired were at most "
                    + $"{PictureText.Time(late[(late.Length - 1) / 2])} late, the worst "
                    + $"{PictureText.Time(late[^1])}."
                : "");
    }
}
