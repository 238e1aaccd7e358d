using Reactor.Recording;

namespace Reactor.Inspector;

/// <summary>
/// Draws one turn of the loop: its phases, and the works of its batch in order. Without a choice it
/// is the turn with the longest batch. Pure; any thread.
/// </summary>
internal static class TurnPicture
{
    /// <summary>The works that are drawn.</summary>
    public const int WorksMax = 40;

    private const double BoxHeight = 76;
    private const double BoxGap = 22;
    private const double RowHeight = 24;
    private const int ThenColumns = 40;

    public static PictureFrame Draw(LoopTrace trace, PictureOptions options)
    {
        TraceRange range = TraceRange.Of(trace.Events, Choose(trace.Events, options));
        var turn = TurnReading.Read(trace, range);
        string title = turn.Number is { } number
            ? $"Turn {PictureText.Number(number)}"
            : "Part of a turn";
        var frame = new PictureFrame(
            PictureKind.Turn, options.Width, title,
            $"{trace.Info.Program}: {PictureText.Time(range.To - range.From)}, begins at "
                + $"{PictureText.Time(range.From)}");
        DrawPhases(frame, turn, range);
        DrawBatch(frame, turn, range, trace.Names);
        frame.Description = Describe(turn, range);
        return frame;
    }

    private static PictureOptions Choose(ReadOnlySpan<TraceEvent> events, PictureOptions options)
    {
        if (options.Turn is not null || options.Event is not null)
        {
            return options;
        }

        TraceRange range = TraceRange.Of(events, options);
        (long longest, long? chosen, long? turn, long? began) = (-1, null, null, null);
        for (int i = range.First; i < range.End; i++)
        {
            if (events[i].Kind == TraceEventKind.TurnBegan)
            {
                (turn, began) = (events[i].Id, null);
            }
            else if (events[i].Kind == TraceEventKind.BatchBegan)
            {
                began = events[i].Time;
            }

            // Until the batch begins, the turn only waits.
            long length = events[i].Time - (began ?? events[i].Time);
            if (turn is not null && length > longest)
            {
                (longest, chosen) = (length, turn);
            }
        }

        return options with { Turn = chosen, From = null, To = null };
    }

    private static void DrawPhases(PictureFrame frame, TurnReading turn, TraceRange range)
    {
        (string Title, string[] Lines)[] boxes =
        [
            ("1 Poll", PollLines(turn)),
            ("2 Queue I/O and messages",
                [PictureText.Count(turn.Operations, "operation") + " done",
                 PictureText.Count(turn.Messages, "message") + " received"]),
            ("3 Queue due timers",
                [PictureText.Count(turn.Timers, "timer") + " due",
                 turn.Timers > 0 ? $"at most {PictureText.Time(turn.LatenessMax)} late" : ""]),
            ("4 Run the batch",
                [turn.BatchCount is { } count ? PictureText.Count(count, "work") : "no batch",
                 turn.BatchCount is null ? "" : PictureText.Time(range.To - turn.BatchBegan)]),
        ];
        double room = frame.Right - PictureFrame.Margin;
        int columns = room >= 860 ? 4 : room >= 440 ? 2 : 1;
        double width = (room - ((columns - 1) * BoxGap)) / columns;
        int letters = (int)((width - 20) / PictureStyle.LetterWidth);
        for (int i = 0; i < boxes.Length; i++)
        {
            double x = PictureFrame.Margin + (i % columns * (width + BoxGap));
            double y = frame.Y + (i / columns * (BoxHeight + 12));
            frame.Svg.Rect("p", x, y, width, BoxHeight, 6);
            frame.Svg.Text("b", x + 10, y + 22, PictureText.Shorten(boxes[i].Title, letters));
            for (int line = 0; line < boxes[i].Lines.Length; line++)
            {
                frame.Svg.Text(
                    "q", x + 10, y + 44 + (line * 18),
                    PictureText.Shorten(boxes[i].Lines[line], letters));
            }

            if (i % columns < columns - 1)
            {
                frame.Svg.Path(
                    "i", $"M{SvgWriter.Number(x + width + 4)} {SvgWriter.Number(y + 38)}h14m-5-4"
                        + "l5 4l-5 4");
            }
        }

        frame.Y += ((boxes.Length + columns - 1) / columns * (BoxHeight + 12)) + 16;
    }

