using Reactor.Recording;

namespace Reactor.Inspector;

/// <summary>
/// Draws the ready queue at a moment, in order, with the line where the batch of the turn ends.
/// Without a choice it is the first moment with the longest queue, on both sides of the line if the
/// trace has one. Pure; any thread.
/// </summary>
internal static class QueuePicture
{
    /// <summary>The works that are drawn on each side of the line.</summary>
    public const int WorksMax = 40;

    private const double BoxWidth = 204;
    private const double BoxHeight = 38;
    private const double Gap = 8;
    private const int NameColumns = 25;
    private const int DetailColumns = 29;

    public static PictureFrame Draw(LoopTrace trace, PictureOptions options)
    {
        TraceMoment moment = TraceMoment.WithLongestQueue(trace, options);
        IReadOnlyList<ReadyWork> batch = moment.Batch(trace.Names);
        IReadOnlyList<ReadyWork> next = moment.NextBatch(trace.Names);
        ReadyWork? running = moment.Running(trace.Names);
        int count = batch.Count + next.Count;
        var frame = new PictureFrame(
            PictureKind.Queue, options.Width, $"Ready queue: {PictureText.Count(count, "work")}",
            $"{trace.Info.Program}, {moment.Words}");
        if (running is not null)
        {
            DrawHeading(frame, "Runs now");
            DrawBox(frame, running, PictureFrame.Margin, frame.Y, isRunning: true);
            frame.Y += BoxHeight + 16;
        }

        DrawHeading(frame, $"Still to run in this turn: {PictureText.Number(batch.Count)}");
        DrawBoxes(frame, batch);
        frame.Y += 6;
        frame.Svg.Path("x", $"M{SvgWriter.Number(PictureFrame.Margin)} {SvgWriter.Number(frame.Y)}"
            + $"H{SvgWriter.Number(frame.Right)}");
        frame.Svg.Text("b", PictureFrame.Margin, frame.Y + 18, "The batch ends here");
        frame.Y += 36;
        DrawHeading(frame, $"Runs in the next turn: {PictureText.Number(next.Count)}");
        DrawBoxes(frame, next);
        frame.Note("The time of a work is how long it has been ready, or has run.");
        frame.Description = $"The ready queue {moment.Words}, in order: "
            + (running is null ? "no work runs" : $"{running.Name} runs")
            + $", {PictureText.Count(batch.Count, "work")} of the batch still to run, then the "
            + "line where the batch ends, then "
            + $"{PictureText.Count(next.Count, "work")} for the next turn.";
        return frame;
    }

    private static void DrawHeading(PictureFrame frame, string text)
    {
        frame.Svg.Text("q", PictureFrame.Margin, frame.Y + 8, text);
        frame.Y += 18;
    }

    private static void DrawBoxes(PictureFrame frame, IReadOnlyList<ReadyWork> works)
    {
        int perRow = Math.Max(
            1, (int)((frame.Right - PictureFrame.Margin + Gap) / (BoxWidth + Gap)));
        int shown = Math.Min(works.Count, WorksMax);
        for (int i = 0; i < shown; i++)
        {
            DrawBox(
                frame, works[i], PictureFrame.Margin + (i % perRow * (BoxWidth + Gap)),
                frame.Y + (i / perRow * (BoxHeight + Gap)), isRunning: false);
        }

        frame.Y += (shown + perRow - 1) / perRow * (BoxHeight + Gap);
        if (works.Count > shown)
        {
            DrawHeading(frame, $"and {PictureText.Number(works.Count - shown)} more");
        }
        else if (shown == 0)
        {
            DrawHeading(frame, "none");
        }
    }

    private static void DrawBox(
        PictureFrame frame, ReadyWork work, double x, double y, bool isRunning)
    {
        string area = work.IsTask
            ? frame.Area(
                isRunning ? PictureFill.Step : PictureFill.Ready,
                isRunning ? "step that runs" : "step of a task")
            : frame.Area(PictureFill.Callback, "callback");
        frame.Svg.Rect("p", x, y, BoxWidth, BoxHeight, 4);
        frame.Svg.Rect(area, x, y, 6, BoxHeight, 2);
        frame.Svg.Text("c", x + 12, y + 16, PictureText.Shorten(work.Name, NameColumns));
        frame.Svg.Text("a", x + 12, y + 31, PictureText.Shorten(work.Detail, DetailColumns));
    }
}
