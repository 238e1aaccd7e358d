using System.Text;
using Reactor.Recording;

namespace Reactor.Inspector;

/// <summary>
/// Draws the lanes of the loop and its tasks over time: steps, waits, and which work made a task
/// ready. Pure; any thread.
/// </summary>
internal static class LanesPicture
{
    /// <summary>The lanes of tasks that are drawn; the rest is one lane.</summary>
    public const int LanesMax = 24;

    private const int WakesMax = 60;
    private const int SpansMax = 700;

    public static PictureFrame Draw(LoopTrace trace, PictureOptions options)
    {
        TraceRange range = TraceRange.Of(trace.Events, options);
        var lanes = TaskLanes.Read(trace, range);
        Lane[] shown = [.. lanes.Tasks.OrderByDescending(lane => lane.Busy).ThenBy(lane => lane.Id)
            .Take(LanesMax).OrderBy(lane => lane.Id)];
        Lane[] others = [.. lanes.Tasks.Except(shown)];
        var frame = new PictureFrame(
            PictureKind.Lanes, options.Width,
            $"Lanes: {PictureText.Count(lanes.Tasks.Count, "task")}",
            $"{trace.Info.Program}, {range.Words}: {PictureText.Count(lanes.Turns.Count, "turn")} "
                + $"in {PictureText.Time(range.To - range.From)}");
        var axis = new TimeAxis(range.From, range.To, LaneRows.Left, frame.Right);
        double top = frame.Y + 34;
        double bottom = top + ((1 + shown.Length + (others.Length > 0 ? 1 : 0)) * LaneRows.Height);
        axis.Draw(frame.Svg, frame.Y + 8, bottom);
        DrawTurns(frame, axis, lanes, bottom);
        frame.Y = top;
        var rows = new LaneRows(frame, axis, trace.Names);
        DrawRows(frame, rows, lanes, shown, others, lane => NameOf(lane, trace));
        DrawWakes(frame, axis, lanes, rows);
        AddLegend(frame, lanes);
        DrawSlow(frame, axis, lanes, rows);
        frame.Description = Describe(lanes, shown, trace, range);
        return frame;
    }

    private static void DrawRows(
        PictureFrame frame, LaneRows rows, TaskLanes lanes, Lane[] shown, Lane[] others,
        Func<Lane, string> name)
    {
        HashSet<Lane> dense = LaneRows.Dense([lanes.Loop, .. shown], SpansMax);
        Dictionary<Lane, LaneColumns> columns = dense.ToDictionary(
            lane => lane, lane => LaneColumns.Of(lane.Spans, rows.Axis));
        // The shares of single tasks are small: they have a scale of their own.
        double full = columns.Where(pair => pair.Key != lanes.Loop)
            .Select(pair => pair.Value.ShareMax(PictureFill.Step))
            .Append(0.01).Max();
        AddRow(lanes.Loop, "the loop", 1);
        foreach (Lane lane in shown)
        {
            AddRow(lane, name(lane), full);
        }

        if (others.Length > 0)
        {
            rows.AddShares(
                LaneColumns.Of(others.SelectMany(lane => lane.Spans), rows.Axis), 1,
                PictureText.Count(others.Length, "more task"), row: null);
            frame.Note($"{PictureText.Count(others.Length, "task")} with less work share the last "
                + "row; its height is the share of time in which one of them ran.");
        }

        if (dense.Count > 0)
        {
            frame.Note($"{PictureText.Count(dense.Count, "row")} with too many steps to draw each: "
                + "the height is the share of time with work; what else the task did is not drawn."
                + (columns.Keys.Any(lane => lane != lanes.Loop)
                    ? $" In the rows of tasks the full height is {Math.Ceiling(full * 100)} % of "
                        + "the time."
                    : ""));
        }

        if (lanes.Dropped > 0)
        {
            frame.Note($"The recorder dropped {PictureText.Count(lanes.Dropped, "event")} here.");
        }

        void AddRow(Lane lane, string label, double fullHeight)
        {
            if (columns.TryGetValue(lane, out LaneColumns? shares))
            {
                rows.AddShares(shares, fullHeight, label, lane);
            }
            else
            {
                rows.Add(lane, label);
            }
        }
    }

    private static string NameOf(Lane lane, LoopTrace trace) =>
        trace.Names[lane.Name] is { Length: > 0 } name ? name : $"task {lane.Id}";