    private static string[] PollLines(TurnReading turn) => turn.PollTimeout switch
    {
        null => ["left out: work is ready", ""],
        0 => ["does not wait: work is ready", PictureText.Time(turn.PollTime)],
        < 0 => [$"took {PictureText.Time(turn.PollTime)}", "without a timeout"],
        { } timeout =>
            [$"took {PictureText.Time(turn.PollTime)}", $"of at most {PictureText.Time(timeout)}"],
    };

    private static void DrawBatch(
        PictureFrame frame, TurnReading turn, TraceRange range, TraceNames names)
    {
        if (turn.Works.Count == 0)
        {
            frame.Note("The turn ran no work.");
            return;
        }

        bool hasThen = frame.Width >= 760;
        double right = hasThen
            ? frame.Right - (ThenColumns * PictureStyle.ColumnWidth) - 12
            : frame.Right;
        TurnWork[] works = [.. turn.Works.Take(WorksMax)];
        long end = works[^1].Ended ?? range.To;
        var axis = new TimeAxis(works[0].Began, end, LaneRows.Left, right);
        double bottom = frame.Y + 16 + (works.Length * RowHeight);
        frame.Svg.Text("b", PictureFrame.Margin, frame.Y + 8, "The batch, in order");
        axis.Draw(frame.Svg, frame.Y + 8, bottom, works[0].Began);
        frame.Y += 16;
        for (int i = 0; i < works.Length; i++)
        {
            DrawWork(frame, axis, turn, i, range.To);
            if (hasThen)
            {
                frame.Svg.Text("n", right + 12, frame.Y - 8, Then(works[i], names));
            }
        }

        int more = turn.Works.Count - works.Length;
        if (more > 0)
        {
            frame.Note($"{PictureText.Count(more, "more work")} of the batch not drawn: "
                + $"{PictureText.Time(range.To - turn.Works[works.Length].Began)}.");
        }

        frame.Note(turn.ReadyNext > 0
            ? $"{PictureText.Count(turn.ReadyNext, "work")} became ready during the batch, to run "
                + "in the next turn."
            : "No work became ready during the batch.");
    }

    private static void DrawWork(
        PictureFrame frame, TimeAxis axis, TurnReading turn, int index, long end)
    {
        TurnWork work = turn.Works[index];
        double middle = frame.Y + (RowHeight / 2);
        double left = axis.X(work.Began);
        double right = axis.X(work.Ended ?? end);
        frame.Svg.Line("l", PictureFrame.Margin, frame.Y, frame.Right, frame.Y);
        frame.Svg.Text(
            "c", PictureFrame.Margin, middle + 4,
            PictureText.Shorten($"{index + 1} {turn.NameOf(work)}", LaneRows.NameColumns));
        string area = work.IsSlow ? frame.Area(PictureFill.Bad, "slower than the limit")
            : work.Task != 0 ? frame.Area(PictureFill.Step, "step of a task")
            : frame.Area(PictureFill.Callback, "callback");
        frame.Svg.Rect(area, left, middle - 8, Math.Max(right - left, 1.5), 16, 1);
        string time = PictureText.Time((work.Ended ?? end) - work.Began);
        double width = (PictureText.Columns(time) * PictureStyle.LetterWidth) + 6;
        if (right + width <= axis.Right)
        {
            frame.Svg.Text("q", right + 6, middle + 4, time);
        }
        else
        {
            frame.Svg.Text("q e", left - 6, middle + 4, time);
        }

        frame.Y += RowHeight;
    }

    private static string Then(TurnWork work, TraceNames names)
    {
        string what = names[work.Then];
        string text = what.Length == 0 ? ""
            : work.HasEnded ? $"ends: {what}"
            : $"awaits {what}";
        string place = names[work.Place];
        return PictureText.Shorten(place.Length == 0 ? text : $"{text} {place}", ThenColumns);
    }

    private static string Describe(TurnReading turn, TraceRange range)
    {
        string poll = string.Join(" ", PollLines(turn)).Trim();
        TurnWork? longest = turn.Works.MaxBy(work => (work.Ended ?? range.To) - work.Began);
        return $"The phases of one turn: the poll ({poll}); "
            + $"{PictureText.Count(turn.Operations, "operation")} done and "
            + $"{PictureText.Count(turn.Messages, "message")} received; "
            + $"{PictureText.Count(turn.Timers, "timer")} due; "
            + $"{PictureText.Count(turn.Works.Count, "work")} run"
            + (longest is null ? "."
                : $", the longest is {turn.NameOf(longest)} with "
                    + $"{PictureText.Time((longest.Ended ?? range.To) - longest.Began)}.");
    }
}