    // Only as many turns as have room for their numbers.
    private static void DrawTurns(PictureFrame frame, TimeAxis axis, TaskLanes lanes, double bottom)
    {
        double free = axis.Left;
        foreach ((long time, long number) in lanes.Turns)
        {
            double x = axis.X(time);
            string label = $"turn {PictureText.Number(number)}";
            double width = PictureText.Columns(label) * PictureStyle.LetterWidth;
            if (x >= free && x + width <= axis.Right)
            {
                frame.Svg.Line("d", x, frame.Y + 16, x, bottom);
                frame.Svg.Text("a", x + 3, frame.Y + 26, label);
                free = x + width + 6;
            }
        }
    }

    private static void DrawWakes(
        PictureFrame frame, TimeAxis axis, TaskLanes lanes, LaneRows rows)
    {
        var wakes = new StringBuilder();
        var spawns = new StringBuilder();
        LaneWake[] visible = [.. lanes.Wakes.Where(
            wake => rows.MiddleOf(wake.To) is not null && rows.MiddleOf(wake.From) is not null)];
        if (visible.Length > WakesMax)
        {
            frame.Note($"{PictureText.Number(visible.Length)} arrows from the work that wakes a "
                + "task to the task are not drawn; choose a shorter range.");
            return;
        }

        foreach (LaneWake wake in visible.Where(wake => wake.From != wake.To))
        {
            double from = rows.MiddleOf(wake.From)!.Value;
            double to = rows.MiddleOf(wake.To)!.Value;
            int way = Math.Sign(to - from);
            (wake.IsSpawn ? spawns : wakes)
                .Append('M').Append(SvgWriter.Number(axis.X(wake.Time)))
                .Append(' ').Append(SvgWriter.Number(from))
                .Append('V').Append(SvgWriter.Number(to - (way * 6)))
                .Append(way > 0 ? "m-3-4l3 4l3-4" : "m-3 4l3-4l3 4");
        }

        frame.Svg.Path("w", wakes.ToString());
        frame.Svg.Path("d", spawns.ToString());
        if (visible.Length > 0)
        {
            frame.Note("An arrow leads from the work that makes a task ready to that task; it is "
                + "dashed where the task was made.");
        }
    }

    private static void DrawSlow(PictureFrame frame, TimeAxis axis, TaskLanes lanes, LaneRows rows)
    {
        foreach (TraceEvent slow in lanes.Slow)
        {
            if (rows.MiddleOf(slow.Id) is { } middle)
            {
                double x = axis.X(slow.Time - slow.Value);
                frame.Svg.Rect(
                    frame.Area(PictureFill.Bad, "slower than the limit"), x, middle - 8,
                    axis.X(slow.Time) - x, 16);
            }
        }
    }

    private static void AddLegend(PictureFrame frame, TaskLanes lanes)
    {
        HashSet<PictureFill> used = [.. lanes.Tasks.Append(lanes.Loop)
            .SelectMany(lane => lane.Spans).Select(span => span.Fill)];
        foreach ((PictureFill fill, string label) in new[]
        {
            (PictureFill.Step, "runs a step"), (PictureFill.Callback, "callback"),
            (PictureFill.Poll, "poll"), (PictureFill.Ready, "ready, waits for its turn"),
            (PictureFill.Io, "waits for I/O"), (PictureFill.Timer, "waits for a timer"),
            (PictureFill.Task, "waits for a task"), (PictureFill.Other, "waits for something else"),
        })
        {
            if (used.Contains(fill))
            {
                frame.Area(fill, label);
            }
        }
    }

    private static string Describe(
        TaskLanes lanes, IEnumerable<Lane> shown, LoopTrace trace, TraceRange range)
    {
        long polled = lanes.Loop.Spans.Where(span => span.Fill == PictureFill.Poll)
            .Sum(span => span.To - span.From);
        string busiest = string.Join(", ", shown.OrderByDescending(lane => lane.Busy).Take(3)
            .Select(lane => $"{NameOf(lane, trace)} ({PictureText.Time(lane.Busy)})"));
        return "One lane for the loop and one for each task, from "
            + $"{PictureText.Time(range.From)} to {PictureText.Time(range.To)}. In "
            + $"{PictureText.Count(lanes.Turns.Count, "turn")} the loop worked for "
            + $"{PictureText.Time(lanes.Loop.Busy)} and polled for "
            + $"{PictureText.Time(polled)}."
            + (busiest.Length > 0 ? $" The tasks with most work: {busiest}." : "")
            + (lanes.Slow.Count > 0
                ? $" {PictureText.Count(lanes.Slow.Count, "slow step or callback")}." : "");
    }
}
